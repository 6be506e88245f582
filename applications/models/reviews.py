"""How a cohort's applications are read: by whom, against what, and with which interests declared."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models.application import Application
from applications.querysets import NoteQuerySet, ReviewerQuerySet, ReviewQuerySet
from cohorts.models import Cohort


class Reviewer(models.Model):
    """Somebody who scores the applications of one cohort: staff, a trustee, a patient leader of an earlier one."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(ended_at=None), name="one_live_reviewer_per_cohort"
            ),
        ]

    def __str__(self) -> str:
        return f"reviewer {self.user_id} of cohort {self.cohort_id}"


class Criterion(models.Model):
    """What a proposal is scored against, from 1 to 5. One that was scored is retired, never deleted."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="criteria")
    text = models.CharField(max_length=200)
    guidance = models.TextField(max_length=1000, blank=True)
    position = models.PositiveIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.text


class Conflict(models.Model):
    """A reviewer's own word that they should not read this application; the reason is theirs to give or keep."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"], condition=Q(ended_at=None), name="one_live_conflict_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"conflict of {self.user_id} with application {self.application_id}"


class Review(models.Model):
    """One reviewer's view of one proposal, theirs alone until they hand it in."""

    class Basis(models.TextChoices):
        WRITTEN = "written", _("I read the proposal")
        CONVERSATION = "conversation", _("I talked with them")
        BOTH = "both", _("Both")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=14, choices=Basis, default=Basis.WRITTEN)
    note = models.TextField(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="one_review_per_reviewer"),
        ]

    def __str__(self) -> str:
        return f"review of application {self.application_id} by {self.user_id}"


class Score(models.Model):
    """One review's points for one criterion."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=5), name="points_from_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.points} for criterion {self.criterion_id}"


class Note(models.Model):
    """What the team wants to remember of an application; no applicant or reviewer sees it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"note {self.pk} on application {self.application_id}"
