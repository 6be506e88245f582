"""Everybody who takes part in a cohort, in a pair or in none yet, by name; paged by the database."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.db.models.functions import Lower
from django.http import QueryDict

from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.models import Cohort, Participant
from pairs.models import Membership

PAGE_ROWS = 50


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown counts as not asked."""

    q: str = ""
    alone: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        return cls(query.get("q", "").replace("\x00", "").strip()[:200], query.get("alone") == "yes")

    @property
    def is_on(self) -> bool:
        return bool(self.q or self.alone)

    @property
    def address(self) -> str:
        return urlencode({name: value for name, value in (("q", self.q), ("alone", self.alone and "yes")) if value})


@dataclass(frozen=True)
class Page:
    """`rows` carry `pair_id`, `challenge` and `side` of the pair they are in; None for who is in none yet."""

    rows: list[Any]
    found: int
    next_place: str


def page_of(cohort: Cohort, user: User, filters: Filters, after: str) -> Page:
    """The next PAGE_ROWS behind the place `after`. Two queries, at any depth."""
    matching = in_order(cohort, user, filters)
    rows = matching
    if place := _place_from(after):
        rows = rows.filter(TupleGreaterThan((F("key"), F("pk")), place))
    found: list[Any] = list(rows[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    next_place = f"{shown[-1].key}~{shown[-1].pk}" if len(found) > len(shown) else ""
    return Page(shown, matching.order_by().count(), next_place)


def in_order(cohort: Cohort, user: User, filters: Filters) -> Any:
    """Everybody who matches, as the page shows them."""
    mine = Membership.objects.live().filter(participant=OuterRef("pk"))
    everybody = Participant.objects.live().visible_to(user).filter(cohort=cohort)
    matching = _matching(everybody.annotate(pair_id=Subquery(mine.values("pair")[:1])), user, filters)
    rows = matching.annotate(
        key=Lower("user__name"),
        challenge=Subquery(mine.values("pair__challenge")[:1]),
        side=Subquery(mine.values("side")[:1]),
    )
    return rows.select_related("user").order_by("key", "pk")


def _matching(rows: Any, user: User, filters: Filters) -> Any:
    """By name; by address for whoever sees addresses."""
    if filters.alone:
        rows = rows.filter(pair_id=None)
    if not filters.q:
        return rows
    by_address = Q(user__email__icontains=filters.q) if has_role(user, Role.MANAGER) else Q()
    return rows.filter(Q(user__name__icontains=filters.q) | by_address)


def _place_from(value: str) -> tuple[str, int] | None:
    """Where a page ends, as the address carries it; None for one that cannot be."""
    key, _tilde, number = value.replace("\x00", "").rpartition("~")
    return (key, int(number)) if number.isascii() and number.isdigit() and int(number) < 2**63 else None
