"""The pairs of a cohort as its console page lists them: filtered, sorted and paged by the database.

People, challenge and who has yet to answer; never anything about writing.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from pairs.models import Invitation, Membership, Pair

PAGE_ROWS = 50
# What needs somebody, the most pressing first: the place of a word in here is its number in the database.
NEEDS = ("expired", "alone", "waiting", "nobody", "ended")
NEEDS_WORDS = {
    "expired": _("Link has run out"),
    "alone": _("One person only"),
    "waiting": _("Waiting for an answer"),
    "nobody": _("Both are here"),
    "ended": _("Ended"),
}
SORTS = {"needs": _("Who needs somebody first"), "challenge": _("By challenge, A to Z"), "newest": _("Newest first")}


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown counts as not asked."""

    q: str = ""
    needs: str = ""
    sort: str = "needs"

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        known: dict[str, Any] = {"needs": NEEDS, "sort": SORTS}
        asked = {one.name: query.get(one.name, "").replace("\x00", "").strip()[:200] for one in fields(cls)}
        return cls(**{name: value for name, value in asked.items() if value and value in known.get(name, (value,))})

    @property
    def is_on(self) -> bool:
        return bool(self.q or self.needs)

    @property
    def is_downward(self) -> bool:
        return self.sort == "newest"

    @property
    def address(self) -> str:
        """As the query of an address; what is as usual is left out."""
        usual = Filters()
        asked = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in asked.items() if value != getattr(usual, name)})


@dataclass(slots=True)
class Row:
    """One pair in the table. `flag` is what needs somebody, one of NEEDS."""

    pk: int
    challenge: str
    flag: str
    people: dict[str, str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    found: int
    next_place: str
    counts: dict[str, int]  # in the whole cohort, by what they need


def page_of(cohort: Cohort, filters: Filters, after: str, *, at: datetime) -> Page:
    """The next PAGE_ROWS behind the place `after`. Four queries, one more with filters, at any depth."""
    everything = _with_needs(cohort, at)
    counted = everything.order_by().values_list("needs").annotate(n=Count("pk"))
    counts = {NEEDS[needs]: number for needs, number in counted}
    matching = rows = in_order(cohort, filters, at=at)
    if place := _place_from(after, filters):
        beyond = TupleLessThan if filters.is_downward else TupleGreaterThan
        rows = rows.filter(beyond((F("key"), F("pk")), place))
    found = list(rows.values_list("pk", "challenge", "needs", "key")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    next_place = f"{shown[-1][3]}~{shown[-1][0]}" if len(found) > len(shown) else ""
    number = matching.order_by().count() if filters.is_on else sum(counts.values())
    return Page(_with_people(shown), number, next_place, counts)


def in_order(cohort: Cohort, filters: Filters, *, at: datetime) -> QuerySet[Any]:
    """Every pair that matches, as the page shows them."""
    order = ("-key", "-pk") if filters.is_downward else ("key", "pk")
    rows: QuerySet[Any] = _matching(_with_needs(cohort, at), filters).annotate(key=_key(filters))
    return rows.order_by(*order)


def _with_needs(cohort: Cohort, at: datetime) -> QuerySet[Any]:
    """Every pair of a cohort with `needs`, what needs somebody as a number."""
    waiting = Invitation.objects.waiting().filter(pair=OuterRef("pk"))
    members = Membership.objects.live().filter(pair=OuterRef("pk"))
    both = [Exists(members.filter(side=side)) for side in Membership.Side.values]
    return Pair.objects.filter(cohort=cohort).annotate(
        needs=Case(
            When(ended_at__isnull=False, then=Value(NEEDS.index("ended"))),
            When(Exists(waiting.filter(expires_at__lte=at)), then=Value(NEEDS.index("expired"))),
            When(Exists(waiting), then=Value(NEEDS.index("waiting"))),
            When(Q(*both), then=Value(NEEDS.index("nobody"))),
            default=Value(NEEDS.index("alone")),
            output_field=IntegerField(),
        )
    )


def _matching(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    if filters.needs:
        rows = rows.filter(needs=NEEDS.index(filters.needs))
    if not filters.q:
        return rows
    # By what the table shows: a name, and an address only where there is no name.
    member = Q(participant__user__name__icontains=filters.q)
    member |= Q(participant__user__name="", participant__user__email__icontains=filters.q)
    members = Membership.objects.live().filter(member, pair=OuterRef("pk"))
    invited = Q(name__icontains=filters.q) | Q(name="", email__icontains=filters.q)
    invitations = Invitation.objects.waiting().filter(invited, pair=OuterRef("pk"))
    return rows.filter(Q(challenge__icontains=filters.q) | Exists(members) | Exists(invitations))


def _key(filters: Filters) -> Any:
    if filters.sort == "challenge":
        return Lower("challenge")
    return F("pk") if filters.sort == "newest" else F("needs")


def _place_from(value: str, filters: Filters) -> tuple[Any, int] | None:
    """Where a page ends, as the address carries it; None for one that cannot be."""
    key, _tilde, number = value.replace("\x00", "").rpartition("~")
    try:
        pk = int(number)
        place = (key if filters.sort == "challenge" else int(key), pk)
    except ValueError:
        return None
    return place if all(not isinstance(part, int) or 0 <= part < 2**63 for part in place) else None


def _with_people(shown: list[tuple[int, str, int, Any]]) -> list[Row]:
    """Who is in these pairs, and who is invited to them: two queries."""
    rows = {pk: Row(pk, challenge, NEEDS[needs]) for pk, challenge, needs, _key in shown}
    members = Membership.objects.live().filter(pair__in=rows)
    for pair, side, name, email in members.values_list(
        "pair_id", "side", "participant__user__name", "participant__user__email"
    ):
        rows[pair].people[side] = name or email
    invitations = Invitation.objects.waiting().filter(pair__in=rows)
    for pair, side, name, email in invitations.values_list("pair_id", "side", "name", "email"):
        rows[pair].people[side] = name or email
        rows[pair].waiting.add(side)
    return list(rows.values())
