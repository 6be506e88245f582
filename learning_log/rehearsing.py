"""The exact page an audience would get, before anybody gets it: the same words by the same way as the page itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config import identifying
from learning_log import pages, permissions, stories
from learning_log.actions import ReleaseTerms
from learning_log.models import Entry, ListedName, Release, Response, Voice, VoiceVersion
from learning_log.pages import ReadEntry
from learning_log.querysets import VoiceVersionQuerySet

AROUND = 40  # letters shown on either side of a detail


@dataclass(frozen=True)
class Detail:
    """Something that might point to a real person, where it stands."""

    kind: str
    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Rehearsal:
    """What would be released: title, day and voices as its readers would see them, and what was found in the words."""

    entry: Entry
    title: str
    happened_on: date
    voices: Sequence[pages.Said]
    versions: Sequence[tuple[int, int]]
    details: Sequence[Detail]

    @property
    def chosen(self) -> str:
        """The versions for a form: "12.3 15.1"."""
        return " ".join(f"{voice}.{number}" for voice, number in self.versions)

    @property
    def words(self) -> list[VoiceVersion]:
        return [voice.what for voice in self.voices if isinstance(voice.what, VoiceVersion)]

    @property
    def approaches(self) -> list[str]:
        """What its readers see it filed under."""
        return self.words[0].approach_names if self.words else []

    @property
    def programme(self) -> str:
        return str(self.entry.pair.cohort.programme)


def rehearse(
    entry: Entry, own: Voice, *, audience: Release.Audience, needs_both: bool, at: datetime
) -> Rehearsal | None:
    """The words that would leave the pair: those the pair reads where both must agree, else the writer's newest.

    None when what needs both is not read by both yet.
    """
    voices = list(entry.voices.all()) if entry.is_joint else [own]
    numbers = {voice.pk: voice.shared_version if needs_both else voice.version for voice in voices}
    if not all(numbers.values()) or (entry.is_joint and len(voices) < 2):
        return None
    if needs_both and not permissions.is_read_by_both(entry, numbers):
        return None
    chosen = [(pk, number) for pk, number in numbers.items() if number]
    return _of_versions(entry, chosen, audience=audience, at=at)


def _of_versions(
    entry: Entry, versions: Sequence[tuple[int, int]], *, audience: Release.Audience, at: datetime
) -> Rehearsal:
    of_entry = _in_order(VoiceVersion.objects.filter(voice__entry=entry))
    found = [version for version in of_entry if (version.voice_id, version.number) in set(versions)]
    shown = ReadEntry(entry, found, None)
    voices = pages.voices_said(shown, pages.sides_of(entry.pair_id))
    details = _details_in(entry, shown.title, voices, audience=audience, at=at)
    return Rehearsal(entry, shown.title, shown.happened_on, voices, versions, details)


def of_release(release: Release, *, at: datetime) -> Rehearsal:
    """What a release shows, or would show once it is agreed to."""
    held = VoiceVersion.objects.filter(released_in__release=release)
    found = _in_order(held)
    voices = pages.voices_said(ReadEntry(release.entry, found, None), pages.sides_of(release.entry.pair_id))
    versions = [(version.voice_id, version.number) for version in found]
    audience = Release.Audience(release.audience)
    details = _details_in(release.entry, release.title, voices, audience=audience, at=at)
    return Rehearsal(release.entry, release.title, release.happened_on, voices, versions, details)


def as_story(rehearsal: Rehearsal, release: Release | ReleaseTerms) -> stories.Story | None:
    """The page everybody would get, of what is or may be released to everybody; None of any other release."""
    if release.audience != Release.Audience.PUBLIC:
        return None
    if isinstance(release, ReleaseTerms):
        release = Release(
            entry=rehearsal.entry,
            title=rehearsal.title,
            happened_on=rehearsal.happened_on,
            audience=release.audience,
            ends_at=release.ends_at,
        )
    return stories.rehearsed(release, rehearsal.words)


def _details_in(
    entry: Entry, title: str, voices: Sequence[pages.Said], *, audience: Release.Audience, at: datetime
) -> list[Detail]:
    """Everything in what the audience gets that might point to a real person: title, words, descriptions.

    Whoever has it in their log finds next step, tags and the names of files with it.
    """
    names = list(ListedName.objects.filter(pair=entry.pair_id).values_list("name", flat=True))
    texts = [title, *(part.words for voice in voices for part in voice.parts)]
    texts += [held.words for voice in voices for held in _files(voice)]
    if audience not in (Release.Audience.LINK, Release.Audience.PUBLIC):
        texts += [text for voice in voices for text in _filed_under(voice.what)]
    return [detail for text in texts for detail in _details(text, names, at)]


def _details(text: str, names: Sequence[str], at: datetime) -> list[Detail]:
    return [
        Detail(
            kind=str(found.kind.label),
            before=text[max(0, found.start - AROUND) : found.start],
            text=text[found.start : found.end],
            after=text[found.end : found.end + AROUND],
        )
        for found in identifying.find(text, this_year=at.year, names=names)
    ]


def _in_order(versions: VoiceVersionQuerySet) -> list[Any]:
    """As the page of an entry has them (pages.read_entry)."""
    loaded = pages.ready(versions).prefetch_related("attachments__attachment")
    return list(loaded.order_by("voice__author_id", "voice_id", "number"))


def _filed_under(what: VoiceVersion | Response) -> list[str]:
    if not isinstance(what, VoiceVersion):
        return []
    return [what.next_step, *what.tags, *(held.attachment.name for held in what.attachments.all())]


def _files(said: pages.Said) -> list[Any]:
    return list(said.what.attachments.all()) if isinstance(said.what, VoiceVersion) else []
