"""Who leads a cohort, and who takes part in it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.actions.places import lock
from cohorts.actions.sessions import changed_key, reminder_key
from cohorts.exceptions import AlreadyTakingPart, NotAFacilitator
from cohorts.models import Break, Cohort, Participant, StaffAssignment
from notifications.actions import void_mail


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
def join_together(
    *, cohort: Cohort, users: Sequence[User], by: User | None, at: datetime | None = None
) -> list[Participant]:
    """Make many people live participants in one step. Called by a manager who brings them in from a table.

    Raises AlreadyTakingPart when one of them is one, and then nobody joins; and CohortArchived.
    """
    lock(cohort)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            joined = Participant.objects.bulk_create(
                Participant(cohort=cohort, user=user, joined_at=at) for user in users
            )
    except IntegrityError as error:
        raise AlreadyTakingPart from error
    audit.record_many(verb="participant.joined", by=by, targets=joined, cohort=cohort.pk)
    return joined


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
        for key in (reminder_key(session, participant.user_id), changed_key(session, participant.user_id))
    ]
    void_mail(dedupe_keys=keys, reason="left")
    audit.record(verb="participant.ended", by=by, target=participant, cohort=participant.cohort_id)
