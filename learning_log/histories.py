"""How a text came to be: its versions, each beside the one before. Starts from `VoiceVersion.objects.history_for`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from accounts.models import User
from accounts.permissions import Viewer
from learning_log.actions import EntryText
from learning_log.comparing import Compared, compare
from learning_log.models import Entry, Voice, VoiceVersion
from learning_log.querysets import VoiceVersionQuerySet

PAGE_LENGTH = 30
IN_THE_MARGIN = 4


@dataclass(frozen=True)
class Step:
    """One version, and every field of it beside the one before. The first stands beside nothing."""

    version: VoiceVersion
    before: VoiceVersion | None
    compared: Sequence[Compared]

    @property
    def changed(self) -> list[Compared]:
        return [one for one in self.compared if one.has_changed]

    @property
    def words_changed(self) -> int:
        return sum(one.words_changed for one in self.compared)


@dataclass(frozen=True)
class StepsPage:
    """So many steps, newest first, and the number below which the older ones begin (0: there are none)."""

    steps: Sequence[Step]
    older: int = 0


def voice_of(user: User, entry: Entry, *, is_together: bool) -> Voice | None:
    """The text whose history this person may see in an entry: their own, or that of the two together."""
    open_to = VoiceVersion.objects.history_for(user).filter(voice__entry=entry, voice__author__isnull=is_together)
    voice = Voice.objects.filter(pk__in=open_to.values("voice")).first()
    if voice is not None:
        voice.entry = entry
    return voice


def steps_page(user: Viewer, voice: Voice, below: int | None = None) -> StepsPage:
    """The newest versions of `voice`, or those below a number, each with what changed in it."""
    versions = _versions(user, voice)
    if below is not None:
        versions = versions.filter(number__lt=below)
    found = list(versions[: PAGE_LENGTH + 1])
    steps = [_step(version, before, voice.entry) for version, before in pairwise([*found, None]) if version]
    shown = steps[:PAGE_LENGTH]
    return StepsPage(shown, shown[-1].version.number if len(found) > PAGE_LENGTH else 0)


def step(user: Viewer, voice: Voice, number: int) -> Step | None:
    """One version beside the one before; None for a number the text never had."""
    found = list(_versions(user, voice).filter(number__lte=number)[:2])
    if not found or found[0].number != number:
        return None
    return _step(found[0], found[1] if len(found) > 1 else None, voice.entry)


def in_the_margin(voice: Voice) -> list[VoiceVersion]:
    """The last few versions before the one that stands, for the page on which its author goes on writing."""
    earlier = VoiceVersion.objects.filter(voice=voice, number__lt=voice.version)
    return list(earlier.only("number", "saved_at", "voice_id").order_by("-number")[:IN_THE_MARGIN])


def _versions(user: Viewer, voice: Voice) -> VoiceVersionQuerySet:
    """Newest first, with what a page says of them."""
    found = VoiceVersion.objects.history_for(user).filter(voice=voice)
    return found.select_related("session", "saved_by").order_by("-number")


def _step(version: VoiceVersion, before: VoiceVersion | None, entry: Entry) -> Step:
    questions = [one["question"] for one in entry.prompt_set.questions] if entry.prompt_set else []
    sessions = {one.session.pk: str(one.session) for one in (version, before) if one is not None and one.session}
    start = EntryText.of(before) if before else EntryText(answers=(), happened_on=version.happened_on)
    return Step(version, before, compare(start, EntryText.of(version), questions, sessions))
