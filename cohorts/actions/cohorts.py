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
from cohorts.actions.rows import as_made, save_with_slug, set_fields
from cohorts.actions.sessions import mail_keys, plan_anew, tell_of_zone
from cohorts.exceptions import NotReady, PlacesTaken, StateChanged
from cohorts.models import Cohort, CohortStateChange, Programme, Session
from notifications.actions import void_mail

TERMS = ("programme_id", "name", "summary", "places", "starts_on", "ends_on", "time_zone")


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
    """Start a cohort as a draft that only managers see. `places` counts pairs.

    A second call with the same `made_key` returns what the first made; raises MadeBefore when its terms were others.
    """
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
    saved = save_with_slug(cohort, fallback="cohort")
    if saved is not cohort:
        return as_made(saved, cohort, TERMS)
    audit.record(verb="cohort.created", by=by, target=cohort, places=places)
    return cohort


@transaction.atomic
def edit_cohort(*, cohort: Cohort, by: User, seen: str = "", at: datetime | None = None, **fields: Any) -> int:
    """Change name, summary, places, dates, zone, or how it takes applications and makes offers; its address stays.

    A new zone keeps every session at its wall-clock time, and whoever has sessions to come is told of their new moments
    in one mail. Returns how many were told. `seen` is the mark of what the form showed. Raises CohortArchived,
    ChangedMeanwhile, and PlacesTaken for fewer places than are taken.
    """
    at = at or timezone.now()
    locked = lock(cohort)
    if fields.get("places", locked.places) < locked.places_taken:
        raise PlacesTaken
    before = [(session, session.starts) for session in _planned(locked)]
    if not set_fields(locked, fields, seen=seen):
        return 0
    audit.record(verb="cohort.edited", by=by, target=locked)
    moved = [(session, was) for session, was in before if session.starts != was]
    for session, _was in moved:
        void_mail(dedupe_keys=mail_keys(session), reason="session_moved")
        plan_anew(session, at=at)
    if not any(max(session.starts, was) > at for session, was in moved):
        return 0
    return tell_of_zone(locked, at=at)


def _planned(cohort: Cohort) -> list[Session]:
    """Its sessions, each with this very cohort, so that they follow its zone."""
    sessions = list(cohort.sessions.planned())
    for session in sessions:
        session.cohort = cohort
    return sessions


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
