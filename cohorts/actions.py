"""What can be done with programmes, cohorts and sessions.

Every action is called by a programme manager unless it says otherwise; the views see to that. `at` left out is now.
"""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.exceptions import (
    AlreadyTakingPart,
    CohortArchived,
    NoPlaceLeft,
    NotAFacilitator,
    NotTakingPart,
    PlacesTaken,
    SessionCancelled,
    StateChanged,
)
from cohorts.models import Break, Cohort, CohortStateChange, Participant, Programme, Session, StaffAssignment
from notifications.actions import queue_mail, void_mail

# ---- Programmes ----


@transaction.atomic
def create_programme(
    *,
    by: User | None,
    name: str,
    charity: str,
    summary: str = "",
    who_for: str = "",
    led_by: str = "",
    paid_for: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    at: datetime | None = None,
) -> Programme:
    """Start a programme. It is public once one of its cohorts is opened."""
    programme = Programme(
        name=name,
        charity=charity,
        summary=summary,
        who_for=who_for,
        led_by=led_by,
        paid_for=paid_for,
        contact_email=contact_email.strip().lower(),
        contact_phone=contact_phone,
        created_at=at or timezone.now(),
    )
    _save_with_slug(programme, name, fallback="programme")
    audit.record(verb="programme.created", by=by, target=programme)
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, by: User, **fields: str) -> Programme:
    """Put right what a programme says of itself; its address stays."""
    _set(programme, fields)
    audit.record(verb="programme.edited", by=by, target=programme)
    return programme


# ---- Cohorts ----


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
        created_at=at or timezone.now(),
    )
    _save_with_slug(cohort, name, fallback="cohort")
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
    _set(locked, fields)
    if locked.time_zone != zone_before:
        for session in locked.sessions.planned():
            _plan_anew(session, at=timezone.now())
    audit.record(verb="cohort.edited", by=by, target=locked)
    return locked


@transaction.atomic
def move_cohort(*, cohort: Cohort, to: str, by: User | None, at: datetime | None = None) -> Cohort:
    """Take the next step on the cohort's map.

    `cohort.state` is where the caller saw it: of two clicks one wins, the other raises StateChanged, as does a step the
    map does not have. Archiving voids the cohort's unsent mail.
    """
    if to not in Cohort.NEXT_STATES[cohort.state]:
        raise StateChanged
    at = at or timezone.now()
    moved = Cohort.objects.filter(pk=cohort.pk, state=cohort.state).update(state=to)
    if not moved:
        raise StateChanged
    CohortStateChange.objects.create(cohort=cohort, from_state=cohort.state, to_state=to, by=by, at=at)
    audit.record(verb="cohort.moved", by=by, target=cohort, from_state=cohort.state, to_state=to)
    cohort.state = to
    if cohort.is_archived:
        for session in cohort.sessions.planned():
            void_mail(dedupe_keys=_mail_keys(session), reason="cohort_archived")
    return cohort


def lock(cohort: Cohort) -> Cohort:
    """The cohort's row, held until the transaction ends: whatever changes places, pairs or people waits here.

    Raises CohortArchived.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.is_archived:
        raise CohortArchived
    return locked


def take_place(*, cohort: Cohort) -> None:
    """Count one more pair. Call it with the cohort locked. Raises NoPlaceLeft."""
    taken = Cohort.objects.filter(pk=cohort.pk, places_taken__lt=F("places")).update(places_taken=F("places_taken") + 1)
    if not taken:
        raise NoPlaceLeft


def free_place(*, cohort: Cohort) -> None:
    """Count one pair fewer. Call it with the cohort locked."""
    Cohort.objects.filter(pk=cohort.pk).update(places_taken=F("places_taken") - 1)


# ---- People of a cohort ----


@transaction.atomic
def assign_facilitator(*, cohort: Cohort, user: User, by: User | None, at: datetime | None = None) -> StaffAssignment:
    """Let a facilitator lead this cohort; a second call returns the assignment there is.

    Raises NotAFacilitator for somebody without the role, and CohortArchived.
    """
    lock(cohort)
    if not has_role(user, Role.FACILITATOR):
        raise NotAFacilitator
    assignment, is_new = StaffAssignment.objects.get_or_create(
        cohort=cohort, user=user, ended_at=None, defaults={"assigned_by": by, "assigned_at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="facilitator.assigned", by=by, target=assignment, cohort=cohort.pk, user=user.pk)
    return assignment


@transaction.atomic
def end_assignment(*, assignment: StaffAssignment, by: User, at: datetime | None = None) -> None:
    """End a facilitator's part in a cohort; a second call changes nothing. Raises CohortArchived."""
    lock(assignment.cohort)
    ended = StaffAssignment.objects.live().filter(pk=assignment.pk).update(ended_at=at or timezone.now())
    if ended:
        audit.record(verb="facilitator.ended", by=by, target=assignment, cohort=assignment.cohort_id)


