"""The list of enquiries, filtered, sorted and paged by the database."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.querysets import EnquiryQuerySet, still_manages

WHOSE = {"mine": _("Mine"), "nobody": _("Nobody’s yet")}
DUE = {"due": _("Today or late"), "late": _("Late")}
STATES = {"closed": _("Closed"), "all": _("Open and closed")}
PAGE_ROWS = 50


@dataclass(frozen=True)
class Filters:
    """What the address of the list asks for; anything unknown counts as not asked."""

    whose: str = ""
    due: str = ""
    kind: str = ""
    programme: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        known: dict[str, Any] = {"whose": WHOSE, "due": DUE, "kind": Enquiry.Kind.values, "state": STATES}
        asked = {field.name: query.get(field.name, "").replace("\x00", "").strip()[:200] for field in fields(cls)}
        return cls(**{name: value for name, value in asked.items() if value in known.get(name, (value,))})

    @property
    def is_on(self) -> bool:
        return self != Filters()

    @property
    def address(self) -> str:
        """The query of the list's address; what is not asked is left out."""
        return urlencode({field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)})

    @property
    def sorted_by(self) -> str:
        """Open ones by what is due first; closed ones, and all together, the newest first."""
        return {"closed": "closed_at", "all": "came_at"}.get(self.state, "next_step_on")

    @property
    def is_downward(self) -> bool:
        return self.state in STATES


def matching(user: User, filters: Filters, today: date) -> EnquiryQuerySet:
    """The enquiries that fit all filters, in no order."""
    rows = Enquiry.objects.visible_to(user)
    if filters.state != "all":
        rows = rows.closed() if filters.state == "closed" else rows.open()
    if filters.whose == "mine":
        rows = rows.filter(owner=user)
    elif filters.whose == "nobody":
        rows = rows.nobodys()
    if filters.due:
        rows = rows.due(today) if filters.due == "due" else rows.overdue(today)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.programme:
        rows = rows.filter(programme__slug=filters.programme)
    return rows.filter(_said(filters.q)) if filters.q else rows


def _said(words: str) -> Q:
    """Words looked for in who they are, how they are reached, and what they said."""
    found = Q()
    for name in ("reference", "name", "organisation", "email", "phone", "text"):
        found |= Q(**{f"{name}__icontains": words})
    return found


def in_order(rows: EnquiryQuerySet, filters: Filters) -> EnquiryQuerySet:
    down = "-" if filters.is_downward else ""
    return rows.order_by(f"{down}{filters.sorted_by}", f"{down}pk")


# ---- A page ----


@dataclass(frozen=True)
class Place:
    """Where a page ends: the moment or day it is sorted by, and the id."""

    key: date
    pk: int

    def __str__(self) -> str:
        return f"{self.key.isoformat()}~{self.pk}"

    @classmethod
    def read(cls, value: str, filters: Filters) -> "Place | None":
        """A place as the address carries it; None for one that cannot be."""
        text, _tilde, number = value.replace("\x00", "").rpartition("~")
        try:
            pk, key = int(number), _key_from(text, filters)
        except (ValueError, OverflowError):
            return None
        return cls(key, pk) if 0 < pk < 2**63 else None


def _key_from(text: str, filters: Filters) -> date:
    if filters.sorted_by == "next_step_on":
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)  # what cannot be told there is beyond what any row holds


@dataclass(frozen=True)
class Page:
    rows: list[Enquiry]
    next_place: str
    found: int


def page_of(user: User, filters: Filters, place: Place | None, today: date) -> Page:
    """The next PAGE_ROWS after `place`, each with `is_managed`: its owner can act on it. Two queries, at any depth."""
    rows = matching(user, filters, today)
    number = rows.count()
    if place is not None:
        comparison = TupleLessThan if filters.is_downward else TupleGreaterThan
        rows = rows.filter(comparison((F(filters.sorted_by), F("pk")), (place.key, place.pk)))
    rows = in_order(rows, filters).annotate(is_managed=still_manages("owner")).select_related("owner", "programme")
    found = list(rows[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    last = shown[-1] if len(found) > PAGE_ROWS else None
    next_place = str(Place(getattr(last, filters.sorted_by), last.pk)) if last else ""
    return Page(shown, next_place, number)
