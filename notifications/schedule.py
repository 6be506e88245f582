"""Wall clocks and zones, without a clock of its own: "8 am on Monday" as an instant, over every clock change."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def at_wall_clock(day: date, clock: time, zone: tzinfo) -> datetime:
    """When it is `clock` on `day` in `zone`, in UTC.

    A time that the spring change leaves out becomes the first minute that exists; of a time that the autumn change
    gives twice, it is the first.
    """
    local = datetime.combine(day, clock.replace(fold=0), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(instant, zone)


def _end_of_gap(instant: datetime, zone: tzinfo) -> datetime:
    """The change of clocks nearest before `instant`: the first minute that exists after a gap."""
    after = instant.astimezone(zone).utcoffset()
    early, late = instant - timedelta(hours=25), instant  # the widest gap so far was a whole day
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def week_of(at: datetime, zone: tzinfo) -> str:
    """The ISO week on the reader's own calendar, such as "2026-W48"."""
    year, week, _ = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def weekly_occurrence(at: datetime, *, weekday: int, clock: time, zone: tzinfo) -> datetime:
    """The last time it was `clock` on `weekday` (0 is Monday) in `zone`, at or before `at`."""
    today = at.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    occurrence = at_wall_clock(day, clock, zone)
    return occurrence if occurrence <= at else at_wall_clock(day - timedelta(days=7), clock, zone)
