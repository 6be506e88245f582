"""Answering. Called by the person, by the one they let help, or by a manager who writes down what was said."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

import accounts.actions
from accounts import audit
from accounts.models import User
from applications import asking
from applications.actions.states import lock_draft
from applications.exceptions import AlreadyApplying, ChangedElsewhere, NotTheirs
from applications.models import Answer, Applicant, Application, Question
from cohorts.actions.rows import set_fields

# Answers that the board's lists and filters need beside the application.
REPEATED = {Question.Meaning.CHALLENGE: "challenge", Question.Meaning.LOCAL_SYSTEM: "local_system"}


@transaction.atomic
def save_answer(
    *,
    application: Application,
    question: Question,
    applicant: Applicant | None,
    value: Any,
    version: int,
    by: User,
    at: datetime | None = None,
) -> Answer:
    """Save one answer: `applicant`'s own, or with None the two people's together.

    `version` is the one the page showed, 0 for none. The same value again changes nothing. A changed answer takes back
    the yes of whom it concerns. Raises ChangedElsewhere (with what stands there now), ApplicationsClosed for what is
    no longer a draft, NotTheirs for a question that is not asked of them, and ValueError for a value of a wrong shape.
    """
    at = at or timezone.now()
    locked = lock_draft(application)
    _refuse_what_is_not_asked(locked, question, applicant)
    kept = asking.clean_value(question, value)
    there = locked.answers.filter(question=question, applicant=applicant).first()
    if there is not None and there.value == kept:
        return there
    if (there.version if there else 0) != version:
        raise ChangedElsewhere(there.value if there else None)
    saved = _write(locked, question, applicant, kept, version, by, at)
    _take_back_confirmations(locked, applicant)
    if question.meaning in REPEATED:
        name = REPEATED[Question.Meaning(question.meaning)]
        Application.objects.filter(pk=locked.pk).update(**{name: str(kept)[:300]})
    return saved


@transaction.atomic
def save_about_person(
    *, applicant: Applicant, by: User, name: str, phone: str, time_zone: str, email: str | None = None, seen: str = ""
) -> Applicant:
    """Save what every application asks of a person.

    `email` is given by staff who write down what they hear: another address than before lets somebody else in, and
    whoever had the first no longer. `seen` is the mark of what the page showed (cohorts.marks). Raises
    ApplicationsClosed for what is no longer a draft, AlreadyApplying for the address of the other of the two, and
    ChangedMeanwhile.
    """
    locked = lock_draft(applicant.application)
    current = Applicant.objects.get(pk=applicant.pk)
    fields, had = {"name": name, "phone": phone, "time_zone": time_zone}, current.email
    if email is not None:
        fields["email"] = email.strip().lower()
    if set_fields(current, fields, seen=seen):
        if current.email != had:
            _let_in(current, by=by)
        Applicant.objects.filter(pk=current.pk).update(confirmed_at=None)
        audit.record(verb="applicant.changed", by=by, target=current, application=locked.pk)
    return Applicant.objects.get(pk=current.pk)


def _let_in(applicant: Applicant, *, by: User) -> None:
    """Whoever has the address that was put right, and nobody else."""
    address = applicant.email
    user = accounts.actions.ensure_user(email=address, by=by, name=applicant.name) if address else None
    others = Applicant.objects.live().filter(application=applicant.application_id).exclude(pk=applicant.pk)
    if address and others.filter(Q(email=address) | Q(user=user)).exists():
        raise AlreadyApplying
    Applicant.objects.filter(pk=applicant.pk).update(user=user)


def _refuse_what_is_not_asked(application: Application, question: Question, applicant: Applicant | None) -> None:
    asked = asking.questions_for(application, [question])
    mine = asking.own_questions(asked, applicant.side) if applicant else asking.shared_questions(asked)
    of_another = applicant is not None and applicant.application_id != application.pk
    if not mine or of_another or question.question_set_id != application.question_set_id:
        raise NotTheirs


def _write(
    application: Application,
    question: Question,
    applicant: Applicant | None,
    value: Any,
    version: int,
    by: User,
    at: datetime,
) -> Answer:
    """Truth 13: the write names the version it saw, so the lock is not all that keeps two texts apart."""
    if version == 0:
        try:
            with transaction.atomic():
                return Answer.objects.create(
                    application=application,
                    question=question,
                    applicant=applicant,
                    value=value,
                    saved_by=by,
                    saved_at=at,
                )
        except IntegrityError as error:
            raise ChangedElsewhere from error
    which = Answer.objects.filter(application=application, question=question, applicant=applicant, version=version)
    if not which.update(value=value, version=version + 1, saved_by=by, saved_at=at):
        raise ChangedElsewhere
    return Answer.objects.get(application=application, question=question, applicant=applicant)


def _take_back_confirmations(application: Application, applicant: Applicant | None) -> None:
    whose = application.applicants.live()
    if applicant is not None:
        whose = whose.filter(pk=applicant.pk)
    whose.exclude(confirmed_at=None).update(confirmed_at=None)
