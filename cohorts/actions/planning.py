"""A new cohort and its sessions, from a plan that was looked at."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cohorts.actions.cohorts import create_cohort
from cohorts.actions.sessions import add_session
from cohorts.exceptions import MadeBefore
from cohorts.models import Cohort, Programme


@dataclass(frozen=True)
class SessionTerms:
    """One session as it was looked at: what it is called, and when it is."""

    title: str
    held_on: date
    starts_at: time
    duration_minutes: int


@transaction.atomic
def create_planned_cohort(
    *,
    programme: Programme,
    by: User,
    name: str,
    places: int,
    starts_on: date,
    ends_on: date,
    sessions: Sequence[SessionTerms],
    made_key: UUID,
    at: datetime | None = None,
) -> Cohort:
    """Start a draft with its sessions. Called by managers.

    A second call with the same `made_key` returns what the first made; raises MadeBefore when its terms were others.
    """
    at = at or timezone.now()
    # Held, so that the second of two clicks waits for the first and finds what it made.
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    there = Cohort.objects.filter(made_key=made_key).first()
    if there:
        planned = there.sessions.values_list("title", "held_on", "starts_at", "duration_minutes")
        if set(planned) != {astuple(one) for one in sessions}:
            raise MadeBefore(there)
    cohort = create_cohort(
        programme=locked,
        by=by,
        name=name,
        places=places,
        starts_on=starts_on,
        ends_on=ends_on,
        made_key=made_key,
        at=at,
    )
    if there:
        return cohort
    for one in sessions:
        add_session(
            cohort=cohort,
            by=by,
            title=one.title,
            held_on=one.held_on,
            starts_at=one.starts_at,
            duration_minutes=one.duration_minutes,
            at=at,
        )
    return cohort
