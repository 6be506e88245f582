"""Pairs that exist already somewhere else, brought in from a table: nobody is asked, nobody is written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import accounts.actions
import cohorts.actions
from accounts import audit
from accounts.models import User
from cohorts.models import Cohort, Participant
from pairs.exceptions import CohortClosed
from pairs.models import Membership, Pair

Side = Membership.Side


@dataclass(frozen=True)
class NewPair:
    """Two people and what they work on."""

    professional_email: str
    professional_name: str
    partner_email: str
    partner_name: str
    challenge: str
    challenge_summary: str = ""
    funding: str = ""

    @property
    def people(self) -> list[tuple[Side, dict[str, str]]]:
        return [
            (Side.PROFESSIONAL, {"email": self.professional_email, "name": self.professional_name}),
            (Side.PARTNER, {"email": self.partner_email, "name": self.partner_name}),
        ]


@transaction.atomic
def make_pairs(*, cohort: Cohort, wanted: Sequence[NewPair], by: User, at: datetime) -> list[Pair]:
    """Make these pairs with both members, each on a place. Called by a manager; the caller has checked every address.

    Accounts are made for addresses nobody has, and no mail goes out. The database refuses a person who is in another
    pair of the cohort (IntegrityError). Raises NoPlaceLeft, CohortClosed and CohortArchived.
    """
    locked = cohorts.actions.lock(cohort)
    if not locked.takes_pairs:
        raise CohortClosed
    if not wanted:
        return []
    cohorts.actions.take_places(cohort=locked, count=len(wanted))
    users = accounts.actions.ensure_people([person for one in wanted for _side, person in one.people], by=by)
    parts = _parts(locked, list(users.values()), by=by, at=at)
    made = Pair.objects.bulk_create(
        Pair(
            cohort=locked,
            challenge=one.challenge,
            challenge_summary=one.challenge_summary,
            funding=one.funding,
            created_at=at,
        )
        for one in wanted
    )
    Membership.objects.bulk_create(
        Membership(pair=pair, participant=parts[users[person["email"]].pk], cohort=locked, side=side, joined_at=at)
        for pair, one in zip(made, wanted, strict=True)
        for side, person in one.people
    )
    audit.record_many(verb="pair.made", by=by, targets=made, cohort=locked.pk)
    return made


def _parts(cohort: Cohort, users: Sequence[User], *, by: User, at: datetime) -> dict[int, Participant]:
    """Each person's part in the cohort: the one they have, or a new one."""
    there = Participant.objects.live().filter(cohort=cohort, user__in=[user.pk for user in users])
    parts = {part.user_id: part for part in there}
    missing = [user for user in users if user.pk not in parts]
    joined = cohorts.actions.join_together(cohort=cohort, users=missing, by=by, at=at)
    return parts | {part.user_id: part for part in joined}
