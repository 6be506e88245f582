"""Whose turn it is in a joint entry: finished or not, and nothing about how far somebody is."""

from dataclasses import dataclass

from accounts.models import User
from learning_log.models import Entry, Voice
from pairs.models import Membership


@dataclass(frozen=True)
class Turn:
    """One of the two, their side of the pair, and whether they have finished."""

    person: User
    side: str
    is_you: bool
    has_finished: bool


def turns_of(entry: Entry, reader: User) -> list[Turn]:
    """Each member of the pair in a joint entry, the reader first; none in an individual one."""
    if not entry.is_joint:
        return []
    finished = set(Voice.objects.shared().filter(entry=entry).values_list("author_id", flat=True))
    members = Membership.objects.live().filter(pair_id=entry.pair_id).select_related("participant__user")
    turns = [
        Turn(member.user, member.side, member.user.pk == reader.pk, member.user.pk in finished)
        for member in members.order_by("joined_at", "pk")
    ]
    return sorted(turns, key=lambda turn: not turn.is_you)
