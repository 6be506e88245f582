"""What a person may do in a log they may read. What they may read is asked of the querysets."""

from django.db.models import Q

from accounts.permissions import Viewer
from learning_log.models import Entry, Response
from pairs.models import Membership, Pair


def writable_pairs(user: Viewer) -> list[Pair]:
    """The pairs in whose log this person can begin an entry: those they are in now."""
    return list(Pair.objects.of_member(user).live().select_related("cohort").order_by("pk"))


def is_live_member(user: Viewer, pair_id: int) -> bool:
    return Membership.objects.live().of(user).filter(pair_id=pair_id).exists()


def others_in_pair(user: Viewer, pair_id: int) -> list[Membership]:
    """Who else is in the pair now: those with whom something can be shared."""
    members = Membership.objects.live().filter(pair_id=pair_id).exclude(Q(participant__user_id=user.pk))
    return list(members.select_related("participant__user"))


def may_remove(user: Viewer, response: Response) -> bool:
    """Its author, and whoever has a voice in the entry."""
    return user.pk == response.author_id or Entry.objects.filter(pk=response.entry_id, voices__author=user.pk).exists()
