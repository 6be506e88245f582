"""Entries as a list shows them: the first words, or the places that were looked for, and who can read them now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Func, Prefetch, Value
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log import finding, pages
from learning_log.finding import Log
from learning_log.models import VersionAttachment
from learning_log.pages import Page, ReadEntry
from learning_log.querysets import VoiceVersionQuerySet
from learning_log.snippets import Marker, plain

OPENING = 180  # letters
MOST_SNIPPETS = 3  # of one entry


@dataclass(frozen=True)
class Snippet:
    """Where what was looked for stands, under the question it answers (empty where somebody wrote freely)."""

    question: str | Promise
    words: SafeString


@dataclass(frozen=True)
class Row:
    """An entry in a list. `releases` names who beyond the pair reads it, as far as its reader knows."""

    found: ReadEntry
    is_of_own_pair: bool
    opening: str
    releases: Sequence[str] = ()
    title: SafeString | str = ""
    snippets: Sequence[Snippet] = field(default_factory=tuple)


def openings(words: VoiceVersionQuerySet) -> VoiceVersionQuerySet:
    """Without the whole of a text, of which a list shows the beginning."""
    joined = Func(F("answers"), Value("\n"), function="array_to_string", output_field=CharField())
    shown: VoiceVersionQuerySet = words.defer("answers").annotate(opening=Left(joined, 3 * OPENING))
    return shown


def with_files(words: VoiceVersionQuerySet) -> VoiceVersionQuerySet:
    """With the names and words of their files, in which a search looks as well."""
    files = VersionAttachment.objects.select_related("attachment")
    looked: VoiceVersionQuerySet = words.prefetch_related(Prefetch("attachments", queryset=files))
    return looked


def rows_of(log: Log, page: Page, asked: str) -> list[Row]:
    """The entries of a page; `asked` is what was looked for, if anything, and then they came `with_files`."""
    releases = releases_of(log.user, page.entries)
    marker = Marker(asked, _texts(page)) if asked else None
    return [_row(log, found, releases.get(found.entry.pk, []), marker) for found in page.entries]


def _row(log: Log, found: ReadEntry, releases: Sequence[str], marker: Marker | None) -> Row:
    first: Any = found.filed_by
    opening = first.body if marker else first.opening
    return Row(
        found,
        found.entry.pair_id in log.pairs,
        _shortened(plain(opening, 3 * OPENING)),
        releases,
        marker.marked(found.title) if marker else found.title,
        _snippets(found, marker) if marker else (),
    )


def _shortened(text: str) -> str:
    if len(text) <= OPENING:
        return text
    kept, _space, _rest = text[:OPENING].rpartition(" ")
    return f"{kept or text[:OPENING]} …"


def in_short(user: User, entries: Sequence[ReadEntry]) -> list[Row]:
    """Entries of one's own pair without their words: what they are called, and who can read them."""
    releases = releases_of(user, entries)
    return [Row(found, True, "", releases.get(found.entry.pk, [])) for found in entries]


def releases_of(user: User, entries: Sequence[ReadEntry]) -> dict[int, list[str]]:
    """Who beyond the pair reads each of these now, as far as this person knows."""
    seen = finding.releases_seen(user, [found.entry.pk for found in entries])
    named: dict[int, list[str]] = {}
    for release in seen:
        label = str(release.get_audience_display())
        if label not in named.setdefault(release.entry_id, []):
            named[release.entry_id].append(label)
    return named


def _texts(page: Page) -> Iterable[str]:
    for found in page.entries:
        yield found.title
        for _question, text in _parts(found):
            yield plain(text)


def _parts(found: ReadEntry) -> Iterable[tuple[str | Promise, str]]:
    """Every text of an entry that a search looks in, with what it answers."""
    for version in found.versions:
        for part in pages.parts_of(version, found.entry):
            yield part.question, part.words
        yield _("Next step"), version.next_step
        yield _("Tags"), ", ".join(version.tags)
        for file in version.attachments.all():
            yield file.attachment.name, file.words or file.attachment.name


def _snippets(found: ReadEntry, marker: Marker) -> list[Snippet]:
    marked = ((question, marker.snippet(plain(text))) for question, text in _parts(found))
    return [Snippet(question, words) for question, words in marked if words][:MOST_SNIPPETS]
