from datetime import UTC, date, datetime

import pytest

from cohorts.enquiries import days


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 26), 2, date(2026, 11, 30)),
        (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 11, 28), 2, date(2026, 12, 1)),
        (date(2026, 11, 29), 5, date(2026, 12, 4)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_weekends_are_no_working_days(day: date, number: int, later: date) -> None:
    assert days.working_days_after(day, number) == later


@pytest.mark.parametrize(
    ("day", "words"),
    [(20, "3 days late"), (22, "1 day late"), (23, "today"), (24, "tomorrow"), (27, "in 4 days")],
)
def test_a_day_is_said_in_words(day: int, words: str) -> None:
    assert days.in_words(date(2026, 11, day), date(2026, 11, 23)) == words


def test_a_summer_night_is_already_the_next_day_in_the_office() -> None:
    assert days.today_at(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert days.today_at(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)
