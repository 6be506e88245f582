"""A pair from the day it is made to its end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.models import Application
from cohorts.actions.rows import set_fields
from cohorts.models import Cohort
from pairs.actions.invitations import clean, invite, refuse_if_in_cohort, withdraw
from pairs.actions.memberships import end, tell_who_left
from pairs.actions.places import open_cohort, settle
from pairs.exceptions import AlreadyEnded, SameAddressTwice
from pairs.models import Membership, Pair

Side = Membership.Side


@transaction.atomic
def make_pair(
    *,
    cohort: Cohort,
    professional_email: str,
    partner_email: str,
    challenge: str,
    by: User | None,
    professional_name: str = "",
    partner_name: str = "",
    challenge_summary: str = "",
    funding: str = "",
    at: datetime | None = None,
) -> Pair:
    """Take one place and invite two people to it.

    Raises SameAddressTwice, AlreadyInCohort (with the side), NoPlaceLeft, CohortClosed and CohortArchived. A second
    click meets AlreadyInCohort.
    """
    at = at or timezone.now()
    people = {
        Side.PROFESSIONAL: (clean(professional_email), professional_name),
        Side.PARTNER: (clean(partner_email), partner_name),
    }
    if people[Side.PROFESSIONAL][0] == people[Side.PARTNER][0]:
        raise SameAddressTwice
    locked = open_cohort(cohort)
    for side, (email, _name) in people.items():
        refuse_if_in_cohort(locked, email, side)
    cohorts.actions.take_place(cohort=locked)
    pair = Pair.objects.create(
        cohort=locked, challenge=challenge, challenge_summary=challenge_summary, funding=funding, created_at=at
    )
    audit.record(verb="pair.made", by=by, target=pair, cohort=locked.pk)
    for side, (email, name) in people.items():
        invite(pair=pair, side=side, email=email, name=name, by=by, at=at)
    return pair


@transaction.atomic
def edit_pair(*, pair: Pair, by: User, challenge: str, challenge_summary: str, funding: str, seen: str = "") -> Pair:
    """Put right what the pair works on. `seen` is the mark of what the form showed (cohorts.marks).

    Raises CohortArchived and ChangedMeanwhile.
    """
    cohorts.actions.lock(pair.cohort)
    locked = Pair.objects.select_for_update().get(pk=pair.pk)
    fields = {"challenge": challenge, "challenge_summary": challenge_summary, "funding": funding}
    if set_fields(locked, fields, seen=seen):
        audit.record(verb="pair.edited", by=by, target=locked)
    return locked


@transaction.atomic
def end_pair(*, pair: Pair, by: User, tells: bool = True, at: datetime | None = None) -> None:
    """End a pair: its invitations are withdrawn and its memberships end; before the start its place is free again.

    Its people are told by mail, unless the caller tells them. Raises AlreadyEnded on a second call, and CohortArchived.
    """
    at = at or timezone.now()
    cohorts.actions.lock(pair.cohort)
    pair.refresh_from_db()
    if pair.has_ended:
        raise AlreadyEnded
    for invitation in pair.invitations.waiting():
        withdraw(invitation, at=at, by=by)
    for membership in pair.memberships.live().select_related("participant__cohort", "participant__user"):
        end(membership, by=by, reason=Membership.EndReason.PAIR_ENDED, at=at)
        if tells:
            tell_who_left(membership, why=Membership.EndReason.PAIR_ENDED, at=at)
    settle(pair, by=by, at=at)


def end_pair_of(application: Application, by: User, at: datetime) -> None:
    """End the pair that was made from an application, when one of its people leaves before the start."""
    for pair in Pair.objects.live().filter(application=application).select_related("cohort"):
        end_pair(pair=pair, by=by, tells=False, at=at)
