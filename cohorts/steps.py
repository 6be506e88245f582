"""What is still missing before a cohort's next step: a registry, because most of it is known by apps below this one.

What *must* be put right first is refused by the action that moves the cohort; the rest is worth knowing, and told. All
that is counted is asked for in one query, on the page and in the action alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cohorts.models import Cohort


@dataclass(frozen=True)
class Missing:
    """One line: what is missing, and the page where it is put right."""

    words: str
    link: str
    path: str
    must: bool = False


@dataclass(frozen=True)
class Step:
    """The step that is looked at. `cohort` is as it stands in the database, its programme with it."""

    cohort: Cohort
    before: str
    to: str
    today: date
    counts: dict[str, int]


@dataclass(frozen=True)
class Look:
    """What one app looks at: rows to count by name, for a cohort and a moment, and the lines that follow."""

    counts: Callable[[Cohort, datetime], dict[str, QuerySet[Any]]]
    lines: Callable[[Step], Iterable[Missing]]


_looks: dict[str, Look] = {}


def register(name: str, look: Look) -> None:
    _looks[name] = look


def missing_before(cohort: Cohort, *, before: str, to: str, at: datetime) -> list[Missing]:
    """What is missing for the step from `before` to `to`, what must be put right first. One query."""
    wanted = {name: look.counts(cohort, at) for name, look in _looks.items()}
    counted = {f"{name}_{key}": _count(rows) for name, one in wanted.items() for key, rows in one.items()}
    current = Cohort.objects.select_related("programme").annotate(**counted).get(pk=cohort.pk)
    lines: list[Missing] = []
    for name, look in _looks.items():
        counts = {key: getattr(current, f"{name}_{key}") for key in wanted[name]}
        today = at.astimezone(current.zone).date()
        lines += look.lines(Step(current, before, to, today, counts))
    return sorted(lines, key=lambda line: not line.must)


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(together=Value(1)).values("together").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
