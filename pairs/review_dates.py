"""When a pair under the radar is asked whether it goes on."""

import calendar
from datetime import date

FIRST_MONTHS, MOST_MONTHS = 3, 12


def first_review_on(today: date) -> date:
    """The day suggested, and the next one when they go on."""
    return months_later(today, FIRST_MONTHS)


def last_review_on(today: date) -> date:
    return months_later(today, MOST_MONTHS)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: 30 November and three months is 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
