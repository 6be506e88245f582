"""The days of the charity's calendar: working days, and a day as one says it. No clock and no database."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Enquiries are answered from one office, so their days are its days, wherever a cohort meets.
OFFICE = ZoneInfo("Europe/London")

ANSWERED_WITHIN = 2  # working days, as the public page promises
HEARD_AGAIN_AFTER = 5  # working days, until one asks whether an answer was enough

_SATURDAY = 5


def today_at(at: datetime) -> date:
    """The office's day at this instant."""
    return at.astimezone(OFFICE).date()


def working_days_after(day: date, number: int) -> date:
    """The day so many working days later. Bank holidays count as working days: the list of them is not ours."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < _SATURDAY
    return day


def in_words(day: date, today: date) -> str:
    """How far away a day is, as one says it: “3 days late”, “today”, “tomorrow”, “in 4 days”."""
    away = (day - today).days
    if away < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -away) % {"days": -away}
    if away == 0:
        return _("today")
    return _("tomorrow") if away == 1 else _("in %(days)s days") % {"days": away}
