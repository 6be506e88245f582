"""What the pages show, fetched in few queries however much there is. All of it starts from the querysets' rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Viewer
from learning_log.models import Entry, Response, VoiceVersion
from learning_log.querysets import Among, VoiceVersionQuerySet
from pairs.models import Membership

PAGE_LENGTH = 50
MOST_VOICES = 3  # of one entry: each of the two, and both together


@dataclass(frozen=True)
class ReadEntry:
    """An entry with the words one reader may read, one version a voice; the first names it, in an individual entry."""

    entry: Entry
    versions: Sequence[Any]
    reader_id: int | None
    answers: int = 0

    @property
    def title(self) -> str:
        return str(self.versions[0].moment_title if self.versions else self.entry.title)

    @property
    def happened_on(self) -> date:
        if not self.versions:
            return self.entry.happened_on or self.entry.created_at.date()
        found: date = self.versions[0].moment_on
        return found

    @property
    def authored(self) -> Sequence[Any]:
        """What people wrote each in their own voice; the text of the two together has no author."""
        return [one for one in self.versions if one.voice.author_id is not None]

    @property
    def own(self) -> VoiceVersion | None:
        """The reader's own words in it, if they have any."""
        return next((one for one in self.versions if one.voice.author_id == self.reader_id), None)

    @property
    def filed_by(self) -> VoiceVersion:
        """Whose approaches and tags the reader sees: their own filing, else the author's."""
        found: VoiceVersion = self.own or self.versions[0]
        return found


@dataclass(frozen=True)
class Page:
    """So many entries, and the place where the older ones begin (empty: there are none)."""

    entries: Sequence[ReadEntry]
    older: str = ""


@dataclass(frozen=True)
class Part:
    """One question and what was answered. The question is empty where somebody wrote freely."""

    question: str
    words: str


@dataclass(frozen=True)
class Said:
    """Something a person of the pair wrote, with their side of it, which the page shows as a drop."""

    what: VoiceVersion | Response
    side: str
    parts: Sequence[Part] = field(default_factory=tuple)


def read(user: Viewer, among: Among = None) -> VoiceVersionQuerySet:
    """Everything this person may read (among these entries), ready to be shown."""
    return ready(VoiceVersion.objects.read_by(user, among), user)


def ready(words: VoiceVersionQuerySet, reader: Viewer | None = None) -> VoiceVersionQuerySet:
    found: VoiceVersionQuerySet = words.with_moment(reader).select_related("voice__entry", "voice__author")
    return found


def entries_page(user: User, before: str, found: VoiceVersionQuerySet | None = None) -> Page:
    """The newest entries `user` may read, or those older than `before` ("2026-11-20.17", as `Page.older` gives it).

    `found` narrows them (a filter, a search); it must come from `read(user)`.
    """
    versions = (read(user) if found is None else found).newest_first()
    if place := _place(before):
        day, pk = place
        versions = versions.filter(Q(moment_on__lt=day) | Q(moment_on=day, voice__entry__lt=pk))
    entries = grouped(versions[: (PAGE_LENGTH + 1) * MOST_VOICES], user)
    shown = _with_answers(user, entries[:PAGE_LENGTH])
    older = f"{shown[-1].happened_on:%Y-%m-%d}.{shown[-1].entry.pk}" if len(entries) > PAGE_LENGTH else ""
    return Page(shown, older)


def newest(user: User, found: VoiceVersionQuerySet, count: int) -> list[ReadEntry]:
    """The newest `count` entries of `found`, which must come from `read(user)`."""
    entries = grouped(found.newest_first()[: count * MOST_VOICES], user)
    return _with_answers(user, entries[:count])


def grouped(versions: Iterable[Any], user: Viewer) -> list[ReadEntry]:
    """Versions that stand beside each other, entry by entry, one's own first."""
    entries = []
    for _pk, group in groupby(versions, key=lambda version: version.voice.entry_id):
        of_entry = list(group)
        entries.append(ReadEntry(of_entry[0].voice.entry, of_entry, user.pk))
    return entries


def read_entry(user: Viewer, entry: Entry) -> ReadEntry:
    """The words of one entry that this person may read; none when they are only asked to tell of it."""
    found = read(user, [entry.pk]).prefetch_related("attachments__attachment")
    versions = list(found.order_by("voice__author_id", "voice_id"))
    return ReadEntry(entry, versions, user.pk)


def _with_answers(user: User, entries: Sequence[ReadEntry]) -> list[ReadEntry]:
    ids = [one.entry.pk for one in entries]
    answers = Response.objects.visible_to(user, ids).standing().filter(entry__in=ids)
    counted: dict[int, int] = {}
    for entry_id in answers.values_list("entry_id", flat=True):
        counted[entry_id] = counted.get(entry_id, 0) + 1
    return [ReadEntry(one.entry, one.versions, one.reader_id, counted.get(one.entry.pk, 0)) for one in entries]


def _place(before: str) -> tuple[date, int] | None:
    day, _dot, pk = before.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def parts_of(version: VoiceVersion, entry: Entry) -> list[Part]:
    """Questions and answers, those left empty not shown. Takes the entry's prompt set.

    What the two see together answers none of the questions that each was asked.
    """
    asked_each = None if version.voice.is_together else entry.prompt_set
    questions = [one["question"] for one in asked_each.questions] if asked_each else []
    questions += [""] * (len(version.answers) - len(questions))
    asked = zip(questions, version.answers, strict=False)
    return [Part(question, words) for question, words in asked if words.strip()]


def sides_of(pair_id: int) -> dict[int | None, str]:
    """Which side each person of a pair has or had, by the person's id."""
    members = Membership.objects.filter(pair_id=pair_id).order_by("joined_at")
    return dict(members.values_list("participant__user_id", "side"))


def people_of(pair_id: int) -> list[User]:
    """The two of a pair now, in the order in which they joined."""
    members = Membership.objects.live().filter(pair_id=pair_id).select_related("participant__user")
    return [member.user for member in members.order_by("joined_at", "pk")]


def said(written: Iterable[Response], sides: dict[int | None, str]) -> list[Said]:
    """Responses, each with the side of its author."""
    return [Said(item, sides.get(item.author_id, "")) for item in written]


def voices_said(found: ReadEntry, sides: dict[int | None, str]) -> list[Said]:
    """The voices of one entry, each with the side of its author and its words by question.

    Of two who answered the same questions each has a part for every question that one of them answered, so that the
    rows of the spread line up; what somebody left open has no words.
    """
    parts = {version.pk: parts_of(version, found.entry) for version in found.versions}
    telling = [version for version in found.versions if version.voice.author_id is not None]
    if len(telling) > 1:
        rows = _rows([parts[version.pk] for version in telling], found.entry)
        parts |= {version.pk: _lined_up(parts[version.pk], rows) for version in telling}
    return [Said(version, sides.get(version.voice.author_id, ""), parts[version.pk]) for version in found.versions]


def _rows(voices: Sequence[Sequence[Part]], entry: Entry) -> list[str]:
    """The questions that at least one of the voices answered, in the order in which they were asked."""
    answered = {part.question for parts in voices for part in parts}
    asked = [one["question"] for one in entry.prompt_set.questions] if entry.prompt_set else []
    return [question for question in dict.fromkeys(asked) if question in answered]


def _lined_up(parts: Sequence[Part], rows: Sequence[str]) -> list[Part]:
    given = {part.question for part in parts}
    left_open = [Part(question, "") for question in rows if question not in given]
    place = {question: number for number, question in enumerate(rows)}
    return sorted([*parts, *left_open], key=lambda part: place.get(part.question, len(rows)))
