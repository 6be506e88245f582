"""Days moved from one run of a programme to the next, without ORM or clock."""

from datetime import date, timedelta

WEEK = 7


def days_between(first: date, new_first: date, *, keeps_weekdays: bool) -> int:
    """By how many days everything moves when the first day moves.

    To keep its weekdays everything moves by whole weeks: so many that nothing comes before the new first day, so up to
    six days more than the first day itself.
    """
    days = (new_first - first).days
    return -(-days // WEEK) * WEEK if keeps_weekdays else days


def moved(day: date, days: int) -> date:
    """The same day, so many days later. What clocks show on it stays: wall-clock times are kept beside it."""
    return day + timedelta(days=days)
