"""Confirming and sending: the last yes sends it, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications import asking
from applications.actions.states import lock, lock_draft, move
from applications.exceptions import ApplicationsClosed, NotTheirs, QuestionsMissing
from applications.models import Applicant, Application
from cohorts.models import Cohort
from cohorts.stages import Act
from notifications.actions import queue_mail


def takes_it(application: Application, cohort: Cohort, at: datetime) -> bool:
    """Whether this draft may still be sent.

    After an introduction, when the other has left, and by staff for somebody, also while choosing.
    """
    if cohort.takes_applications(at.astimezone(cohort.zone).date()):
        return True
    ways = Application.Route
    late_ways = {ways.INTRODUCED, ways.AGAIN, ways.TELEPHONE, ways.PAPER}
    return application.route in late_ways and cohort.allows(Act.HEAR)


def what_is_missing(application: Application, applicant: Applicant | None = None) -> dict[str, Any]:
    """What must be answered before a yes: `about` (their own page), `own` and `shared` questions, `partner`.

    With `applicant` their own part and what is shared; the other's own part is the other's business.
    """
    asked = asking.questions_for(application, application.question_set.questions.all())
    values = dict(application.answers.values_list("question_id", "value").filter(applicant=None))
    missing: dict[str, Any] = {"shared": asking.missing(asking.shared_questions(asked), values)}
    if applicant is not None:
        own = dict(applicant.answers.values_list("question_id", "value"))
        missing["own"] = asking.missing(asking.own_questions(asked, applicant.side), own)
        missing["about"] = [] if asking.is_complete(applicant) else [True]
    joined = application.applicants.live().exclude(joined_at=None).count()
    missing["partner"] = [True] if application.is_pair and joined < 2 else []
    return missing


@transaction.atomic
def confirm(*, applicant: Applicant, by: User, at: datetime | None = None) -> Application:
    """Say yes to the application as it stands; the last yes of its people sends it.

    Called by the person, or by a manager who read it back to them. A second call changes nothing. Raises
    QuestionsMissing, ApplicationsClosed, CohortArchived, NotTheirs for somebody who has left it meanwhile, and
    AlreadyApplying when one of them is counted elsewhere in the cohort; then nothing is saved.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(applicant.cohort)
    application = lock(applicant.application)
    if not application.is_draft:
        return application
    people = list(application.applicants.live())
    mine = next((one for one in people if one.pk == applicant.pk), None)
    if mine is None:
        raise NotTheirs
    if not takes_it(application, cohort, at):
        raise ApplicationsClosed
    if any(what_is_missing(application, applicant).values()):
        raise QuestionsMissing
    if not mine.has_confirmed:
        Applicant.objects.filter(pk=mine.pk).update(confirmed_at=at)
        mine.confirmed_at = at
        audit.record(verb="applicant.confirmed", by=by, target=mine, application=application.pk)
    if all(one.has_confirmed for one in people) and len(people) == (2 if application.is_pair else 1):
        application = move(application=application, to=Application.State.SENT, by=by, at=at, sent_at=at)
        _tell_everybody(application, people, at=at)
    elif application.is_pair:
        _ask_the_other(application, mine, people, at=at)
    return application


@transaction.atomic
def take_back(*, applicant: Applicant, by: User) -> None:
    """Take one's yes back while the other's is awaited. Raises ApplicationsClosed once it has been sent."""
    application = lock_draft(applicant.application)
    if Applicant.objects.filter(pk=applicant.pk).exclude(confirmed_at=None).update(confirmed_at=None):
        audit.record(verb="applicant.took_back", by=by, target=applicant, application=application.pk)


def _tell_everybody(application: Application, people: list[Applicant], *, at: datetime) -> None:
    for person in people:
        if person.has_address:
            queue_mail(
                kind="applications.received",
                address=person.email,
                recipient=person.user,
                dedupe_key=f"application-received:{application.pk}:{person.pk}:{application.sent_at}",
                ids={"applicant": person.pk},
                due_at=at,
            )


def _ask_the_other(application: Application, mine: Applicant, people: list[Applicant], *, at: datetime) -> None:
    """Ask the other for their yes, so that nobody waits unknowingly; again when what both say yes to has changed.

    Once a day for the same words: a yes taken back and given anew asks nobody twice.
    """
    changed = application.answers.shared().aggregate(last=Max("saved_at"))["last"]
    for person in people:
        if person.pk != mine.pk and person.has_address and person.has_joined and not person.has_confirmed:
            queue_mail(
                kind="applications.your_turn",
                address=person.email,
                recipient=person.user,
                dedupe_key=f"application-your-turn:{person.pk}:{mine.pk}:{at:%Y-%m-%d}:{changed or ''}",
                ids={"applicant": person.pk},
                due_at=at,
            )
