"""Releasing what was prepared, all of it together: what was seen is what is sent, once. Managers do this."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions.deciding import LEADS_TO, refuse_what_cannot_be
from applications.actions.offering import close_gaps, make_offer, make_room, send_letters
from applications.actions.states import lock, move
from applications.exceptions import AlreadyTold, AnswerDayPassed, PreviewOutdated
from applications.models import Application, Decision, Letter
from applications.models.selection import Verdict
from applications.waiting_letters import release_of
from cohorts.models import Cohort


@transaction.atomic
def release_decisions(*, cohort: Cohort, by: User, digest: str, at: datetime | None = None) -> list[Decision]:
    """Tell everybody what was decided: all that is prepared in the cohort, in one step, or nothing.

    `digest` is that of the page the caller looked at. Raises PreviewOutdated when anything changed since, so of two
    managers one wins; NoPlaceLeft for more offers than places; AnswerDayPassed, NeedsPartner, ApplicationMoved,
    OffersClosed and CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    shown = release_of(locked, at.astimezone(locked.zone).date())
    if not shown.everything or shown.digest != digest or shown.outdated:
        raise PreviewOutdated
    if shown.too_late:
        raise AnswerDayPassed
    for waiting in shown.everything:
        _release(waiting.decision, cohort=locked, by=by, at=at)
    close_gaps(cohort=locked)
    audit.record(verb="decisions.released", by=by, target=locked, count=len(shown.everything))
    return [one.decision for one in shown.everything]


def _release(decision: Decision, *, cohort: Cohort, by: User | None, at: datetime) -> None:
    application = lock(decision.application)
    refuse_what_cannot_be(application, cohort, decision.verdict)
    mark_released(decision, by=by, at=at)
    if decision.verdict == Verdict.RESERVE:
        rank = decision.reserve_rank or 1
        make_room(cohort=cohort, rank=rank)
        move(application=application, to=Application.State.RESERVE, by=by, at=at, reserve_rank=rank)
    else:
        application = move(application=application, to=LEADS_TO[Verdict(decision.verdict)], by=by, at=at)
    if decision.verdict == Verdict.OFFER and decision.answer_by:  # an_offer_says_until_when, in the database
        make_offer(
            decision=decision,
            answer_by=decision.answer_by,
            application=application,
            cohort=cohort,
            by=by,
            at=at,
        )
    send_letters(decision, at=at)


@transaction.atomic
def note_told(*, letter: Letter, by: User, at: datetime | None = None) -> None:
    """Record that a manager told somebody on the telephone what their letter says; nobody rings them again.

    Of two who rang, the first stands. Raises AlreadyTold for the second, for what is not released, and for somebody
    with an address, whom a mail tells.
    """
    locked = Letter.objects.select_for_update(of=["self"]).select_related("applicant", "decision").get(pk=letter.pk)
    if locked.told_at or locked.applicant.has_address or locked.decision.released_at is None:
        raise AlreadyTold
    locked.told_at, locked.told_by = at or timezone.now(), by
    locked.save(update_fields=["told_at", "told_by"])
    audit.record(verb="decision.told", by=by, target=locked, application=locked.decision.application_id)


def mark_released(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Raises PreviewOutdated when it was voided or released meanwhile."""
    waiting = Decision.objects.filter(pk=decision.pk, voided_at=None, released_at=None)
    if not waiting.update(released_by=by, released_at=at):
        raise PreviewOutdated
    audit.record(verb="decision.released", by=by, target=decision, application=decision.application_id)
