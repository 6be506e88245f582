"""What staff decide about couples, what the machine suggested, and the introductions that come of it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Applicant, Application
from cohorts.models import Cohort
from cohorts.stages import Act
from pairs.matching.querysets import LIVE, IntroductionQuerySet, MatchRuleQuerySet


class MatchRule(models.Model):
    """What staff decided about one couple: to keep it whatever is suggested, or never to suggest it."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("Kept together")
        FORBID = "forbid", _("Not to be put together")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="match_rules")
    professional = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MatchRuleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["professional", "partner"], condition=Q(ended_at=None), name="one_live_rule_per_couple"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.professional_id} and {self.partner_id}"


class SameSystem(models.Model):
    """Two ways to write the name of one local system, as staff know it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="same_systems")
    name = models.CharField(max_length=300)
    other_name = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name", "other_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "name", "other_name"], name="two_names_are_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.other_name}"


class MatchRun(models.Model):
    """One suggestion for everybody. `figures` holds counts, and why each person stayed alone: ids and codes only."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="match_runs")
    input_hash = models.CharField(max_length=64, help_text=_("The same people and rules give the same hash."))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"suggestion {self.pk} for cohort {self.cohort_id}"


class Introduction(models.Model):
    """A professional and a partner who may want to meet: prepared by staff, asked of both, agreed by both or over.

    Each row is one attempt. What was only prepared is deleted when staff think again; what was published stays.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        PUBLISHED = "published", _("Asked")
        AGREED = "agreed", _("Both would like to meet")
        DECLINED = "declined", _("Not this time")
        LAPSED = "lapsed", _("No answer in time")
        WITHDRAWN = "withdrawn", _("Called off")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="introductions")
    professional = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="introductions_as_professional")
    partner = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="introductions_as_partner")
    run = models.ForeignKey(
        MatchRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions",
        help_text=_("The suggestion it came from; empty when chosen by hand."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    professional_yes_at = models.DateTimeField(null=True, blank=True)
    partner_yes_at = models.DateTimeField(null=True, blank=True)
    # How staff heard an answer they wrote down: by telephone, in a letter.
    professional_heard = models.CharField(max_length=300, blank=True)
    partner_heard = models.CharField(max_length=300, blank=True)
    said_no = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Only staff know.")
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    became = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="introductions"
    )

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["cohort", "state", "id"], name="introductions_by_state"),
            models.Index(fields=["answer_by"], condition=Q(state="published"), name="introductions_that_may_lapse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["professional"], condition=Q(state__in=LIVE), name="one_live_introduction_per_professional"
            ),
            models.UniqueConstraint(
                fields=["partner"], condition=Q(state__in=LIVE), name="one_live_introduction_per_partner"
            ),
            models.CheckConstraint(
                condition=Q(state="prepared", published_at=None)
                | (~Q(state="prepared") & Q(published_at__isnull=False, answer_by__isnull=False)),
                name="a_published_introduction_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed")
                | Q(professional_yes_at__isnull=False, partner_yes_at__isnull=False, became__isnull=False),
                name="two_agree_to_meet",
            ),
        ]

    def __str__(self) -> str:
        return f"introduction {self.pk}"

    @property
    def couple(self) -> tuple[int, int]:
        return self.professional_id, self.partner_id

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PUBLISHED

    def takes_answers(self, cohort: Cohort, at: datetime) -> bool:
        """Whether a yes still leads anywhere: it is waited for, in time, and the cohort still introduces."""
        is_late = self.answer_by is not None and self.answer_by <= at
        return self.is_waiting and cohort.allows(Act.INTRODUCE) and not is_late

    def has_yes_of(self, applicant: Applicant) -> bool:
        return getattr(self, f"{applicant.side}_yes_at") is not None

    def other_than(self, applicant: Applicant) -> Applicant:
        return self.partner if applicant.pk == self.professional_id else self.professional
