"""Offers hold a place until their day; what comes free goes to the next on the reserve list, once.

Whatever is called here with a locked cohort takes and frees places inside the caller's transaction.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications import letters
from applications.actions.deciding import default_answer_by, next_rank, prepared_for, refuse_ones_own
from applications.actions.states import lock, move
from applications.exceptions import AlreadyDecided, ApplicationMoved, NeedsPartner, OffersClosed
from applications.models import Application, Decision, Letter, Offer
from applications.models.selection import Verdict
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from cohorts.schedules import moment
from notifications.actions import queue_mail

REMINDED_BEFORE = timedelta(days=3)

# ---- Making offers ----


def make_offer(
    *,
    decision: Decision,
    answer_by: date,
    application: Application,
    cohort: Cohort,
    by: User | None,
    at: datetime,
) -> Offer:
    """Hold one place for an application until the end of `answer_by`, the decision's day. With the cohort locked.

    Raises NoPlaceLeft.
    """
    cohorts.actions.take_place(cohort=cohort)
    end_of_day = moment(held_on=answer_by + timedelta(days=1), starts_at=time(0), time_zone=cohort.time_zone)
    offer = Offer.objects.create(
        application=application, cohort=cohort, decision=decision, made_at=at, answer_by=end_of_day
    )
    audit.record(verb="offer.made", by=by, target=offer, application=application.pk)
    _remind_later(offer)
    return offer


@transaction.atomic
def offer_now(*, application: Application, by: User, at: datetime | None = None) -> Offer:
    """Offer a free place to somebody on the reserve list, by hand. Managers do this.

    The letter is the cohort's own text for an offer. Raises ApplicationMoved when they are not on the list any more,
    AlreadyDecided when a decision about them waits, NeedsPartner, NoPlaceLeft, OffersClosed, ConflictOfInterest and
    CohortArchived.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(application.cohort)
    locked = lock(application)
    refuse_ones_own(locked, by)
    if locked.state != Application.State.RESERVE:
        raise ApplicationMoved
    if prepared_for(locked):
        raise AlreadyDecided
    if not locked.is_pair:
        raise NeedsPartner
    if not cohort.takes_pairs:
        raise OffersClosed
    return _offer(locked, cohort=cohort, by=by, at=at)


def offer_next(*, cohort: Cohort, at: datetime) -> Offer | None:
    """Offer the place that has just come free to the next pair on the reserve list. With the cohort locked.

    Nobody is offered it when the cohort does not want it so, has begun, has no place, or the list has no pair. A
    pair about whom the team has another decision prepared is left to the team.
    """
    current = Cohort.objects.select_related("programme").get(pk=cohort.pk)
    may_offer = current.places_left > 0 and offers_by_itself(current, at)
    following = next_on_list(current) if may_offer else None
    return _offer(lock(following), cohort=current, by=None, at=at) if following else None


def next_on_list(cohort: Cohort) -> Application | None:
    """The pair that is offered the next free place."""
    waiting = Decision.objects.filter(application=OuterRef("pk"), voided_at=None, released_at=None)
    pairs = Application.objects.filter(cohort=cohort, kind=Application.Kind.PAIR).on_reserve()
    return pairs.filter(~Exists(waiting)).first()


def has_next(cohort: Cohort, at: datetime) -> bool:
    """Whether somebody on the reserve list would be offered a place that comes free at `at`, at once."""
    return offers_by_itself(cohort, at) and next_on_list(cohort) is not None


def offers_by_itself(cohort: Cohort, at: datetime) -> bool:
    """Whether a place that comes free at `at` goes to the next on the list without anybody doing anything."""
    today = at.astimezone(cohort.zone).date()
    is_running_early = cohort.state == Cohort.State.RUNNING and today < cohort.starts_on
    return cohort.offers_from_reserve and (cohort.state == Cohort.State.SELECTING or is_running_early)


def _offer(application: Application, *, cohort: Cohort, by: User | None, at: datetime) -> Offer:
    """A decision prepared and released in one step, with its letters."""
    answer_by = default_answer_by(cohort, at)
    decision = Decision.objects.create(
        application=application,
        verdict=Verdict.OFFER,
        answer_by=answer_by,
        prepared_by=by,
        prepared_at=at,
        released_by=by,
        released_at=at,
    )
    letters.write_letters(decision=decision, cohort=cohort)
    moved = move(application=application, to=Application.State.OFFERED, by=by, at=at)
    audit.record(verb="decision.released", by=by, target=decision, application=application.pk)
    close_gaps(cohort=cohort)
    offer = make_offer(decision=decision, answer_by=answer_by, application=moved, cohort=cohort, by=by, at=at)
    send_letters(decision, at=at)
    return offer


def send_letters(decision: Decision, *, at: datetime) -> None:
    """One message to each person who has an address; the others are told by telephone."""
    rows = Letter.objects.filter(decision=decision).select_related("applicant__user").order_by("pk")
    for letter in rows:
        if letter.applicant.has_address:
            queue_mail(
                kind="applications.decision",
                address=letter.applicant.email,
                recipient=letter.applicant.user,
                dedupe_key=f"decision:{decision.pk}:{letter.applicant_id}",
                ids={"letter": letter.pk},
                due_at=at,
            )


