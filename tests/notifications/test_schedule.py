"""Wall clocks over every change of clocks: pure sums, no database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.schedule import at_wall_clock, week_of, weekly_occurrence

LONDON = ZoneInfo("Europe/London")
ZONES = st.sampled_from(
    [LONDON, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]
)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "instant"),
    [
        (date(2026, 11, 23), time(8), "Europe/London", "2026-11-23T08:00"),
        (date(2026, 7, 6), time(8), "Europe/London", "2026-07-06T07:00"),
        (date(2026, 3, 29), time(1, 30), "Europe/London", "2026-03-29T01:00"),  # does not exist: first valid minute
        (date(2026, 3, 29), time(2, 0), "Europe/London", "2026-03-29T01:00"),
        (date(2026, 3, 29), time(0, 59), "Europe/London", "2026-03-29T00:59"),
        (date(2026, 10, 25), time(1, 30), "Europe/London", "2026-10-25T00:30"),  # comes twice: the first
        (date(2026, 10, 25), time(2, 0), "Europe/London", "2026-10-25T02:00"),
        (date(2026, 10, 4), time(2, 10), "Australia/Lord_Howe", "2026-10-03T15:30"),  # a gap of half an hour
        (date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe", "2026-04-04T14:45"),  # half an hour comes twice
        (date(2026, 3, 8), time(2, 30), "America/St_Johns", "2026-03-08T05:30"),
        (date(2011, 12, 30), time(12), "Pacific/Apia", "2011-12-30T10:00"),  # a day that never was
    ],
)
def test_a_wall_clock_time_as_an_instant(day: date, clock: time, zone: str, instant: str) -> None:
    assert at_wall_clock(day, clock, ZoneInfo(zone)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), clock=st.times(), zone=ZONES)
def test_a_time_that_exists_is_kept_and_one_that_does_not_is_never_early(
    day: date, clock: time, zone: ZoneInfo
) -> None:
    local = at_wall_clock(day, clock.replace(microsecond=0), zone).astimezone(zone)

    assert local.date() == day
    assert local.time() >= clock.replace(microsecond=0)
    assert local.fold == 0
    assert datetime.combine(day, local.time()) - datetime.combine(day, clock) <= timedelta(hours=1)


@given(days=st.integers(0, 5000), seconds=st.integers(0, 86_399), zone=ZONES)
def test_the_last_monday_morning_is_within_the_week_and_not_in_the_future(
    days: int, seconds: int, zone: ZoneInfo
) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days, seconds=seconds)

    last = weekly_occurrence(at, weekday=0, clock=time(8), zone=zone)

    assert last <= at < last + timedelta(days=7, hours=2)
    assert (last.astimezone(zone).weekday(), last.astimezone(zone).time()) == (0, time(8))


def test_eight_in_the_morning_stays_eight_over_both_changes_of_clocks() -> None:
    mondays = [datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((3, 23), (3, 30), (10, 19), (10, 26))]

    found = [weekly_occurrence(at, weekday=0, clock=time(8), zone=LONDON).hour for at in mondays]

    assert found == [8, 7, 7, 8]


def test_weeks_are_the_readers_own() -> None:
    at = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)

    assert (week_of(at, LONDON), week_of(at, ZoneInfo("Asia/Kathmandu"))) == ("2026-W01", "2026-W02")
