"""An application: the pair, or one person who looks for a partner, asks for one place."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User, validate_time_zone
from applications.models.questions import QuestionSet
from applications.querysets import ApplicantQuerySet, ApplicationQuerySet
from cohorts.models import Cohort


class Application(models.Model):
    """One application for one place of one cohort.

    `challenge` and `local_system` repeat two answers, for the board's lists and filters; the action that saves an
    answer writes both.
    """

    class Kind(models.TextChoices):
        PAIR = "pair", _("Two people together")
        SEEKING = "seeking", _("Looking for a partner")

    class Route(models.TextChoices):
        ONLINE = "online", _("Written by the people themselves")
        TELEPHONE = "telephone", _("Heard on the telephone")
        PAPER = "paper", _("Sent on paper")
        INTRODUCED = "introduced", _("After an introduction by the team")
        IMPORTED = "imported", _("Brought in from a file")
        AGAIN = "again", _("Begun again after the other had left")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SENT = "sent", _("Sent")
        RESERVE = "reserve", _("On the reserve list")
        OFFERED = "offered", _("Offered a place")
        ACCEPTED = "accepted", _("Has a place")
        PAIRED = "paired", _("Found a partner")
        NOT_THIS_TIME = "not_this_time", _("Not this time")
        DECLINED = "declined", _("Said no to the place")
        LAPSED = "lapsed", _("The offer ran out")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LEFT = "left", _("Left before the start")

    NEXT_STATES: ClassVar[dict[str, tuple[str, ...]]] = {
        State.DRAFT: (State.SENT, State.WITHDRAWN),
        State.SENT: (State.RESERVE, State.OFFERED, State.NOT_THIS_TIME, State.WITHDRAWN, State.PAIRED),
        State.RESERVE: (State.OFFERED, State.NOT_THIS_TIME, State.WITHDRAWN, State.PAIRED),
        State.OFFERED: (State.ACCEPTED, State.DECLINED, State.LAPSED, State.WITHDRAWN),
        State.ACCEPTED: (State.LEFT,),
        State.LAPSED: (State.RESERVE,),
        State.PAIRED: (State.SENT, State.WITHDRAWN),  # the introduction came to nothing
        State.NOT_THIS_TIME: (),
        State.DECLINED: (),
        State.WITHDRAWN: (),
        State.LEFT: (),
    }
    # From the moment it is sent until it has come to nothing: its people cannot ask for a second place.
    # Who found a partner counts again with the joint application.
    COUNTED_STATES = (State.SENT, State.RESERVE, State.OFFERED, State.ACCEPTED)

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="applications")
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="applications")
    reference = models.CharField(max_length=12, unique=True, help_text=_("Easy to read out on the telephone."))
    kind = models.CharField(max_length=8, choices=Kind)
    route = models.CharField(max_length=10, choices=Route, default=Route.ONLINE)
    challenge = models.CharField(max_length=300, blank=True)
    local_system = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=14, choices=State, default=State.DRAFT)
    reserve_rank = models.PositiveIntegerField(null=True, blank=True, help_text=_("1 is next. Only on the list."))
    became = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="came_from",
        help_text=_("The joint application that two seekers' own became."),
    )
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it came to nothing, by whatever way."))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            # The board: one cohort, newest sent first, or one state of it; paged by key.
            models.Index(fields=["cohort", "-sent_at", "-id"], name="applications_by_sending"),
            models.Index(fields=["cohort", "state", "-sent_at", "-id"], name="applications_by_state"),
            models.Index(fields=["cohort", "reserve_rank"], condition=Q(state="reserve"), name="the_reserve_list"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "cohort"], name="application_with_its_cohort"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False),
                name="a_sent_application_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="reserve", reserve_rank__isnull=False) | (~Q(state="reserve") & Q(reserve_rank=None)),
                name="a_rank_belongs_to_the_reserve_list",
            ),
            models.CheckConstraint(
                condition=~Q(state="paired") | Q(kind="seeking"), name="only_who_looked_for_a_partner_found_one"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_heard(self) -> bool:
        """The team writes all of it down."""
        return self.route in {self.Route.TELEPHONE, self.Route.PAPER}

    @property
    def is_pair(self) -> bool:
        return self.kind == self.Kind.PAIR

    @property
    def is_counted(self) -> bool:
        return self.state in self.COUNTED_STATES


class Applicant(models.Model):
    """One person's part in an application.

    The cohort stands here too, and whether the application counts, so that SQL can hold that a person asks for one
    place of a cohort at most once. Somebody without an e-mail address has an empty one, and staff do for them what a
    link would do.
    """

    class Side(models.TextChoices):
        PROFESSIONAL = "professional", _("Professional")
        PARTNER = "partner", _("Patient partner")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="applicants")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="applicants")
    is_counted = models.BooleanField(default=False)
    # Invited by the other; only a hash of the link is kept.
    token_hash = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    invited_count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text=_("Gone again when an answer changes."))
    left_at = models.DateTimeField(null=True, blank=True)
    # Help with writing: who does it, and the person's own yes to it.
    helper = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    helper_agreed_at = models.DateTimeField(null=True, blank=True)
    helper_agreed_how = models.CharField(max_length=300, blank=True)
    read_back_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        ordering = ["application", "pk"]
        indexes = [models.Index(fields=["email"], name="applicants_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "side"], condition=Q(left_at=None), name="one_live_applicant_per_side"
            ),
            models.UniqueConstraint(
                fields=["cohort", "email"],
                condition=Q(is_counted=True) & ~Q(email=""),
                name="one_counted_application_per_address",
            ),
            models.UniqueConstraint(
                fields=["cohort", "user"],
                condition=Q(is_counted=True, user__isnull=False),
                name="one_counted_application_per_person",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="applicants_links_differ"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="applicants_addresses_in_lower_case"),
            models.CheckConstraint(
                condition=Q(helper=None) | Q(helper_agreed_at__isnull=False), name="who_helps_has_been_agreed_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} of application {self.application_id}"

    @property
    def has_joined(self) -> bool:
        return self.joined_at is not None

    @property
    def is_heard(self) -> bool:
        """They have no account: the team rings them, and writes down what they say."""
        return self.has_joined and self.user_id is None

    @property
    def has_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def shown_name(self) -> str:
        """Their name, or which of the two they are while nobody knows it."""
        return self.name or str(self.Side(self.side).label)

    @property
    def has_address(self) -> bool:
        return bool(self.email)

    def invitation_has_expired(self, at: datetime) -> bool:
        return not self.has_joined and self.expires_at is not None and self.expires_at <= at


class StateChange(models.Model):
    """One step of an application along its map, with who took it; a sweep has nobody."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="state_changes")
    from_state = models.CharField(max_length=14, choices=Application.State)
    to_state = models.CharField(max_length=14, choices=Application.State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.from_state} → {self.to_state}"