@transaction.atomic
def join_cohort(*, cohort: Cohort, user: User, by: User | None, at: datetime | None = None) -> Participant:
    """Make a person a live participant. Called by the person, through an invitation.

    Raises AlreadyTakingPart and CohortArchived.
    """
    lock(cohort)
    try:
        with transaction.atomic():
            participant = Participant.objects.create(cohort=cohort, user=user, joined_at=at or timezone.now())
    except IntegrityError as error:
        raise AlreadyTakingPart from error
    audit.record(verb="participant.joined", by=by, target=participant, cohort=cohort.pk)
    return participant


@transaction.atomic
def end_participation(*, participant: Participant, by: User | None, at: datetime | None = None) -> None:
    """End a person's part in a cohort, a break with it, and void its unsent mail to them.

    A second call changes nothing.
    """
    at = at or timezone.now()
    ended = Participant.objects.live().filter(pk=participant.pk).update(ended_at=at)
    if not ended:
        return
    Break.objects.filter(participant=participant, ended_at=None).update(ended_at=at)
    keys = [
        key
        for session in participant.cohort.sessions.planned()
        for key in (reminder_key(session, participant.user_id), _changed_key(session, participant.user_id))
    ]
    void_mail(dedupe_keys=keys, reason="left")
    audit.record(verb="participant.ended", by=by, target=participant, cohort=participant.cohort_id)


# ---- Breaks ----


