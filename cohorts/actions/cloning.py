"""A new cohort from the plan of another."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts import copying
from cohorts.actions.people import assign_facilitator
from cohorts.actions.rows import save_with_slug
from cohorts.exceptions import NotAFacilitator
from cohorts.models import Cohort, Session
from cohorts.shifting import days_between, moved


@dataclass(frozen=True)
class CloneTerms:
    """What is chosen for a clone; everything else is the source's."""

    name: str
    starts_on: date
    places: int
    keeps_weekdays: bool = True
    tells_opens_on: bool = False
    with_facilitators: bool = False


SESSION_KEPT = ("title", "starts_at", "duration_minutes", "place", "online_link", "access_notes")


@transaction.atomic
def clone_cohort(*, cohort: Cohort, by: User, terms: CloneTerms, made_key: UUID, at: datetime | None = None) -> Cohort:
    """Make a draft with the plan of another cohort, its days moved. Called by managers; an archived one can be cloned.

    Copied are its settings, the sessions that are not cancelled, and what other apps register (cohorts.copying): never
    people, and never a state. Nobody is told, and no reminder falls due for what is past. A second call with the same
    `made_key` returns the clone there is.
    """
    at = at or timezone.now()
    # Held, so that a session that is being moved is copied as it was or as it will be, with the days to match.
    # Not `lock()`: that refuses an archived cohort, whose plan is often the one to use again.
    source = Cohort.objects.select_for_update().get(pk=cohort.pk)
    there = Cohort.objects.filter(made_key=made_key).first()
    if there:
        return there
    days = days_between(source.starts_on, terms.starts_on, keeps_weekdays=terms.keeps_weekdays)
    clone = _draft_like(source, terms, days=days, made_key=made_key, at=at)
    save_with_slug(clone, fallback="cohort")
    _copy_sessions(source, clone, days=days, at=at)
    copying.copy_all(source, clone, by=by, at=at)
    if terms.with_facilitators:
        _copy_facilitators(source, clone, by=by, at=at)
    audit.record(verb="cohort.cloned", by=by, target=clone, source=source.pk)
    return clone


def _draft_like(source: Cohort, terms: CloneTerms, *, days: int, made_key: UUID, at: datetime) -> Cohort:
    return Cohort(
        programme_id=source.programme_id,
        name=terms.name,
        summary=source.summary,
        places=terms.places,
        starts_on=terms.starts_on,
        ends_on=moved(source.ends_on, days),
        time_zone=source.time_zone,
        # A draft with a day on which it opens stands on the public page, so that is asked for.
        opens_on=moved(source.opens_on, days) if source.opens_on and terms.tells_opens_on else None,
        apply_by=moved(source.apply_by, days) if source.apply_by else None,
        offer_days=source.offer_days,
        offers_from_reserve=source.offers_from_reserve,
        cloned_from=source,
        made_key=made_key,
        created_at=at,
    )


def _copy_sessions(source: Cohort, clone: Cohort, *, days: int, at: datetime) -> None:
    """As if they had been planned now: whatever was planned, moved or told before stays with the source."""
    Session.objects.bulk_create(
        Session(
            cohort=clone,
            held_on=moved(session.held_on, days),
            created_at=at,
            timed_at=at,
            **{name: getattr(session, name) for name in SESSION_KEPT},
        )
        for session in source.sessions.planned().in_order()
    )


def _copy_facilitators(source: Cohort, clone: Cohort, *, by: User, at: datetime) -> None:
    for assignment in source.staff_assignments.live().select_related("user").order_by("pk"):
        try:
            assign_facilitator(cohort=clone, user=assignment.user, by=by, at=at)
        except NotAFacilitator:  # the role has ended since
            continue
