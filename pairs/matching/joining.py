"""Two people who agreed to meet become one application, with what each of them wrote carried over."""

from datetime import datetime
from typing import Any

from accounts.models import User
from applications import asking
from applications.actions import states
from applications.actions.starting import make_application
from applications.exceptions import ApplicationMoved
from applications.models import Answer, Applicant, Application, Question
from pairs.matching.models import Introduction

CARRIED = ("side", "name", "email", "phone", "time_zone", "user", "helper", "helper_agreed_at", "helper_agreed_how")


def join(introduction: Introduction, *, by: User, at: datetime) -> Application:
    """A draft of the two; their own applications have found a partner and are closed.

    Raises ApplicationMoved when one of them is no longer looking; then nothing is saved.
    """
    joint = make_application(
        cohort=introduction.cohort,
        kind=Application.Kind.PAIR,
        route=Application.Route.INTRODUCED,
        by=by,
        at=at,
    )
    questions = asking.questions_for(joint, joint.question_set.questions.all())
    for person in (introduction.professional, introduction.partner):
        carried = {field: getattr(person, field) for field in CARRIED}
        new = Applicant.objects.create(application=joint, cohort_id=joint.cohort_id, joined_at=at, **carried)
        _carry_answers(person, new, asking.own_questions(questions, person.side), by=by, at=at)
        seeking = Application.objects.get(pk=person.application_id)
        if seeking.state not in {Application.State.SENT, Application.State.RESERVE}:
            raise ApplicationMoved
        states.move(application=seeking, to=Application.State.PAIRED, by=by, at=at, became=joint)
    _carry_local_system(introduction.professional, joint, asking.shared_questions(questions), by=by, at=at)
    return joint


def _carry_answers(old: Applicant, new: Applicant, questions: list[Question], *, by: User, at: datetime) -> None:
    said = {one.question.key: one.value for one in old.answers.select_related("question")}
    found = [(question, _fitting(question, said.get(question.key))) for question in questions]
    Answer.objects.bulk_create(
        Answer(
            application_id=new.application_id, applicant=new, question=question, value=value, saved_by=by, saved_at=at
        )
        for question, value in found
        if asking.is_answered(question, value)
    )


def _carry_local_system(
    person: Applicant, joint: Application, questions: list[Question], *, by: User, at: datetime
) -> None:
    """It is what brought the two together, so it stands there already; they may change it."""
    system = person.application.local_system
    question = next((one for one in questions if one.meaning == Question.Meaning.LOCAL_SYSTEM), None)
    if question is not None and system and _fitting(question, system):
        Answer.objects.create(application=joint, question=question, value=system, saved_by=by, saved_at=at)
        Application.objects.filter(pk=joint.pk).update(local_system=system)


def _fitting(question: Question, value: Any) -> Any:
    """The value, if today's question takes it: staff may have changed it since."""
    try:
        return asking.clean_value(question, value)
    except ValueError:
        return None
