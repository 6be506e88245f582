"""A log seen from further away: a month, the same week last year, and where the entries have been.

All of it is worked out from a `finding.Log`, which holds nothing that its reader may not read.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from learning_log.finding import Line, Log
from learning_log.models import Entry

MOST_QUARTERS = 6  # side by side; what is older stands together


def entries_of(log: Log) -> list[Line]:
    """One line an entry, the reader's own where they have one, the newest first."""
    chosen: dict[int, Line] = {}
    for line in log.newest_first():
        if line.entry not in chosen or line.author == log.user.pk:
            chosen[line.entry] = line
    return list(chosen.values())


# ---- The month ----


@dataclass(frozen=True)
class Day:
    day: date
    is_outside: bool
    entries: Sequence[Line]


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; `before` and `after` are the first days of the months beside it."""

    first: date
    weeks: Sequence[Sequence[Day]]
    before: date | None
    after: date | None
    count: int


def month_of(log: Log, first: date) -> Month:
    by_day: dict[date, list[Line]] = {}
    for line in reversed(entries_of(log)):
        by_day.setdefault(line.day, []).append(line)
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    weeks = [[Day(day, day.month != first.month, by_day.get(day, ())) for day in week] for week in days]
    inside = [one for week in weeks for one in week if not one.is_outside]
    return Month(
        first, weeks, _month_beside(first, -1), _month_beside(first, 31), sum(len(one.entries) for one in inside)
    )


def _month_beside(first: date, days: int) -> date | None:
    """None at either end of the years that Python and the page can name."""
    try:
        beside = (first + timedelta(days=days)).replace(day=1)
        return beside if date.min.year < beside.year < date.max.year else None
    except OverflowError:
        return None


# ---- A year ago ----


def a_year_ago(log: Log, today: date) -> list[Line]:
    """What happened in the same week, Monday to Sunday, of last year; the earliest first."""
    try:
        then = today.replace(year=today.year - 1)
    except ValueError:  # 29 February
        then = today.replace(year=today.year - 1, day=28)
    monday = then - timedelta(days=then.weekday())
    return [line for line in reversed(entries_of(log)) if monday <= line.day <= monday + timedelta(days=6)]


# ---- Where the entries have been ----


@dataclass(frozen=True)
class Quarter:
    """Three months; no first day: everything older than the others."""

    first: date | None

    @property
    def last(self) -> date | None:
        return _month_beside(self.first, 70) if self.first else None


@dataclass(frozen=True)
class Circle:
    """How often one approach was touched in one quarter, and its place in the picture."""

    count: int
    x: int
    y: int
    radius: float


@dataclass(frozen=True)
class Row:
    value: str
    approach: str
    circles: Sequence[Circle]
    total: int
    y: int


@dataclass(frozen=True)
class Balance:
    """The five approaches by quarter: a picture and its table say the same."""

    quarters: Sequence[tuple[Quarter, int]]
    rows: Sequence[Row]
    entries: int
    unfiled: int
    height: int


ROW_HEIGHT = 84
LEFT = 60
WIDTH = 660


def balance_of(log: Log) -> Balance:
    """Over the entries of the reader's own pairs; an entry that touches two approaches counts with each."""
    entries = [line for line in entries_of(log) if line.pair in log.pairs]
    quarters = _quarters(line.day for line in entries)
    counted = Counter((_place(quarters, line.day), value) for line in entries for value in line.approaches)
    most = max(counted.values(), default=1)
    step = (WIDTH - 2 * LEFT) // max(1, len(quarters) - 1) if len(quarters) > 1 else 0
    xs = [LEFT + step * place for place in range(len(quarters))]
    rows = []
    for number, theme in enumerate(Entry.Theme):
        counts = [counted[place, theme.value] for place in range(len(quarters))]
        y = number * ROW_HEIGHT + 54
        circles = [
            Circle(count, x, y, round(4 + 20 * (count / most) ** 0.5, 1) if count else 0)
            for count, x in zip(counts, xs, strict=True)
        ]
        rows.append(Row(theme.value, str(theme.label), circles, sum(counts), y))
    unfiled = sum(not line.approaches for line in entries)
    return Balance(list(zip(quarters, xs, strict=True)), rows, len(entries), unfiled, len(rows) * ROW_HEIGHT + 40)


def _quarters(days: Iterable[date]) -> list[Quarter]:
    firsts = sorted({_quarter(day) for day in days})
    newest = [Quarter(first) for first in firsts[-MOST_QUARTERS:]]
    return newest if len(firsts) <= MOST_QUARTERS else [Quarter(None), *newest[1:]]


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _place(quarters: Sequence[Quarter], day: date) -> int:
    first = _quarter(day)
    return next((place for place, quarter in enumerate(quarters) if quarter.first == first), 0)
