"""What somebody belongs to at this moment: with whose words they are, it decides everything they may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import Role, User
from accounts.permissions import Viewer, has_role
from cohorts.models import Participant, StaffAssignment
from pairs.models import Membership

NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Place:
    """A side of a pair that somebody has or had, and since when. It has not ended while `ended_at` is None."""

    pair: int
    joined_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Reader:
    """Their places in pairs; the cohorts they take part in; those they lead; the programmes they stayed with."""

    places: tuple[Place, ...] = ()
    cohorts: frozenset[int] = frozenset()
    led: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()

    @property
    def pairs(self) -> list[int]:
        """Those they are in now."""
        return [place.pair for place in self.places if place.ended_at is None]

    def present_when(self, pair: str, at: str) -> Q:
        """Rows of a pair they are in now, from a time when they were in it; takes the names of the two fields."""
        live = (place for place in self.places if place.ended_at is None)
        return reduce(or_, (Q((pair, place.pair), (f"{at}__gte", place.joined_at)) for place in live), NOBODY)

    def was_present_when(self, pair: str, at: str) -> Q:
        """Rows of a pair from a time when they were in it, though they may have left since."""
        present = NOBODY
        for place in self.places:
            then = Q((pair, place.pair), (f"{at}__gte", place.joined_at))
            present |= then if place.ended_at is None else then & Q((f"{at}__lte", place.ended_at))
        return present


_known: ContextVar[dict[int, Reader] | None] = ContextVar("known", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """While a page is only read: everything on it is decided by one answer, and that is asked for once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def reader_of(user: Viewer) -> Reader:
    """Asked anew each time, but within `asked_once`: who has left has left at once."""
    if not isinstance(user, User):
        return Reader()
    known = _known.get()
    if known is None:
        return _asked(user)
    if user.pk not in known:
        known[user.pk] = _asked(user)
    return known[user.pk]


def _asked(user: User) -> Reader:
    """In one query, and a second of a facilitator."""
    parts = Participant.objects.of(user)
    rows = parts.values_list(
        "cohort_id", "cohort__programme_id", "ended_at", "memberships__pair_id", "memberships__joined_at",
        "memberships__ended_at", "memberships__end_reason", named=True,
    )  # fmt: skip
    gone = {Membership.EndReason.LEFT, Membership.EndReason.STAFF}
    members = [row for row in rows if row.memberships__pair_id is not None]
    leads = StaffAssignment.objects.live().filter(user=user) if has_role(user, Role.FACILITATOR) else None
    return Reader(
        places=tuple(
            Place(row.memberships__pair_id, row.memberships__joined_at, row.memberships__ended_at) for row in members
        ),
        cohorts=frozenset(row.cohort_id for row in rows if row.ended_at is None),
        led=frozenset(leads.values_list("cohort_id", flat=True)) if leads is not None else frozenset(),
        programmes=frozenset(row.cohort__programme_id for row in members if row.memberships__end_reason not in gone),
    )
