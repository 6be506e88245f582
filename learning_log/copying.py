"""From what a person may read now to the `Book` they take away: asked entry by entry, as it is made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import batched
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from accounts.models import User
from learning_log import answers, media_files, pages
from learning_log.models import Copy, Entry, Release, Response, VersionAttachment, Voice, VoiceVersion
from learning_log.pages import ReadEntry
from learning_log.querysets import VoiceVersionQuerySet
from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookResponse, BookVoice, Part, Side
from pairs.models import Membership

AT_A_TIME = 50

Done = Callable[[int, int], object]


class Incomplete(Exception):
    """Something was taken back while it was being collected: what there is would not be what was counted."""


@dataclass(frozen=True)
class Contents:
    """A book, and which words of others are in it."""

    book: Book
    others_versions: Sequence[int]
    others_responses: Sequence[int]


@dataclass(frozen=True)
class Circumstances:
    """What else is known of some entries: answers, live releases, and who is or was in which pair on which side."""

    responses: Mapping[int, Sequence[Response]]
    releases: Mapping[int, Sequence[Release]]
    sides: Mapping[tuple[int, int | None], str] = field(default_factory=dict)
    pairs_with_another: frozenset[int] = frozenset()


def takeable(user: User, *, with_partner: bool = True) -> VoiceVersionQuerySet:
    """The words this person may take away now: their own, drafts included; and those shared with them in their pair.

    Of what `read_by` lets them read, that is what belongs to their pair: words that others released to a cohort, to a
    facilitator or to everybody are read where they stand.
    """
    words = pages.ready(VoiceVersion.objects.in_pair_of(user))
    return words if with_partner else words.filter(voice__author=user)


def offered(user: User) -> list[ReadEntry]:
    """Every entry of which this person may take words, the newest first."""
    return pages.grouped(takeable(user).newest_first(), user)


def entries_of(copy: Copy) -> list[int]:
    """The entries that belong in a copy now, in its order: the chosen ones, else the oldest first."""
    words = takeable(copy.owner, with_partner=copy.with_partner)
    if copy.chosen is None:
        newest_first = words.newest_first().values_list("voice__entry_id", flat=True)
        return list(dict.fromkeys(newest_first))[::-1]
    found = set(words.filter(voice__entry__in=copy.chosen).values_list("voice__entry_id", flat=True))
    return [entry_id for entry_id in copy.chosen if entry_id in found]


def is_still_shared(copy: Copy) -> bool:
    """Whether its owner may still have every word of others that is in a copy."""
    versions, responses = copy.others_versions, copy.others_responses
    readable = takeable(copy.owner).filter(pk__in=versions).count() if versions else 0
    standing = Response.objects.visible_to(copy.owner).standing().filter(pk__in=responses).count() if responses else 0
    return readable == len(versions) and standing == len(responses)


def contents_of(copy: Copy, *, at: datetime, on_done: Done = lambda _done, _total: None) -> Contents:
    """The book that a copy is to hold, as its owner may read it now. `on_done` hears how many entries are collected.

    So many queries for each AT_A_TIME entries, however long they are. Raises Incomplete when an entry that was counted
    could no longer be read when its turn came.
    """
    ids = entries_of(copy)
    on_done(0, len(ids))
    gathered: list[BookEntry] = []
    others_versions: list[int] = []
    others_responses: list[int] = []
    for some in batched(ids, AT_A_TIME, strict=False):
        found = _read(copy, some)
        known = _circumstances(copy, [one.entry for one in found])
        gathered += [_entry(one, known, number, copy.owner) for number, one in enumerate(found, len(gathered) + 1)]
        others_versions += [held.pk for one in found for held in one.versions if held.voice.author_id != copy.owner_id]
        others_responses += [said.pk for said in _all(known.responses) if said.author_id != copy.owner_id]
        on_done(len(gathered), len(ids))
    if len(gathered) != len(ids):
        raise Incomplete
    return Contents(_book(copy, gathered, at), others_versions, others_responses)


def _book(copy: Copy, entries: Sequence[BookEntry], at: datetime) -> Book:
    owner = copy.owner
    return Book(
        title=copy.title or _("Learning log"),
        owner_name=owner.name or _("One of a pair"),
        made_at=at.astimezone(owner.zone),
        zone_name=owner.time_zone,
        purpose=_("For %(whom)s") % {"whom": copy.purpose} if copy.purpose else "",
        entries=entries,
    )


def _read(copy: Copy, ids: Sequence[int]) -> list[ReadEntry]:
    """These entries in this order, each with its voices: one's own first, what the two wrote together last."""
    words = takeable(copy.owner, with_partner=copy.with_partner).filter(voice__entry__in=ids)
    words = words.select_related("voice__entry__prompt_set").prefetch_related("attachments__attachment")
    by_entry: dict[int, list[Any]] = {}
    for version in words:
        by_entry.setdefault(version.voice.entry_id, []).append(version)
    found = []
    for entry_id in ids:
        if versions := by_entry.get(entry_id):
            versions.sort(key=lambda one: _place_beside(one.voice, copy.owner))
            found.append(ReadEntry(versions[0].voice.entry, versions, copy.owner_id))
    return found


