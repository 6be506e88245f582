"""What pairs have released to the public, for everybody: the reader's own rights never widen a story.

Everything starts from the releases that a visitor may read now, so that page, list, feed, sitemap and files lose a
story on the request after one of the two withdraws it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from learning_log.models import Attachment, Release, ReleasedVersion, VersionAttachment, VoiceVersion
from learning_log.pages import Part, parts_of
from learning_log.querysets import ReleaseQuerySet
from pairs.models import Membership

PAGE_LENGTH = 20
EVERYBODY = AnonymousUser()
Sides = dict[tuple[int, int | None], str]
Address = Callable[[Release, VersionAttachment], str]


@dataclass(frozen=True)
class Teller:
    """One of the two as the public sees them: never an address, even of somebody who gave no name."""

    name: str
    initials: str
    side: str
    side_word: str


@dataclass(frozen=True)
class File:
    """A picture, sound or film in a story, with the words that stand for it."""

    kind: str
    address: str
    words: str


@dataclass(frozen=True)
class StoryVoice:
    """What one of the two says in a story, or, without a teller, what they wrote together."""

    teller: Teller | None
    parts: Sequence[Part]
    files: Sequence[File]
    approaches: Sequence[str]


@dataclass(frozen=True)
class Story:
    """One release as the public reads it: exactly the released versions."""

    release: Any
    voices: Sequence[StoryVoice]

    @property
    def title(self) -> str:
        return str(self.release.title) or _("Without a title")

    @property
    def programme(self) -> str:
        return str(self.release.entry.pair.cohort.programme.name)

    @property
    def released_on(self) -> date:
        """The day only: the hour somebody consented is nobody's business."""
        found: date = self.release.released_on
        return found

    @property
    def tellers(self) -> list[Teller]:
        return [voice.teller for voice in self.voices if voice.teller]

    @property
    def names(self) -> list[str]:
        return [teller.name for teller in self.tellers if teller.name]

    @property
    def approaches(self) -> list[str]:
        """What any of its voices is filed under, each once."""
        return list(dict.fromkeys(name for voice in self.voices for name in voice.approaches))

    @property
    def files(self) -> list[File]:
        return [file for voice in self.voices for file in voice.files]

    @property
    def picture(self) -> File | None:
        """The first picture, which stands at the head of the page."""
        return next((file for file in self.files if file.kind == Attachment.Kind.PICTURE), None)

    @property
    def more_files(self) -> list[File]:
        return [file for file in self.files if file is not self.picture]

    def get_absolute_url(self) -> str:
        return reverse("learning_log:story", kwargs={"release_id": self.release.pk})


@dataclass(frozen=True)
class Page:
    """So many stories, and the place where the older ones begin (empty: there are none)."""

    stories: Sequence[Story]
    older: str = ""


def public() -> ReleaseQuerySet:
    """Of each entry the newest release that everybody may read, the newest first."""
    newest = Release.objects.newest_read_by(EVERYBODY).values("pk")
    found = Release.objects.filter(pk__in=newest).annotate(released_on=TruncDate("released_at", tzinfo=UTC))
    return found.order_by("-released_on", "-pk")


def newest(count: int) -> list[Story]:
    return _told(public()[:count])


def page(before: str) -> Page:
    """The newest stories, or those older than `before` ("2026-11-20.17", as `Page.older` gives it)."""
    found = public()
    if place := _place(before):
        day, pk = place
        found = found.filter(Q(released_on__lt=day) | Q(released_on=day, pk__lt=pk))
    stories = _told(found[: PAGE_LENGTH + 1])
    if len(stories) <= PAGE_LENGTH:
        return Page(stories)
    last = stories[PAGE_LENGTH - 1]
    return Page(stories[:PAGE_LENGTH], f"{last.released_on:%Y-%m-%d}.{last.release.pk}")


def story(release_id: int) -> Story | None:
    """The story at this address, in its newest released words; None for unknown, withdrawn and over alike."""
    was_public = Release.objects.filter(audience=Release.Audience.PUBLIC, released_at__isnull=False)
    asked = was_public.filter(pk=release_id).values("entry")
    found = _told(public().filter(entry__in=asked))
    return found[0] if found else None


def file_of(release_id: int, attachment_id: int) -> Attachment | None:
    """A file that stands in the released words themselves; None for any other, even of the same voice."""
    released = public().filter(pk=release_id).values("pk")
    held = VersionAttachment.objects.filter(version__released_in__release__in=released)
    return Attachment.objects.filter(pk=attachment_id, pk__in=held.values("attachment")).first()


def _told(releases: ReleaseQuerySet) -> list[Story]:
    """These releases with their words, in four queries however many there are."""
    versions = ReleasedVersion.objects.select_related("version__voice__author").prefetch_related(
        "version__attachments__attachment"
    )
    found = list(
        releases.select_related("entry__prompt_set", "entry__pair__cohort__programme").prefetch_related(
            Prefetch("versions", versions)
        )
    )
    sides = _sides({release.entry.pair_id for release in found})
    return [_story(release, [one.version for one in release.versions.all()], sides, _address) for release in found]


def rehearsed(release: Release, versions: Iterable[VoiceVersion]) -> Story:
    """What a release, saved or not, would be as a story. Its files lead where the pair can open them."""
    return _story(release, versions, _sides([release.entry.pair_id]), _address_in_log)


def _sides(pairs: Iterable[int]) -> Sides:
    members = Membership.objects.filter(pair_id__in=pairs).order_by("joined_at")
    rows = members.values_list("pair_id", "participant__user_id", "side")
    return {(pair, person): side for pair, person, side in rows}


def _story(release: Release, versions: Iterable[VoiceVersion], sides: Sides, address: Address) -> Story:
    voices = [_voice(release, version, sides, address) for version in versions]
    return Story(release, sorted(voices, key=_in_order))


def _in_order(voice: StoryVoice) -> tuple[bool, str]:
    """The patient partner, the professional, then what they wrote together."""
    return (voice.teller is None, voice.teller.side if voice.teller else "")


def _voice(release: Release, version: VoiceVersion, sides: Sides, address: Address) -> StoryVoice:
    author = version.voice.author
    side = sides.get((release.entry.pair_id, version.voice.author_id), "")
    return StoryVoice(
        teller=_teller(author, side) if author else None,
        parts=parts_of(version, release.entry),
        files=[_file(held, address(release, held)) for held in version.attachments.all()],
        approaches=version.approach_names,
    )


def _teller(author: User, side: str) -> Teller:
    word = str(Membership.Side(side).label) if side else ""
    return Teller(author.name, author.initials if author.name else "", side, word)


def _file(held: VersionAttachment, address: str) -> File:
    return File(held.attachment.kind, address, held.words)


def _address(release: Release, held: VersionAttachment) -> str:
    kwargs = {"release_id": release.pk, "attachment_id": held.attachment_id}
    return reverse("learning_log:story_file", kwargs=kwargs)


def _address_in_log(release: Release, held: VersionAttachment) -> str:
    return reverse("learning_log:file", args=[release.entry_id, held.attachment_id])


def _place(before: str) -> tuple[date, int] | None:
    day, _dot, pk = before.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None
