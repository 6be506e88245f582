"""The two sides of a pair as a page shows them, on an equal footing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from cohorts.models import Break
from pairs.models import Invitation, Membership, Pair


@dataclass(frozen=True)
class PairSide:
    """One side: who is there, or who is invited, or nobody yet."""

    side: Membership.Side
    membership: Membership | None
    invitation: Invitation | None
    has_expired: bool
    is_on_break: bool

    @property
    def note(self) -> str:
        """The side, and the person's own word for themselves (or what they do)."""
        if self.membership is None:
            return str(self.side.label)
        person = self.membership.user
        return " · ".join(filter(None, [str(self.side.label), person.called or person.role_title.lower()]))


def sides_of(pair: Pair, *, at: datetime) -> list[PairSide]:
    """Both sides of one pair, in one query, or two while somebody is missing."""
    on_break = Exists(Break.objects.live().filter(participant=OuterRef("participant")))
    living = pair.memberships.live().select_related("participant__user").annotate(is_on_break=on_break)
    members = {member.side: member for member in living}
    resting = {member.side for member in living if member.is_on_break}  # type: ignore[attr-defined]  # annotated
    missing = len(members) < len(Membership.Side)
    invited = {invitation.side: invitation for invitation in pair.invitations.waiting()} if missing else {}
    return [
        PairSide(
            side,
            members.get(side),
            invited.get(side),
            has_expired=side in invited and invited[side].has_expired(at),
            is_on_break=side in resting,
        )
        for side in Membership.Side
    ]
