"""Who is in a pair, from the day they join to the day they leave."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from cohorts.models import Cohort
from notifications.actions import queue_mail
from pairs.actions.places import settle
from pairs.actions.quiet_times import end_quiet_times
from pairs.exceptions import AlreadyEnded, AlreadyInAPair, SideTaken
from pairs.models import Membership, Pair, QuietTime


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str, at: datetime | None = None) -> None:
    """Record that a person has left the pair; the place stays with the one who remains.

    Their part in the cohort ends with it, and unsent mail about it is voided; what they wrote stays theirs. When nobody
    is left and nobody invited, the pair ends too. They and who stays are told by mail. Raises AlreadyEnded on a second
    call, and CohortArchived.
    """
    at = at or timezone.now()
    cohorts.actions.lock(membership.pair.cohort)
    if not end(membership, by=by, reason=reason, at=at):
        raise AlreadyEnded
    tell_who_left(membership, why=reason, at=at)
    for other in membership.pair.memberships.live().select_related("participant__user"):
        _tell(other, kind="pairs.partner_left", key=f"{other.pk}:{membership.pk}", at=at, left=membership.pk)
    settle(membership.pair, by=by, at=at)


def join(pair: Pair, cohort: Cohort, *, user: User, side: str, at: datetime) -> Membership:
    """Take one side of the pair, and part in its locked cohort; whoever takes part without a pair keeps that part.

    Raises AlreadyInAPair and SideTaken.
    """
    if Membership.objects.live().of(user).filter(cohort=cohort).exists():
        raise AlreadyInAPair
    participant = cohort.participants.live().of(user).first()
    if participant is None:
        participant = cohorts.actions.join_cohort(cohort=cohort, user=user, by=user, at=at)
    try:
        with transaction.atomic():
            return Membership.objects.create(pair=pair, participant=participant, cohort=cohort, side=side, joined_at=at)
    except IntegrityError as error:
        raise SideTaken from error


def tell_who_left(membership: Membership, *, why: str, at: datetime) -> None:
    """One mail to the person whose part has ended; `why` is an EndReason."""
    _tell(membership, kind="pairs.ended", key=str(membership.pk), at=at, why=why)


def _tell(membership: Membership, *, kind: str, key: str, at: datetime, **ids: int | str) -> None:
    user = membership.participant.user
    if user.is_active:
        queue_mail(
            kind=kind,
            address=user.email,
            recipient=user,
            dedupe_key=f"{kind}:{key}",
            ids={"membership": membership.pk, **ids},
            due_at=at,
        )


def end(membership: Membership, *, by: User, reason: str, at: datetime) -> bool:
    """One person leaves, and with them ends what the two had agreed. False when they had left before."""
    ended = Membership.objects.live().filter(pk=membership.pk).update(ended_at=at, end_reason=reason)
    if ended:
        cohorts.actions.end_participation(participant=membership.participant, by=by, at=at)
        # Two agreed to it; one of them has gone.
        end_quiet_times(membership.pair_id, QuietTime.objects.filter(pair=membership.pair_id), by=by, at=at)
        audit.record(verb="membership.ended", by=by, target=membership, pair=membership.pair_id, reason=reason)
    return bool(ended)
