"""Under the radar: asked by one of the two, agreed by the other, ended by either.

The trail holds what the console may see: that it began, goes on or has ended, never that one person asked.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from cohorts.models import Cohort
from pairs.exceptions import AlreadyEnded, NeedsTheOther, NotInThisPair, ReviewOutOfReach
from pairs.models import Pair, QuietTime
from pairs.querysets import QuietTimeQuerySet
from pairs.review_dates import first_review_on, last_review_on


@transaction.atomic
def ask_quiet(*, pair: Pair, by: User, review_on: date, at: datetime | None = None) -> QuietTime:
    """Ask the other to go under the radar until a review date. Called by a member of the pair.

    While one is open, asked for by either, that one is returned as it is. Raises NotInThisPair, ReviewOutOfReach and
    CohortArchived.
    """
    at = at or timezone.now()
    cohort = _with_member(pair, by)
    today = at.astimezone(cohort.zone).date()
    if not today < review_on <= last_review_on(today):
        raise ReviewOutOfReach
    quiet_time, _is_new = QuietTime.objects.get_or_create(
        pair=pair, ended_at=None, defaults={"asked_by": by, "asked_at": at, "review_on": review_on}
    )
    return quiet_time


@transaction.atomic
def agree_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> QuietTime:
    """Say yes: from now on the pair is under the radar. Called by the member who did not ask.

    A second call changes nothing. Raises NotInThisPair, NeedsTheOther, AlreadyEnded and CohortArchived.
    """
    _with_member(quiet_time.pair, by)
    if quiet_time.asked_by_id == by.pk:
        raise NeedsTheOther
    waiting = QuietTime.objects.filter(pk=quiet_time.pk, ended_at=None, agreed_by=None)
    if waiting.update(agreed_by=by, agreed_at=at or timezone.now()):
        audit.record(verb="quiet_time.begun", by=by, target=quiet_time, pair=quiet_time.pair_id)
    quiet_time.refresh_from_db()
    if quiet_time.ended_at:
        raise AlreadyEnded
    return quiet_time


@transaction.atomic
def go_on_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> bool:
    """Stay under the radar for another while once the review date has come. Called by either member.

    False, and nothing changes, before that date, after a first call, and when it has ended. Raises NotInThisPair and
    CohortArchived.
    """
    cohort = _with_member(quiet_time.pair, by)
    today = (at or timezone.now()).astimezone(cohort.zone).date()
    due = QuietTime.objects.filter(pk=quiet_time.pk, ended_at=None, agreed_at__isnull=False, review_on__lte=today)
    goes_on = due.update(review_on=first_review_on(today))
    if goes_on:
        audit.record(verb="quiet_time.goes_on", by=by, target=quiet_time, pair=quiet_time.pair_id)
    return bool(goes_on)


@transaction.atomic
def end_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> bool:
    """End it, take the question back, or answer "not now". Called by either member, alone.

    False on a second call, which changes nothing. Raises NotInThisPair and CohortArchived.
    """
    _with_member(quiet_time.pair, by)
    return end_quiet_times(
        quiet_time.pair_id, QuietTime.objects.filter(pk=quiet_time.pk), by=by, at=at or timezone.now()
    )


def end_quiet_times(pair_id: int, which: QuietTimeQuerySet, *, by: User, at: datetime) -> bool:
    began = which.begun().exists()
    ended = which.filter(ended_at=None).update(ended_at=at, ended_by=by)
    if ended and began:
        audit.record(verb="quiet_time.ended", by=by, pair=pair_id)
    return bool(ended)


def _with_member(pair: Pair, user: User) -> Cohort:
    """The pair's cohort, locked, on behalf of one of its two people."""
    cohort = cohorts.actions.lock(pair.cohort)
    if not pair.memberships.live().of(user).exists():
        raise NotInThisPair
    return cohort
