"""The days of sessions before there are any: what a clone or a plan would make, and what to look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import gettext as _

from cohorts.models import Session
from cohorts.schedules import comes_twice, is_skipped
from cohorts.shifting import moved


@dataclass(frozen=True)
class PlannedDay:
    """One session to be: the day it has in the cohort it comes from, and the day it would have."""

    title: str
    before: date
    after: date
    starts_at: time
    warnings: list[str]


def days_of(sessions: Iterable[Session], *, days: int, time_zone: str, today: date) -> list[PlannedDay]:
    """What a clone would hold, in order."""
    return [
        PlannedDay(
            title=session.title,
            before=session.held_on,
            after=moved(session.held_on, days),
            starts_at=session.starts_at,
            warnings=warnings_about(moved(session.held_on, days), session.starts_at, time_zone=time_zone, today=today),
        )
        for session in sessions
    ]


def warnings_about(held_on: date, starts_at: time, *, time_zone: str, today: date) -> list[str]:
    """What somebody would want to know of a session on this day; nothing of it stops them."""
    said = []
    if held_on < today:
        said.append(_("In the past"))
    if is_skipped(held_on=held_on, starts_at=starts_at, time_zone=time_zone):
        said.append(_("The clocks go forward: this time does not exist on that day"))
    if comes_twice(held_on=held_on, starts_at=starts_at, time_zone=time_zone):
        said.append(_("The clocks go back: this time comes twice on that day"))
    return said
