"""Sessions: planned, changed, called off, and what people are told of them."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.actions.places import lock
from cohorts.actions.rows import as_made, set_fields
from cohorts.exceptions import SessionCancelled
from cohorts.models import Cohort, Session
from notifications.actions import queue_mail, void_mail

WORDS = ("cohort_id", "title", "held_on", "starts_at", "duration_minutes", "place", "online_link", "access_notes")


@transaction.atomic
def add_session(
    *,
    cohort: Cohort,
    by: User | None,
    title: str,
    held_on: date,
    starts_at: time,
    duration_minutes: int = 60,
    place: str = "",
    online_link: str = "",
    access_notes: str = "",
    made_key: UUID | None = None,
    at: datetime | None = None,
) -> Session:
    """Plan a session at a wall-clock time in the cohort's zone.

    A second call with the same `made_key` returns what the first made. Raises CohortArchived, and MadeBefore when its
    words were others.
    """
    locked = lock(cohort)
    now = at or timezone.now()
    session = Session(
        cohort=locked,
        title=title,
        held_on=held_on,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        place=place,
        online_link=online_link,
        access_notes=access_notes,
        made_key=made_key,
        created_at=now,
        timed_at=now,
    )
    there = Session.objects.filter(made_key=made_key).first() if made_key else None
    if there:
        return as_made(there, session, WORDS)
    session.save(force_insert=True)
    audit.record(verb="session.added", by=by, target=session, cohort=locked.pk)
    return session


@transaction.atomic
def change_session(
    *, session: Session, by: User, seen: str = "", at: datetime | None = None, **fields: Any
) -> tuple[Session, int]:
    """Change a session and tell its participants when its time or place is another, if it is still to come.

    Its unsent reminders are voided and planned anew, never for a moment already past. Returns it as it is now, and how
    many were told. `seen` is the mark of what the form showed. Raises CohortArchived, SessionCancelled and
    ChangedMeanwhile.
    """
    at = at or timezone.now()
    cohort = lock(session.cohort)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    locked.cohort = cohort
    if locked.is_cancelled:
        raise SessionCancelled
    before = locked.starts, locked.duration_minutes, locked.place, locked.online_link
    was_to_come = locked.starts > at
    old_keys = mail_keys(locked)
    if not set_fields(locked, fields, seen=seen):
        return locked, 0
    audit.record(verb="session.changed", by=by, target=locked, cohort=cohort.pk)
    if before[0] != locked.starts:
        void_mail(dedupe_keys=old_keys, reason="session_moved")
        plan_anew(locked, at=at)
    if before != (locked.starts, locked.duration_minutes, locked.place, locked.online_link):
        locked.revision += 1
        locked.save(update_fields=["revision"])
        if locked.starts > at or was_to_come:
            return locked, tell_everybody(locked, kind="cohorts.session_changed", at=at)
    return locked, 0


@transaction.atomic
def cancel_session(*, session: Session, by: User, at: datetime | None = None) -> int | None:
    """Cancel a session, void its unsent mail and tell its participants if it was still to come.

    Returns how many were told; None on a second call, which changes nothing. Raises CohortArchived.
    """
    at = at or timezone.now()
    session.cohort = lock(session.cohort)
    if not Session.objects.planned().filter(pk=session.pk).update(cancelled_at=at, revision=F("revision") + 1):
        return None
    void_mail(dedupe_keys=mail_keys(session), reason="session_cancelled")
    session.refresh_from_db(fields=["cancelled_at", "revision"])
    audit.record(verb="session.cancelled", by=by, target=session, cohort=session.cohort_id)
    return tell_everybody(session, kind="cohorts.session_cancelled", at=at) if session.starts > at else 0


@transaction.atomic
def plan_reminders(*, session: Session, at: datetime) -> int:
    """Queue the reminder of one session that has fallen due, once; how many were queued.

    Called by the minute sweep. Goes to live participants who had joined when it fell due: late joiners get none, nor
    does anybody for a session already begun, and none when the time was changed after that moment, because the mail
    about the change has just said it.
    """
    unplanned = Session.objects.planned().filter(pk=session.pk, moves=session.moves, reminders_planned_at=None)
    if not unplanned.update(reminders_planned_at=at):
        return 0
    due_at = session.reminder_due_at
    if session.starts <= at or (session.moves and session.timed_at > due_at):
        return 0
    people = session.cohort.participants.live().filter(joined_at__lte=max(due_at, session.timed_at))
    rows = [
        queue_mail(
            kind="cohorts.session_reminder",
            address=participant.user.email,
            recipient=participant.user,
            dedupe_key=reminder_key(session, participant.user_id),
            ids={"session": session.pk, "participant": participant.pk},
            due_at=due_at,
            expires_at=session.starts,
        )
        for participant in people.select_related("user").order_by("pk")
    ]
    return sum(row is not None for row in rows)


def reminder_key(session: Session, user_id: int | None) -> str:
    """One reminder for each person and each time the session was given."""
    return f"reminder:{session.pk}:{user_id}:{session.held_on}:{session.moves}"


def changed_key(session: Session, user_id: int) -> str:
    return f"session:{session.pk}:{user_id}:{session.revision}"


def mail_keys(session: Session) -> list[str]:
    people = session.cohort.participants.values_list("user_id", flat=True)
    return [key for user_id in people for key in (reminder_key(session, user_id), changed_key(session, user_id))]


def plan_anew(session: Session, *, at: datetime) -> None:
    """A new time: the reminder may fall due again, unless that moment is past."""
    session.moves += 1
    session.timed_at = at
    session.reminders_planned_at = None
    session.save(update_fields=["moves", "timed_at", "reminders_planned_at"])


def tell_everybody(session: Session, *, kind: str, at: datetime) -> int:
    """One mail to each who takes part; how many that is."""
    rows = [
        queue_mail(
            kind=kind,
            address=participant.user.email,
            recipient=participant.user,
            dedupe_key=changed_key(session, participant.user_id),
            ids={"session": session.pk, "participant": participant.pk, "revision": session.revision},
            due_at=at,
        )
        for participant in session.cohort.participants.live().select_related("user").order_by("pk")
    ]
    return sum(row is not None for row in rows)


def tell_of_zone(cohort: Cohort, *, at: datetime) -> int:
    """One mail to each who takes part, with the new moments of all that is to come; how many that is."""
    rows = [
        queue_mail(
            kind="cohorts.zone_changed",
            address=participant.user.email,
            recipient=participant.user,
            dedupe_key=f"zone:{cohort.pk}:{participant.user_id}:{at.isoformat()}",
            ids={"participant": participant.pk, "zone": cohort.time_zone},
            due_at=at,
        )
        for participant in cohort.participants.live().select_related("user").order_by("pk")
    ]
    return sum(row is not None for row in rows)
