"""Who leads a cohort, who takes part, and who rests."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from cohorts.models.cohorts import Cohort
from cohorts.querysets import BreakQuerySet, ParticipantQuerySet, StaffAssignmentQuerySet


class StaffAssignment(models.Model):
    """One facilitator of a cohort, who usually leads it with another."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="staff_assignments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_assignments")
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StaffAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(ended_at=None), name="one_live_assignment_per_cohort"
            ),
        ]

    def __str__(self) -> str:
        return f"facilitator {self.user_id} of cohort {self.cohort_id}"


class Participant(models.Model):
    """One person in one cohort: sessions, attendance, breaks and reminders speak of participants."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="participations")
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(ended_at=None), name="one_live_participant_per_cohort"
            ),
            # What a membership's composite foreign key points at (pairs.0001).
            models.UniqueConstraint(fields=["id", "cohort"], name="participant_with_its_cohort"),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk} of cohort {self.cohort_id}"


class Break(models.Model):
    """A time in which a participant rests. No reason is asked, so none is kept."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="breaks")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BreakQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at=None), name="one_live_break_per_participant"
            ),
        ]

    def __str__(self) -> str:
        return f"break {self.pk} of participant {self.participant_id}"
