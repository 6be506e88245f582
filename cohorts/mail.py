"""The mail this app sends, its reminder schedule and its part of the digest."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts import actions
from cohorts.models import Cohort, Participant, Session
from config.links import absolute
from notifications import digests, reminders
from notifications.digests import DigestSection
from notifications.kinds import Category, MailKind, register
from notifications.models import LedgerRow


def _about(row: LedgerRow) -> tuple[Session, Participant]:
    session = Session.objects.select_related("cohort__programme").get(pk=row.ids["session"])
    return session, Participant.objects.select_related("user").get(pk=row.ids["participant"])


def _of_no_use(row: LedgerRow) -> str | None:
    session, participant = _about(row)
    if participant.ended_at is not None:
        return "left"
    if session.cohort.is_archived:
        return "cohort_archived"
    return None


def reminder_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Not to somebody who left, for an archived cohort, or a session cancelled, moved or begun."""
    session, _participant = _about(row)
    if session.is_cancelled:
        return "session_cancelled"
    if row.dedupe_key != actions.reminder_key(session, row.recipient_id):
        return "session_moved"
    if session.starts <= at:
        return "too_late"
    return _of_no_use(row)


def change_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """The newest change only, while the session is still to come."""
    session, _participant = _about(row)
    if session.is_cancelled or row.ids["revision"] != session.revision:
        return "superseded"
    return "too_late" if session.starts <= at else _of_no_use(row)


def cancellation_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    session, _participant = _about(row)
    return "too_late" if session.starts <= at else _of_no_use(row)


def zone_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """The newest zone only, while something is still to come, and not to somebody who left."""
    participant = _participant(row)
    if participant.ended_at is not None:
        return "left"
    if participant.cohort.is_archived:
        return "cohort_archived"
    if participant.cohort.time_zone != row.ids["zone"]:
        return "superseded"
    return None if _to_come(participant.cohort, at) else "too_late"


def _participant(row: LedgerRow) -> Participant:
    about = Participant.objects.select_related("user", "cohort__programme")
    return about.get(pk=row.ids["participant"])


def _to_come(cohort: Cohort, at: datetime) -> list[Session]:
    sessions = list(cohort.sessions.planned().in_order())
    for session in sessions:
        session.cohort = cohort
    return [session for session in sessions if session.starts > at]


def render_zone(row: LedgerRow) -> dict[str, Any]:
    participant = _participant(row)
    return {
        "sessions": _to_come(participant.cohort, timezone.now()),
        "cohort": participant.cohort,
        "programme": participant.cohort.programme,
        "user": participant.user,
        "link": absolute(reverse("cohorts:my_sessions")),
    }


def render_session(row: LedgerRow) -> dict[str, Any]:
    session, participant = _about(row)
    return {
        "session": session,
        "cohort": session.cohort,
        "programme": session.cohort.programme,
        "user": participant.user,
        "when": f"{session.starts.astimezone(participant.user.zone):%A %-d %B, %H:%M}",
        "link": absolute(reverse("cohorts:my_sessions")),
    }


register(
    MailKind(
        name="cohorts.session_reminder",
        title="Session reminder",
        category=Category.REMINDER,
        template="mail/cohorts/reminder",
        on_lost_lease="requeue",
        still_wanted=reminder_still_wanted,
        render=render_session,
    )
)
register(
    MailKind(
        name="cohorts.session_changed",
        title="Session changed",
        template="mail/cohorts/session_changed",
        still_wanted=change_still_wanted,
        render=render_session,
    )
)
register(
    MailKind(
        name="cohorts.zone_changed",
        title="Times of the sessions changed",
        template="mail/cohorts/zone_changed",
        still_wanted=zone_still_wanted,
        render=render_zone,
    )
)
register(
    MailKind(
        name="cohorts.session_cancelled",
        title="Session cancelled",
        template="mail/cohorts/session_cancelled",
        still_wanted=cancellation_still_wanted,
        render=render_session,
    )
)


def plan_due_reminders(at: datetime) -> None:
    """Queue the reminders of every session that begins within the lead time; each session is planned once."""
    until = at + timedelta(hours=settings.SESSION_REMINDER_LEAD_HOURS)
    waiting = Session.objects.planned().filter(reminders_planned_at=None).exclude(cohort__state="archived")
    for session in waiting.around(at, until).select_related("cohort").in_order():
        if at < session.starts <= until:
            actions.plan_reminders(session=session, at=at)


def coming_up(user: User, since: datetime, until: datetime) -> DigestSection | None:
    """The sessions of the reader's own cohorts in the week after the digest."""
    week = until + timedelta(days=7)
    mine = Session.objects.planned().of_participant(user).around(until, week)
    lines = [
        (f"{session.title}, {session.starts.astimezone(user.zone):%A %-d %B, %H:%M}", reverse("cohorts:my_sessions"))
        for session in mine.select_related("cohort").in_order()
        if until <= session.starts < week
    ]
    return DigestSection("Coming up", lines) if lines else None


reminders.register("cohorts.sessions", plan_due_reminders)
digests.register(coming_up)
