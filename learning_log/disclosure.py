"""Which figures about pairs may be shown, so that no pair can be read from them or from their differences.

A figure is shown as "at least": rounded down to a multiple of five, and never within five of the number of pairs,
which the readers know. So any two figures of a table, that number included, are the same or five and more apart, and
no subtraction leaves a group of one to four. No ORM, no clock but the one that is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

STEP = 5


@dataclass(frozen=True)
class Table:
    """What is shown of one count of pairs: `total` and each of `cells` a multiple of five from 5, or None: withheld."""

    pairs: int
    total: int | None
    cells: Mapping[str, int | None]

    @property
    def shows_anything(self) -> bool:
        return self.total is not None


def shown(count: int, *, pairs: int) -> int | None:
    """`count` of `pairs` as "at least so many"; None where even that would be a group under five or leave one."""
    safe = min(count, pairs - STEP)
    rounded = safe - safe % STEP
    return rounded if rounded >= STEP else None


def table(*, pairs: int, total: int, cells: Mapping[str, int]) -> Table:
    """`total` of `pairs` have what is counted, and of them so many fall in each cell (one pair may be in several)."""
    return Table(pairs, shown(total, pairs=pairs), {name: shown(count, pairs=pairs) for name, count in cells.items()})


def as_of(at: datetime, zone: tzinfo) -> datetime:
    """The Monday, 00:00 in `zone`, up to which things are counted: a single change cannot be watched as it happens."""
    today: date = at.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), tzinfo=zone)
