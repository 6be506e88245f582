"""The pair, its two sides, and the invitations by which people join."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort, Participant
from pairs.querysets import InvitationQuerySet, MembershipQuerySet, PairQuerySet, QuietTimeQuerySet


class Pair(models.Model):
    """One professional and one patient partner with a shared challenge."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="pairs")
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="pair", help_text=_("Made from it.")
    )
    challenge = models.CharField(_("shared challenge"), max_length=200)
    challenge_summary = models.TextField(max_length=4000, blank=True)
    funding = models.CharField(max_length=200, blank=True)
    holds_place = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cohort", "id"])]
        constraints = [
            # What a membership's composite foreign key points at.
            models.UniqueConstraint(fields=["id", "cohort"], name="pair_with_its_cohort"),
            models.CheckConstraint(
                condition=Q(holds_place=True) | Q(ended_at__isnull=False), name="a_live_pair_holds_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.challenge

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None


class Membership(models.Model):
    """One participant's side of a pair, from joining to leaving.

    The cohort stands here too, so that SQL can hold that a member belongs to the pair's own cohort: two composite
    foreign keys, in migration 0001, share this column.
    """

    class Side(models.TextChoices):
        PROFESSIONAL = "professional", _("Professional")
        PARTNER = "partner", _("Patient partner")

    class EndReason(models.TextChoices):
        LEFT = "left", _("They chose to leave")
        STAFF = "staff", _("Ended by the programme team")
        PAIR_ENDED = "pair_ended", _("The pair ended")

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="memberships")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="memberships")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [
            # Few leave early; what they had released is taken back with them, so each reading asks who they are.
            models.Index(fields=["pair"], condition=Q(end_reason__in=["left", "staff"]), name="members_who_left_early"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at=None), name="one_live_pair_per_participant"
            ),
            models.UniqueConstraint(
                fields=["pair", "side"], condition=Q(ended_at=None), name="one_live_member_per_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} of pair {self.pair_id}"

    @property
    def user(self) -> User:
        return self.participant.user


class QuietTime(models.Model):
    """A pair under the radar: one asks, the other says yes, either ends it. The review date asks; it ends nothing."""

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="quiet_times")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = QuietTimeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=Q(ended_at=None), name="one_open_quiet_time_per_pair"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")), name="two_people_go_under_the_radar"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None) | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="a_quiet_time_says_who_agreed_and_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="a_quiet_time_says_who_ended_it_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"quiet time {self.pk} of pair {self.pair_id}"

    @property
    def has_begun(self) -> bool:
        return self.agreed_at is not None

    def is_due(self, today: date) -> bool:
        """Under the radar, and time to ask whether it goes on."""
        return self.has_begun and self.review_on <= today


class Invitation(models.Model):
    """A link sent to one address, to take one side of one pair; only a hash of it is kept."""

    class State(models.TextChoices):
        SENT = "sent", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="invitations")
    side = models.CharField(max_length=12, choices=Membership.Side)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_count = models.PositiveIntegerField(default=1)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "side"], condition=Q(state="sent"), name="one_waiting_invitation_per_side"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_addresses_in_lower_case"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="an_accepted_invitation_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to pair {self.pair_id}"

    def has_expired(self, at: datetime) -> bool:
        return self.state == self.State.SENT and self.expires_at <= at


# Django looks for models here.
import pairs.matching.models  # noqa: E402, F401
