"""Wall-clock times in a zone, without ORM or clock."""

import zoneinfo
from datetime import UTC, date, datetime, time


def moment(*, held_on: date, starts_at: time, time_zone: str) -> datetime:
    """The instant of a wall-clock time, as an aware datetime in that zone.

    A time the clocks skip in spring (01:30 in London) moves on by the hour that is missing; one that comes twice in
    autumn means the first. So 14:00 stays 14:00 on both sides of a change.
    """
    zone = zoneinfo.ZoneInfo(time_zone)
    return datetime.combine(held_on, starts_at, tzinfo=zone).astimezone(UTC).astimezone(zone)


def is_skipped(*, held_on: date, starts_at: time, time_zone: str) -> bool:
    """Whether clocks in that zone never show this time on this day."""
    shown = moment(held_on=held_on, starts_at=starts_at, time_zone=time_zone)
    return (shown.date(), shown.time()) != (held_on, starts_at)


def comes_twice(*, held_on: date, starts_at: time, time_zone: str) -> bool:
    """Whether clocks in that zone show this time twice on this day, as they go back; the first is meant."""
    first = datetime.combine(held_on, starts_at, tzinfo=zoneinfo.ZoneInfo(time_zone))
    is_there = not is_skipped(held_on=held_on, starts_at=starts_at, time_zone=time_zone)
    return is_there and first.utcoffset() != first.replace(fold=1).utcoffset()
