"""What a programme holds for a cohort."""

import zoneinfo
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohorts import Cohort
from cohorts.querysets import SessionQuerySet
from cohorts.schedules import moment


class Session(models.Model):
    """Something the programme holds for a cohort, at a wall-clock time in the cohort's zone."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    starts_at = models.TimeField()
    duration_minutes = models.PositiveIntegerField(
        default=60, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    place = models.CharField(max_length=300, blank=True)
    online_link = models.URLField(max_length=500, blank=True)
    access_notes = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField()
    timed_at = models.DateTimeField(help_text=_("When its present time was set."))
    moves = models.PositiveIntegerField(default=0, help_text=_("How often its time was set anew."))
    revision = models.PositiveIntegerField(default=0, help_text=_("How often people had to be told of a change."))
    reminders_planned_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    made_key = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("Of the page it was made on: one page makes one."),
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "starts_at", "pk"]
        indexes = [
            models.Index(fields=["held_on"]),
            models.Index(
                fields=["held_on"],
                condition=Q(reminders_planned_at=None, cancelled_at=None),
                name="sessions_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def starts(self) -> datetime:
        """The instant it begins, in the cohort's zone."""
        return moment(held_on=self.held_on, starts_at=self.starts_at, time_zone=self.cohort.time_zone)

    @property
    def ends(self) -> datetime:
        zone = self.cohort.zone
        # Added as elapsed time, so a session over a clock change is as long as it says.
        return (self.starts.astimezone(zoneinfo.ZoneInfo("UTC")) + self.length).astimezone(zone)

    @property
    def reminder_due_at(self) -> datetime:
        return self.starts - timedelta(hours=settings.SESSION_REMINDER_LEAD_HOURS)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
