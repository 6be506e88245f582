"""Cohorts: planned, put right, and moved along their map."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts import steps
from cohorts.actions.places import lock
from cohorts.actions.rows import save_with_slug, set_fields
from cohorts.actions.sessions import mail_keys, plan_anew
from cohorts.exceptions import NotReady, PlacesTaken, StateChanged
from cohorts.models import Cohort, CohortStateChange, Programme
from notifications.actions import void_mail


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    by: User | None,
    name: str,
    places: int,
    starts_on: date,
    ends_on: date,
    time_zone: str = "Europe/London",
    summary: str = "",
    made_key: UUID | None = None,
    at: datetime | None = None,
) -> Cohort:
    """Start a cohort as a draft that only managers see. `places` counts pairs."""
    cohort = Cohort(
        programme=programme,
        name=name,
        summary=summary,
        places=places,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
        made_key=made_key,
        created_at=at or timezone.now(),
    )
    save_with_slug(cohort, name, fallback="cohort")
    audit.record(verb="cohort.created", by=by, target=cohort, places=places)
    return cohort


@transaction.atomic
def edit_cohort(*, cohort: Cohort, by: User, **fields: Any) -> Cohort:
    """Change name, summary, places, dates, zone, or how it takes applications and makes offers; its address stays.

    A new zone keeps every session at its wall-clock time. Raises CohortArchived, and PlacesTaken for fewer places than
    are taken.
    """
    locked = lock(cohort)
    if fields.get("places", locked.places) < locked.places_taken:
        raise PlacesTaken
    zone_before = locked.time_zone
    set_fields(locked, fields)
    if locked.time_zone != zone_before:
        for session in locked.sessions.planned():
            plan_anew(session, at=timezone.now())
    audit.record(verb="cohort.edited", by=by, target=locked)
    return locked


@transaction.atomic
def move_cohort(*, cohort: Cohort, to: str, by: User | None, at: datetime | None = None) -> Cohort:
    """Take the next step on the cohort's map.

    `cohort.state` is where the caller saw it: of two clicks one wins, the other raises StateChanged, as does a step the
    map does not have. NotReady when something must be put right first (cohorts.steps). Archiving voids the cohort's
    unsent mail.
    """
    if to not in Cohort.NEXT_STATES.get(cohort.state, ()):
        raise StateChanged
    at = at or timezone.now()
    moved = Cohort.objects.filter(pk=cohort.pk, state=cohort.state).update(state=to)
    if not moved:
        raise StateChanged
    # Looked at with the row held: what must be there cannot go away before the step is taken.
    if any(line.must for line in steps.missing_before(cohort, before=cohort.state, to=to, at=at)):
        raise NotReady
    CohortStateChange.objects.create(cohort=cohort, from_state=cohort.state, to_state=to, by=by, at=at)
    audit.record(verb="cohort.moved", by=by, target=cohort, from_state=cohort.state, to_state=to)
    cohort.state = to
    if cohort.is_archived:
        for session in cohort.sessions.planned():
            void_mail(dedupe_keys=mail_keys(session), reason="cohort_archived")
    return cohort