def _remind_later(offer: Offer) -> None:
    """A few days before the end, once, whoever has not answered by then; never for a moment already past."""
    due_at = offer.answer_by - REMINDED_BEFORE
    if due_at <= offer.made_at:
        return
    for applicant in offer.application.applicants.live().select_related("user"):
        if applicant.has_address:
            queue_mail(
                kind="applications.offer_reminder",
                address=applicant.email,
                recipient=applicant.user,
                dedupe_key=f"offer-reminder:{offer.pk}:{applicant.pk}",
                ids={"offer": offer.pk, "applicant": applicant.pk},
                due_at=due_at,
                expires_at=offer.answer_by,
            )


# ---- Lapsing ----


def lapse_overdue(*, at: datetime | None = None) -> int:
    """Close the offers whose day has passed, each in its own transaction; how many. Called by the sweep.

    One that cannot be closed holds no other back. Raises ExceptionGroup at the end, of what went wrong.
    """
    at = at or timezone.now()
    closed, errors = 0, []
    for offer in Offer.objects.overdue(at).select_related("cohort"):
        try:
            closed += lapse(offer=offer, at=at)
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("offers that could not be closed", errors)
    return closed


@transaction.atomic
def lapse(*, offer: Offer, at: datetime) -> bool:
    """Close one offer that has run out: its place is free, both people are told, the next on the list is offered it.

    False when it was closed before, or is not overdue. In an archived cohort nothing happens.
    """
    try:
        cohort = cohorts.actions.lock(offer.cohort)
    except CohortArchived:
        return False
    application = lock(offer.application)
    overdue = Offer.objects.overdue(at).filter(pk=offer.pk)
    if not overdue.update(state=Offer.State.LAPSED, closed_at=at):
        return False
    move(application=application, to=Application.State.LAPSED, by=None, at=at)
    cohorts.actions.free_place(cohort=cohort)
    audit.record(verb="offer.lapsed", by=None, target=offer, application=application.pk)
    for applicant in application.applicants.live().select_related("user"):
        if applicant.has_address:
            queue_mail(
                kind="applications.offer_lapsed",
                address=applicant.email,
                recipient=applicant.user,
                dedupe_key=f"offer-lapsed:{offer.pk}:{applicant.pk}",
                ids={"offer": offer.pk, "applicant": applicant.pk},
                due_at=at,
            )
    offer_next(cohort=cohort, at=at)
    return True


# ---- The reserve list ----


@transaction.atomic
def put_back(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """Put an application whose offer ran out at the end of the reserve list. Managers do this.

    Raises ApplicationMoved, AlreadyApplying when one of the two has applied again since, ConflictOfInterest and
    CohortArchived.
    """
    at = at or timezone.now()
    cohort = cohorts.actions.lock(application.cohort)
    locked = lock(application)
    refuse_ones_own(locked, by)
    if locked.state != Application.State.LAPSED:
        raise ApplicationMoved
    rank = next_rank(cohort)
    return move(application=locked, to=Application.State.RESERVE, by=by, at=at, reserve_rank=rank, closed_at=None)


@transaction.atomic
def move_on_list(*, application: Application, by: User, up: bool) -> None:
    """Change places with the one before or after; at either end nothing happens. Managers do this.

    Raises ApplicationMoved when it is not on the list any more, ConflictOfInterest and CohortArchived.
    """
    cohort = cohorts.actions.lock(application.cohort)
    refuse_ones_own(application, by)
    on_list = list(Application.objects.filter(cohort=cohort).on_reserve())
    here = next((place for place, one in enumerate(on_list) if one.pk == application.pk), None)
    if here is None:
        raise ApplicationMoved
    there = here - 1 if up else here + 1
    if 0 <= there < len(on_list):
        on_list[here], on_list[there] = on_list[there], on_list[here]
        _number(on_list)
        audit.record(verb="application.moved_on_list", by=by, target=application, cohort=cohort.pk, place=there + 1)


def make_room(*, cohort: Cohort, rank: int) -> None:
    """Everybody from `rank` on moves one down, if somebody stands there. With the cohort locked."""
    on_list = Application.objects.filter(cohort=cohort, state=Application.State.RESERVE)
    if on_list.filter(reserve_rank=rank).exists():
        on_list.filter(reserve_rank__gte=rank).update(reserve_rank=F("reserve_rank") + 1)


def close_gaps(*, cohort: Cohort) -> None:
    """Number the list from 1 again. With the cohort locked."""
    _number(list(Application.objects.filter(cohort=cohort).on_reserve()))


def _number(on_list: list[Application]) -> None:
    changed = []
    for place, one in enumerate(on_list, start=1):
        if one.reserve_rank != place:
            one.reserve_rank = place
            changed.append(one)
    Application.objects.bulk_update(changed, ["reserve_rank"])
