"""14:00 London stays 14:00 London."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import Cohort, Session
from cohorts.schedules import is_skipped, moment

LONDON = "Europe/London"


def utc(held_on: date, starts_at: time, time_zone: str = LONDON) -> datetime:
    return moment(held_on=held_on, starts_at=starts_at, time_zone=time_zone).astimezone(UTC)


def test_14_00_is_14_00_before_and_after_the_clocks_change() -> None:
    assert utc(date(2027, 3, 27), time(14)) == datetime(2027, 3, 27, 14, tzinfo=UTC)
    assert utc(date(2027, 3, 28), time(14)) == datetime(2027, 3, 28, 13, tzinfo=UTC)
    assert utc(date(2027, 10, 30), time(14)) == datetime(2027, 10, 30, 13, tzinfo=UTC)
    assert utc(date(2027, 10, 31), time(14)) == datetime(2027, 10, 31, 14, tzinfo=UTC)


def test_a_time_the_clocks_skip_moves_on_by_the_missing_hour() -> None:
    shown = moment(held_on=date(2027, 3, 28), starts_at=time(1, 30), time_zone=LONDON)

    assert (shown.time(), shown.utcoffset()) == (time(2, 30), timedelta(hours=1))
    assert is_skipped(held_on=date(2027, 3, 28), starts_at=time(1, 30), time_zone=LONDON)
    assert not is_skipped(held_on=date(2027, 3, 28), starts_at=time(2, 30), time_zone=LONDON)


def test_a_time_that_comes_twice_means_the_first() -> None:
    assert utc(date(2027, 10, 31), time(1, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_session_over_a_clock_change_is_as_long_as_it_says() -> None:
    session = Session(
        cohort=Cohort(time_zone=LONDON), held_on=date(2027, 10, 31), starts_at=time(0, 30), duration_minutes=120
    )

    assert session.ends.astimezone(UTC) - session.starts.astimezone(UTC) == timedelta(hours=2)


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.times(),
    st.sampled_from([LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_the_clock_shows_what_was_planned_unless_it_skips_that_time(held_on: date, starts_at: time, zone: str) -> None:
    shown = moment(held_on=held_on, starts_at=starts_at, time_zone=zone)

    assert is_skipped(held_on=held_on, starts_at=starts_at, time_zone=zone) or (shown.date(), shown.time()) == (
        held_on,
        starts_at,
    )
