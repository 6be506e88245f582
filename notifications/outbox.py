"""What staff read of the ledger: every message; of private kinds that all is well, not who."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now

from notifications import kinds, reasons
from notifications.kinds import UnknownKind
from notifications.models import LedgerRow
from notifications.querysets import LedgerQuerySet

PAGE_SIZE = 50
FIGURES_DAYS = 30

State = LedgerRow.State


@dataclass(frozen=True)
class Line:
    """One message as staff see it."""

    row: LedgerRow

    @property
    def title(self) -> str:
        try:
            return kinds.get(self.row.kind).title
        except UnknownKind:
            return self.row.kind

    @property
    def is_private(self) -> bool:
        """An unknown kind is treated as private: nothing automatic fails towards showing."""
        try:
            return kinds.get(self.row.kind).is_private
        except UnknownKind:
            return True

    @property
    def to(self) -> str:
        """Who it is for; an empty text for private kinds."""
        if self.is_private:
            return ""
        name = self.row.recipient.name if self.row.recipient else ""
        return name or self.row.address

    @property
    def note(self) -> str:
        return reasons.sentence(self.row.reason)

    @property
    def is_uncertain(self) -> bool:
        return self.row.state == State.UNCERTAIN

    @property
    def is_queued(self) -> bool:
        return self.row.state == State.QUEUED


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    needing_you: list[Line]
    older_than: int | None


def page(*, person: str = "", state: str = "", kind: str = "", before: int | None = None) -> Page:
    """One page, newest first, by keyset; without filters the uncertain ones stand first on page one."""
    rows = matching(person=person, state=state, kind=kind)
    needing_you: list[Line] = []
    if not state:
        if before is None:
            needing_you = [Line(row) for row in rows.filter(state=State.UNCERTAIN)[:PAGE_SIZE]]
        rows = rows.exclude(state=State.UNCERTAIN)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [Line(row) for row in rows[: PAGE_SIZE + 1]]
    older_than = found[PAGE_SIZE - 1].row.pk if len(found) > PAGE_SIZE else None
    return Page(found[:PAGE_SIZE], needing_you, older_than)


def matching(*, person: str = "", state: str = "", kind: str = "") -> LedgerQuerySet:
    """Every message that fits these filters, the newest first."""
    rows = LedgerRow.objects.select_related("recipient").order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    return of_person(rows, person) if person else rows


def of_person(rows: LedgerQuerySet, person: str) -> LedgerQuerySet:
    """Messages to people whose name or address holds `person`; never of a private kind, which would tell who."""
    public = [kind.name for kind in kinds.every() if not kind.is_private]
    return rows.filter(Q(recipient__name__icontains=person) | Q(address__icontains=person.lower()), kind__in=public)


def figures() -> dict[str, int]:
    """How many messages wait, need somebody, or were settled in the last 30 days, by state."""
    open_states = [State.QUEUED, State.CLAIMED, State.SUBMITTING, State.UNCERTAIN]
    recent = Q(settled_at__gt=Now() - timedelta(days=FIGURES_DAYS))
    counted = dict.fromkeys(State.values, 0)
    for rows in (LedgerRow.objects.filter(state__in=open_states), LedgerRow.objects.filter(recent)):
        counted |= dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return counted
