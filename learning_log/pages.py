"""What the pages show, fetched in few queries however much there is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import User
from learning_log import permissions
from learning_log.models import Entry, Response, Voice
from pairs.models import Membership

PAGE_LENGTH = 50


@dataclass(frozen=True)
class Page:
    """So many entries, and the place where the older ones begin (empty: there are none)."""

    entries: Sequence[Any]
    older: str = ""


@dataclass(frozen=True)
class Said:
    """Something a person of the pair wrote, with their side of it, which the page shows as a drop."""

    what: Voice | Response
    side: str


@dataclass(frozen=True)
class Audience:
    """Who can read an entry now, or will: the others by name, in the words they chose."""

    others: Sequence[Membership]
    is_shared: bool
    is_own: bool
    has_newer_words: bool = False


def entries_page(user: User, before: str) -> Page:
    """The newest entries `user` may read, or those older than `before` ("2026-11-20.17", as `Page.older` gives it)."""
    entries = Entry.objects.visible_to(user).newest_first()
    if place := _place(before):
        day, pk = place
        entries = entries.filter(Q(happened_on__lt=day) | Q(happened_on=day, pk__lt=pk))
    voices = Voice.objects.visible_to(user).select_related("author").order_by("pk")
    answers = Response.objects.visible_to(user).standing().only("pk", "entry_id")
    found = list(
        entries.prefetch_related(
            Prefetch("voices", queryset=voices, to_attr="readable_voices"),
            Prefetch("responses", queryset=answers, to_attr="readable_responses"),
        )[: PAGE_LENGTH + 1]
    )
    shown = found[:PAGE_LENGTH]
    older = f"{shown[-1].happened_on:%Y-%m-%d}.{shown[-1].pk}" if len(found) > PAGE_LENGTH else ""
    return Page(shown, older)


def _place(before: str) -> tuple[date, int] | None:
    day, _dot, pk = before.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def audience_of(user: User, entry: Entry, voice: Voice | None) -> Audience:
    """`voice` is the reader's own, None when the entry is another's."""
    others = permissions.others_in_pair(user, entry.pair_id)
    if voice is None:
        return Audience(others, is_shared=True, is_own=False)
    return Audience(others, voice.is_shared, is_own=True, has_newer_words=voice.has_newer_words)


def sides_of(pair_id: int) -> dict[int, str]:
    """Which side each person of a pair has or had, by the person's id."""
    members = Membership.objects.filter(pair_id=pair_id).order_by("joined_at")
    return dict(members.values_list("participant__user_id", "side"))


def said(written: Iterable[Voice] | Iterable[Response], sides: dict[int, str]) -> list[Said]:
    """Voices or responses, each with the side of its author."""
    return [Said(item, sides.get(item.author_id, "")) for item in written]
