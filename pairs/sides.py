"""The two sides of a pair as a page shows them, on an equal footing."""

from dataclasses import dataclass
from datetime import datetime

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
    """Both sides of one pair, in three queries."""
    members = {member.side: member for member in pair.memberships.live().select_related("participant__user")}
    breaks = Break.objects.live().filter(participant__in=[member.participant_id for member in members.values()])
    resting = set(breaks.values_list("participant_id", flat=True))
    invited = {invitation.side: invitation for invitation in pair.invitations.waiting()}
    return [
        PairSide(
            side,
            members.get(side),
            invited.get(side),
            has_expired=side in invited and invited[side].has_expired(at),
            is_on_break=side in members and members[side].participant_id in resting,
        )
        for side in Membership.Side
    ]
