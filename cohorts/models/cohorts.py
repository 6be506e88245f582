"""Cohorts, and their steps along the map."""

import zoneinfo
from datetime import date, tzinfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, validate_time_zone
from cohorts import stages
from cohorts.models.programmes import Programme
from cohorts.querysets import CohortQuerySet
from cohorts.stages import Act


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
        State.SELECTING: (State.RUNNING, State.OPEN),
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
    cloned_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="clones")
    made_key = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("Of the page it was made on: one page makes one."),
    )

    history: list[dict[str, str]]  # of one that comes from `with_history()`

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

    def allows(self, act: Act) -> bool:
        return stages.allows(self.state, act)

    def takes_applications(self, today: date) -> bool:
        """`today` is a day in the cohort's zone."""
        return self.allows(Act.APPLY) and (self.apply_by is None or today <= self.apply_by)

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
        return not self.allows(Act.EDIT)

    @property
    def takes_pairs(self) -> bool:
        """Pairs are made, and invitations accepted, until it ends."""
        return self.allows(Act.PAIR)

    @property
    def has_begun(self) -> bool:
        """Running or over: from here on a pair that ends keeps its place."""
        return not self.allows(Act.FREE)

    @property
    def next_state(self) -> "Cohort.State | None":
        """The way on; the way back to applications is the second of NEXT_STATES."""
        return next((self.State(state) for state in self.NEXT_STATES[self.state]), None)

    @property
    def may_open_again(self) -> bool:
        return self.state == self.State.SELECTING


class CohortStateChange(models.Model):
    """One step of a cohort along its map. It may be open, and choose, more than once."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="state_changes")
    from_state = models.CharField(max_length=10, choices=Cohort.State)
    to_state = models.CharField(max_length=10, choices=Cohort.State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.from_state} → {self.to_state}"
