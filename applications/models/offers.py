"""An offer holds one place until its date, and is answered once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models.application import Applicant, Application
from applications.models.selection import Decision
from applications.querysets import OfferQuerySet
from cohorts.models import Cohort


class Offer(models.Model):
    """One place held for one application. While it is open, and once it is accepted, the cohort counts the place."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Ran out")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offers")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="offers")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="offer")
    made_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text=_("The end of the last day, in the cohort's zone."))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="open"), name="offers_that_may_run_out")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["open", "accepted"]),
                name="one_live_offer_per_application",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_closed_offer_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk} to application {self.application_id}"


class OfferYes(models.Model):
    """One person's yes. The second of the two takes the place and makes the pair, in one step."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="yeses")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=300, blank=True, help_text=_("When staff heard it on the telephone."))
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["offer", "applicant"], name="one_yes_per_person")]

    def __str__(self) -> str:
        return f"yes to offer {self.offer_id}"
