"""What a person may do in a log they may read. What they may read is asked of the querysets."""

from collections.abc import Collection

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Viewer
from cohorts.models import StaffAssignment
from learning_log.models import Entry, Release, Response, Voice, VoiceVersion
from learning_log.readers import reader_of
from pairs.models import Membership, Pair


def writable_pairs(user: Viewer) -> list[Pair]:
    """The pairs in whose log this person can begin an entry: those they are in now."""
    return list(Pair.objects.of_member(user).live().select_related("cohort").order_by("pk"))


def is_live_member(user: Viewer, pair_id: int) -> bool:
    return pair_id in reader_of(user).pairs


def others_in_pair(user: Viewer, pair_id: int) -> list[Membership]:
    """Who else is in the pair now: those with whom something can be shared."""
    members = Membership.objects.live().filter(pair_id=pair_id).exclude(Q(participant__user_id=user.pk))
    return list(members.select_related("participant__user"))


def facilitators_of(pair: Pair) -> list[User]:
    """Those who lead the pair's cohort now: whom an entry can be opened to."""
    assignments = StaffAssignment.objects.live().filter(cohort_id=pair.cohort_id).select_related("user")
    return [assignment.user for assignment in assignments.order_by("assigned_at", "pk")]


def have_both_shared(entry: Entry) -> bool:
    """Each of the two has shared their side of a joint entry."""
    return entry.is_joint and Voice.objects.shared().filter(entry=entry, author__isnull=False).count() >= 2


def is_read_by_both(entry: Entry, voices: Collection[int]) -> bool:
    """The two who are in the pair now read, as its two, all of these voices: what neither has read takes no yes.

    So the words of somebody who has left are released by nobody: who takes their place does not read them.
    """
    members = Membership.objects.live().filter(pair=entry.pair_id).select_related("participant__user")
    read = [
        set(VoiceVersion.objects.in_pair_of(member.user, [entry.pk]).values_list("voice", flat=True))
        for member in members
    ]
    return len(read) > 1 and all(set(voices) <= of_one for of_one in read)


def may_respond_under(release: Release, user: Viewer) -> bool:
    """A reader of a live release that takes responses, or one of the pair whose entry it is."""
    takes = Release.objects.live().filter(pk=release.pk, allows_responses=True)
    own = Voice.objects.by(user).filter(entry=release.entry_id).exists()
    return (own and takes.exists()) or Release.objects.read_by(user).filter(
        pk=release.pk, allows_responses=True
    ).exists()


def may_remove(user: Viewer, response: Response) -> bool:
    """Its author, and whoever has a voice in the entry."""
    return user.pk == response.author_id or Entry.objects.filter(pk=response.entry_id, voices__author=user.pk).exists()