def _place_beside(voice: Voice, reader: User) -> tuple[bool, bool, int]:
    return voice.is_together, voice.author_id != reader.pk, voice.pk


def _circumstances(copy: Copy, entries: Sequence[Entry]) -> Circumstances:
    ids, pairs = [entry.pk for entry in entries], {entry.pair_id for entry in entries}
    members = list(Membership.objects.filter(pair__in=pairs).select_related("participant").order_by("joined_at"))
    releases = Release.objects.live().of_member(copy.owner).filter(entry__in=ids).select_related("facilitator")
    return Circumstances(
        responses=_by_entry(_responses(copy, ids)),
        releases=_by_entry(releases),
        sides={(member.pair_id, member.participant.user_id): member.side for member in members},
        pairs_with_another=frozenset(
            member.pair_id
            for member in members
            if member.ended_at is None and member.participant.user_id != copy.owner_id
        ),
    )


def _responses(copy: Copy, ids: Sequence[int]) -> Iterable[Response]:
    if not copy.with_answers:
        return []
    responses = Response.objects.visible_to(copy.owner, ids).standing().filter(entry__in=ids).select_related("author")
    return responses if copy.with_partner else responses.filter(author=copy.owner)


def _by_entry[Held: (Response, Release)](held: Iterable[Held]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    for one in held:
        found.setdefault(one.entry_id, []).append(one)
    return found


def _all(responses: Mapping[int, Sequence[Response]]) -> Iterator[Response]:
    for of_entry in responses.values():
        yield from of_entry


def _entry(found: ReadEntry, known: Circumstances, number: int, reader: User) -> BookEntry:
    return BookEntry(
        number=number,
        title=found.title,
        happened_on=found.happened_on,
        audience=_audience(found, known, reader.zone),
        approaches=found.filed_by.approach_names,
        tags=found.filed_by.tags,
        voices=[_voice(version, known, reader) for version in found.versions],
        responses=[
            BookResponse(_name_of(one.author), (one.sent_at or one.created_at).astimezone(reader.zone), one.body)
            for one in known.responses.get(found.entry.pk, [])
        ],
    )


def _voice(version: VoiceVersion, known: Circumstances, reader: User) -> BookVoice:
    voice = version.voice
    author = voice.author
    return BookVoice(
        author_name=_name_of(author) if author else "",
        side=_side(known.sides.get((voice.entry.pair_id, voice.author_id), "")),
        role_words=(author.called or author.role_title) if author else "",
        is_own=voice.author_id == reader.pk,
        version=version.number,
        saved_at=version.saved_at.astimezone(reader.zone),
        parts=[Part(part.question, part.words) for part in pages.parts_of(version, voice.entry)],
        next_step=version.next_step,
        next_step_on=version.next_step_on,
        attachments=[_attachment(held) for held in version.attachments.all()],
        is_together=voice.is_together,
    )


def _attachment(held: VersionAttachment) -> BookAttachment:
    """Pictures with their bytes, as they were cleaned when they came in; sound and film as their transcript."""
    file = held.attachment
    place = media_files.place_of(file.path)
    shows = file.kind == file.Kind.PICTURE and place.is_file()
    return BookAttachment(file.name, _KINDS[file.kind], held.words, place.read_bytes() if shows else None)


def _audience(found: ReadEntry, known: Circumstances, zone: tzinfo) -> str:
    """Who could read the entry in the log when the copy was made."""
    beyond = [_reader_of(release, zone) for release in known.releases.get(found.entry.pk, [])]
    sentence = _within_the_pair(found, known)
    return " ".join([sentence, _("And besides: %(whom)s.") % {"whom": "; ".join(beyond)}]) if beyond else sentence


def _within_the_pair(found: ReadEntry, known: Circumstances) -> str:
    own = found.own
    if own is None:
        return _("Your partner has shared this with you.")
    if own.voice.is_shared and found.entry.pair_id in known.pairs_with_another:
        return _("The two of you can read this in the log.")
    if own.voice.is_shared:
        return _("You shared this with your pair; nobody else is in it now.")
    if len(found.versions) > 1:
        return _("Your side is yours alone; your partner has shared theirs with you.")
    return _("Only you can read this in the log.")


def _reader_of(release: Release, zone: tzinfo) -> str:
    """“your cohort, until 3 December 2026”."""
    names = {
        Release.Audience.LINK: _("somebody outside, by a link"),
        Release.Audience.PUBLIC: _("everybody, as a story"),
    }
    name = names.get(Release.Audience(release.audience)) or answers.circle_name(release)
    until = formatted(release.ends_at.astimezone(zone), "j F Y")
    return _("%(whom)s, until %(day)s") % {"whom": name, "day": until}


def _name_of(person: User) -> str:
    return person.name or _("Somebody new")


def _side(found: str) -> Side:
    return found if found in ("professional", "partner") else ""  # type: ignore[return-value]  # narrowed by the line


_KINDS: dict[str, Any] = {"picture": "picture", "sound": "sound", "film": "film"}
