"""Programmes and their cohorts: who runs one, who takes part, and the sessions it holds."""

import zoneinfo
from datetime import date, datetime, timedelta, tzinfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, validate_time_zone
from cohorts.querysets import (
    BreakQuerySet,
    CohortQuerySet,
    ParticipantQuerySet,
    ProgrammeQuerySet,
    SessionQuerySet,
    StaffAssignmentQuerySet,
)
from cohorts.schedules import moment


class Programme(models.Model):
    """What the charity offers, year after year."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.TextField(max_length=2000, blank=True)
    charity = models.CharField(_("charity"), max_length=200)
    who_for = models.TextField(max_length=2000, blank=True)
    led_by = models.TextField(max_length=2000, blank=True)
    paid_for = models.TextField(max_length=2000, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Cohort(models.Model):
    """One run of a programme. A place is a place for one pair."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open to applications")
        SELECTING = "selecting", _("Choosing pairs")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")
        ARCHIVED = "archived", _("Archived")

    NEXT_STATES: dict[str, tuple[str, ...]] = {
        State.DRAFT: (State.OPEN,),
        State.OPEN: (State.SELECTING,),
        State.SELECTING: (State.RUNNING,),
        State.RUNNING: (State.ENDED,),
        State.ENDED: (State.ARCHIVED,),
        State.ARCHIVED: (),
    }

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.TextField(max_length=2000, blank=True)
    places = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5000)])
    places_taken = models.PositiveIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opens_on = models.DateField(
        null=True, blank=True, help_text=_("Told to the public while it is a draft; nothing opens by itself.")
    )
    apply_by = models.DateField(null=True, blank=True, help_text=_("The last day to apply; none while it is empty."))
    offer_days = models.PositiveSmallIntegerField(
        default=14, validators=[MinValueValidator(1), MaxValueValidator(90)], help_text=_("Days to answer an offer.")
    )
    offers_from_reserve = models.BooleanField(
        default=True, help_text=_("A place that comes free is offered to the next on the reserve list by itself.")
    )
    created_at = models.DateTimeField()

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="a_cohort_has_places"),
            models.CheckConstraint(condition=Q(places_taken__lte=F("places")), name="places_taken_within_places"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_cohort_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def places_left(self) -> int:
        return self.places - self.places_taken

    def takes_applications(self, today: date) -> bool:
        """`today` is a day in the cohort's zone."""
        return self.state == self.State.OPEN and (self.apply_by is None or today <= self.apply_by)

    @property
    def takes_applications_today(self) -> bool:
        return self.takes_applications(self.today)

    @property
    def opens_later(self) -> bool:
        return self.state == self.State.DRAFT and self.opens_on is not None and self.opens_on >= self.today

    @property
    def today(self) -> date:
        return timezone.now().astimezone(self.zone).date()

    @property
    def is_archived(self) -> bool:
        return self.state == self.State.ARCHIVED

    @property
    def takes_pairs(self) -> bool:
        """Pairs are made, and invitations accepted, until it ends."""
        return self.state in {self.State.DRAFT, self.State.OPEN, self.State.SELECTING, self.State.RUNNING}

    @property
    def has_begun(self) -> bool:
        """Running or over: from here on a pair that ends keeps its place."""
        return self.state in {self.State.RUNNING, self.State.ENDED, self.State.ARCHIVED}

    @property
    def next_state(self) -> "Cohort.State | None":
        return next((self.State(state) for state in self.NEXT_STATES[self.state]), None)


class CohortStateChange(models.Model):
    """One step of a cohort along its map."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="state_changes")
    from_state = models.CharField(max_length=10, choices=Cohort.State)
    to_state = models.CharField(max_length=10, choices=Cohort.State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "to_state"], name="a_cohort_enters_a_state_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.from_state} → {self.to_state}"


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