@transaction.atomic
def take_break(*, participant: Participant, by: User, at: datetime | None = None) -> Break:
    """Begin a break. Called by the person; nobody takes one for another, and nobody is asked why.

    A second call returns the break there is. Raises NotTakingPart and CohortArchived.
    """
    lock(participant.cohort)
    # The row is held, so that a part that ends at this moment takes the break with it.
    mine = Participant.objects.select_for_update().live().of(by).filter(pk=participant.pk).first()
    if mine is None:
        raise NotTakingPart
    begun, is_new = Break.objects.get_or_create(
        participant=mine, ended_at=None, defaults={"began_at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="break.begun", by=by, target=begun, cohort=mine.cohort_id)
    return begun


@transaction.atomic
def end_break(*, participant: Participant, by: User, at: datetime | None = None) -> bool:
    """End one's own break. Called by the person; False when there is none, which changes nothing.

    Raises NotTakingPart and CohortArchived.
    """
    lock(participant.cohort)
    if participant.user_id != by.pk:
        raise NotTakingPart
    ended = Break.objects.filter(participant=participant, ended_at=None).update(ended_at=at or timezone.now())
    if ended:
        audit.record(verb="break.ended", by=by, target=participant, cohort=participant.cohort_id)
    return bool(ended)


# ---- Sessions ----


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
    at: datetime | None = None,
) -> Session:
    """Plan a session at a wall-clock time in the cohort's zone. Raises CohortArchived."""
    locked = lock(cohort)
    now = at or timezone.now()
    session = Session.objects.create(
        cohort=locked,
        title=title,
        held_on=held_on,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        place=place,
        online_link=online_link,
        access_notes=access_notes,
        created_at=now,
        timed_at=now,
    )
    audit.record(verb="session.added", by=by, target=session, cohort=locked.pk)
    return session


@transaction.atomic
def change_session(*, session: Session, by: User, at: datetime | None = None, **fields: Any) -> Session:
    """Change a session and tell its participants when its time or place is another, if it is still to come.

    Its unsent reminders are voided and planned anew, never for a moment already past. Raises CohortArchived and
    SessionCancelled.
    """
    at = at or timezone.now()
    cohort = lock(session.cohort)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    locked.cohort = cohort
    if locked.is_cancelled:
        raise SessionCancelled
    before = locked.starts, locked.duration_minutes, locked.place, locked.online_link
    was_to_come = locked.starts > at
    old_keys = _mail_keys(locked)
    _set(locked, fields)
    if before[0] != locked.starts:
        void_mail(dedupe_keys=old_keys, reason="session_moved")
        _plan_anew(locked, at=at)
    if before != (locked.starts, locked.duration_minutes, locked.place, locked.online_link):
        locked.revision += 1
        locked.save(update_fields=["revision"])
        if locked.starts > at or was_to_come:
            _tell_everybody(locked, kind="cohorts.session_changed", at=at)
    audit.record(verb="session.changed", by=by, target=locked, cohort=cohort.pk)
    return locked


@transaction.atomic
def cancel_session(*, session: Session, by: User, at: datetime | None = None) -> bool:
    """Cancel a session, void its unsent mail and tell its participants if it was still to come.

    False on a second call, which changes nothing. Raises CohortArchived.
    """
    at = at or timezone.now()
    session.cohort = lock(session.cohort)
    if not Session.objects.planned().filter(pk=session.pk).update(cancelled_at=at, revision=F("revision") + 1):
        return False
    void_mail(dedupe_keys=_mail_keys(session), reason="session_cancelled")
    session.refresh_from_db(fields=["cancelled_at", "revision"])
    if session.starts > at:
        _tell_everybody(session, kind="cohorts.session_cancelled", at=at)
    audit.record(verb="session.cancelled", by=by, target=session, cohort=session.cohort_id)
    return True


@transaction.atomic
def plan_reminders(*, session: Session, at: datetime) -> int:
    """Queue the reminder of one session that has fallen due, once; how many were queued.

    Called by the minute sweep. Goes to live participants who had joined when it fell due: late joiners get none, nor
    does anybody for a session already begun, and none when the time was changed after that moment, because the mail
    about the change has just said it.
    """
    if not Session.objects.planned().filter(pk=session.pk, reminders_planned_at=None).update(reminders_planned_at=at):
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


# ---- Small parts ----


def reminder_key(session: Session, user_id: int | None) -> str:
    """One reminder for each person and each time the session was given."""
    return f"reminder:{session.pk}:{user_id}:{session.held_on}:{session.moves}"


def _changed_key(session: Session, user_id: int) -> str:
    return f"session:{session.pk}:{user_id}:{session.revision}"


def _mail_keys(session: Session) -> list[str]:
    people = session.cohort.participants.values_list("user_id", flat=True)
    return [key for user_id in people for key in (reminder_key(session, user_id), _changed_key(session, user_id))]


def _plan_anew(session: Session, *, at: datetime) -> None:
    """A new time: the reminder may fall due again, unless that moment is past."""
    session.moves += 1
    session.timed_at = at
    session.reminders_planned_at = None
    session.save(update_fields=["moves", "timed_at", "reminders_planned_at"])


def _tell_everybody(session: Session, *, kind: str, at: datetime) -> None:
    for participant in session.cohort.participants.live().select_related("user").order_by("pk"):
        queue_mail(
            kind=kind,
            address=participant.user.email,
            recipient=participant.user,
            dedupe_key=_changed_key(session, participant.user_id),
            ids={"session": session.pk, "participant": participant.pk, "revision": session.revision},
            due_at=at,
        )


def _set(row: models.Model, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _save_with_slug(row: Programme | Cohort, name: str, *, fallback: str) -> None:
    """Give the row an address from its name, with a number when another has it, also when both come at once."""
    stem = slugify(name)[:60].strip("-") or fallback
    for number in range(1, 1000):
        row.slug = stem if number == 1 else f"{stem}-{number}"
        if row.slug == "new" or type(row)._default_manager.filter(slug=row.slug).exists():
            continue
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            row.pk = None
            continue
        return
    raise ValueError(f"no free address for {stem}")
