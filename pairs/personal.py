"""What this app holds about a person, and how it forgets them."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from pairs.models import Invitation, Membership


def pairs_of(user: User) -> list[dict[str, Any]]:
    """The pairs a person was or is in."""
    memberships = Membership.objects.of(user).select_related("pair", "cohort").order_by("pk")
    return [
        {
            "cohort": membership.cohort.name,
            "challenge": membership.pair.challenge,
            "side": membership.side,
            "joined_at": membership.joined_at.isoformat(),
            "ended_at": membership.ended_at.isoformat() if membership.ended_at else None,
        }
        for membership in memberships
    ]


def forget(user: User) -> None:
    """Empty name and address in the invitations sent to this person; the rows stay."""
    theirs = Invitation.objects.filter(Q(email=user.email) | Q(accepted_by=user))
    theirs.waiting().update(state=Invitation.State.WITHDRAWN)
    theirs.update(email=f"erased-{user.pk}@erased.invalid", name="")
