"""Preparing decisions: nothing is sent, and nothing is final until they are released together. Managers do this."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications import letters
from applications.actions.states import lock, void_prepared
from applications.exceptions import (
    AlreadyDecided,
    AnswerDayPassed,
    ApplicationError,
    ApplicationMoved,
    ConflictOfInterest,
    NeedsPartner,
    OffersClosed,
    UnknownPlaceholder,
)
from applications.models import Application, Decision, LetterText
from applications.models.selection import Verdict
from cohorts.marks import refuse_if_changed
from cohorts.models import Cohort

LEADS_TO = {
    Verdict.OFFER: Application.State.OFFERED,
    Verdict.RESERVE: Application.State.RESERVE,
    Verdict.NOT_THIS_TIME: Application.State.NOT_THIS_TIME,
}


def prepared_for(application: Application) -> Decision | None:
    """The decision that waits for its release."""
    return application.decisions.filter(voided_at=None, released_at=None).first()


def may_be_told(application: Application, verdict: str) -> bool:
    """Whether the application's map has this step from where it is."""
    return LEADS_TO[Verdict(verdict)] in Application.NEXT_STATES[application.state]


@transaction.atomic
def prepare_decision(
    *,
    application: Application,
    verdict: str,
    by: User,
    instead_of: Decision | None = None,
    words: str = "",
    answer_by: date | None = None,
    reserve_rank: int | None = None,
    at: datetime | None = None,
) -> Decision:
    """Decide about one application, and write its letters; a decision prepared before is void, with its letters.

    `instead_of` is the one the caller saw: of two managers one wins, the other raises AlreadyDecided. Left out,
    `answer_by` is the cohort's usual number of days from today, `reserve_rank` the end of the list. Raises
    ApplicationMoved, NeedsPartner, AnswerDayPassed, OffersClosed, UnknownPlaceholder, ConflictOfInterest and
    CohortArchived.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(application.cohort)
    locked = lock(application)
    refuse_ones_own(locked, by)
    waiting = prepared_for(locked)
    if (waiting and waiting.pk) != (instead_of and instead_of.pk):
        raise AlreadyDecided
    refuse_what_cannot_be(locked, cohort, verdict)
    decision = Decision(application=locked, verdict=verdict, words=words, prepared_by=by, prepared_at=at)
    if verdict == Verdict.OFFER:
        decision.answer_by = answer_by or default_answer_by(cohort, at)
        if decision.answer_by <= at.astimezone(cohort.zone).date():
            raise AnswerDayPassed
    void_prepared(locked, at=at)
    if verdict == Verdict.RESERVE:
        decision.reserve_rank = reserve_rank or next_rank(cohort)
    try:
        with transaction.atomic():
            decision.save()
    except IntegrityError as error:
        raise AlreadyDecided from error
    letters.write_letters(decision=decision, cohort=cohort)
    audit.record(verb="decision.prepared", by=by, target=decision, application=locked.pk, verdict=verdict)
    return decision


@transaction.atomic
def prepare_several(
    *, applications: Iterable[Application], verdict: str, by: User, at: datetime | None = None
) -> list[tuple[Application, ApplicationError]]:
    """One verdict for several, on the reserve list in the order they come.

    Those that cannot have it, or have a decision prepared, are left and given back.
    """
    left: list[tuple[Application, ApplicationError]] = []
    for application in applications:
        try:
            with transaction.atomic():
                prepare_decision(application=application, verdict=verdict, by=by, at=at)
        except ApplicationError as error:
            left.append((application, error))
    return left


@transaction.atomic
def take_back_decision(*, decision: Decision, by: User, at: datetime | None = None) -> None:
    """Void a prepared decision and its letters.

    Raises AlreadyDecided once it is released, void or replaced, and ConflictOfInterest.
    """
    cohorts.actions.lock(decision.application.cohort)
    application = lock(decision.application)
    refuse_ones_own(application, by)
    waiting = prepared_for(application)
    if waiting is None or waiting.pk != decision.pk:
        raise AlreadyDecided
    void_prepared(application, at=at or timezone.now())
    audit.record(verb="decision.voided", by=by, target=decision, application=application.pk)


# ---- A cohort's own words ----


@transaction.atomic
def save_letter_text(
    *, cohort: Cohort, verdict: str, subject: str, body: str, by: User, seen: str = "", at: datetime | None = None
) -> LetterText:
    """Keep the cohort's own words for one verdict; letters that wait are written anew with them.

    `seen` is the mark of what the form showed (cohorts.marks). Raises UnknownPlaceholder and ChangedMeanwhile, then
    nothing is saved, and CohortArchived.
    """
    locked = cohorts.actions.lock(cohort)
    refuse_if_changed(letters.text_of(locked, verdict), {"subject": subject, "body": body}, seen=seen)
    unknown = letters.unknown_placeholders(subject, body)
    if unknown:
        raise UnknownPlaceholder(unknown)
    text, _is_new = LetterText.objects.update_or_create(
        cohort=locked,
        verdict=verdict,
        defaults={"subject": subject, "body": body, "saved_by": by, "saved_at": at or timezone.now()},
    )
    audit.record(verb="letter_text.saved", by=by, target=text, cohort=locked.pk, verdict=verdict)
    rewrite_waiting(cohort=locked, verdict=verdict)
    return text


@transaction.atomic
def drop_letter_text(*, cohort: Cohort, verdict: str, by: User) -> None:
    """Go back to the built-in words; letters that wait are written anew. A second call changes nothing."""
    locked = cohorts.actions.lock(cohort)
    text = LetterText.objects.filter(cohort=locked, verdict=verdict).first()
    if text:
        audit.record(verb="letter_text.dropped", by=by, target=text, cohort=locked.pk, verdict=verdict)
        text.delete()
        rewrite_waiting(cohort=locked, verdict=verdict)


@transaction.atomic
def write_letters_anew(*, cohort: Cohort, by: User) -> None:
    """Bring every waiting letter up to date with the names, dates and numbers as they are now."""
    locked = cohorts.actions.lock(cohort)
    for verdict in Verdict:
        rewrite_waiting(cohort=locked, verdict=verdict)
    audit.record(verb="letters.written_anew", by=by, target=locked)


def rewrite_waiting(*, cohort: Cohort, verdict: str) -> None:
    waiting = Decision.objects.filter(
        application__cohort=cohort, verdict=verdict, voided_at=None, released_at=None
    ).select_related("application")
    for decision in waiting:
        letters.write_letters(decision=decision, cohort=cohort)


# ---- Small parts ----


def refuse_ones_own(application: Application, by: User) -> None:
    """Raises ConflictOfInterest for what is close to `by`, or what they said they should not read: others decide."""
    if Application.objects.not_for(by).filter(pk=application.pk).exists():
        raise ConflictOfInterest


def refuse_what_cannot_be(application: Application, cohort: Cohort, verdict: str) -> None:
    """Raises ApplicationMoved, NeedsPartner and OffersClosed."""
    if not may_be_told(application, verdict):
        raise ApplicationMoved
    if verdict == Verdict.OFFER:
        if not application.is_pair:
            raise NeedsPartner
        if not cohort.takes_pairs:
            raise OffersClosed


def default_answer_by(cohort: Cohort, at: datetime) -> date:
    """The cohort's usual number of days from today, in its zone."""
    return at.astimezone(cohort.zone).date() + timedelta(days=cohort.offer_days)


def next_rank(cohort: Cohort) -> int:
    """The number behind everybody who is on the list, or is to be put on it."""
    on_it = Application.objects.filter(cohort=cohort).on_reserve().aggregate(last=Max("reserve_rank"))["last"] or 0
    waiting = Decision.objects.filter(application__cohort=cohort, voided_at=None, released_at=None)
    return max(on_it, waiting.aggregate(last=Max("reserve_rank"))["last"] or 0) + 1
