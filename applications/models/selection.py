"""Decisions: prepared together, seen as the letters they will be, and released together."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models.application import Applicant, Application
from cohorts.models import Cohort


class Verdict(models.TextChoices):
    OFFER = "offer", _("Offer a place")
    RESERVE = "reserve", _("Put on the reserve list")
    NOT_THIS_TIME = "not_this_time", _("Not this time")


class LetterText(models.Model):
    """The words a cohort sends with one verdict; a cohort without its own uses the built-in ones."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="letter_texts")
    verdict = models.CharField(max_length=14, choices=Verdict)
    subject = models.CharField(max_length=150)
    body = models.TextField(max_length=6000)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "verdict"], name="one_letter_text_per_verdict")]

    def __str__(self) -> str:
        return self.subject


class Decision(models.Model):
    """What the team wants to tell about one application. Prepared, it can be voided; released, it is never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=14, choices=Verdict)
    answer_by = models.DateField(null=True, blank=True, help_text=_("The last day to answer an offer."))
    reserve_rank = models.PositiveIntegerField(null=True, blank=True)
    words = models.TextField(max_length=2000, blank=True, help_text=_("Added to their letter alone."))
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(voided_at=None, released_at=None),
                name="one_prepared_decision_per_application",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | Q(released_at=None), name="a_released_decision_is_not_voided"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="offer") | Q(answer_by__isnull=False), name="an_offer_says_until_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} for application {self.application_id}"


class Letter(models.Model):
    """The exact words one person gets with one decision: what was previewed is what is sent."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="letters")
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=12000)
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("On the telephone, to whoever has no address."))
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "applicant"], name="one_letter_per_person"),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(told_by__isnull=False), name="a_told_letter_says_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
