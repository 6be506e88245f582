"""An enquiry, and everything that happened to it."""

import hashlib
import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.enquiries.querysets import EnquiryQuerySet
from cohorts.models import Cohort, Programme


class Enquiry(models.Model):
    """What somebody asked a programme. Open, it has a dated next step and stands with its owner or under nobody's."""

    class Kind(models.TextChoices):
        INTEREST = "interest", _("Would like to take part")
        BESPOKE = "bespoke", _("A programme of their own")
        QUESTION = "question", _("A question")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        APPLIED = "applied", _("They applied")
        REFERRED = "referred", _("Sent on to somebody else")
        NO_REPLY = "no_reply", _("They did not answer")
        NOT_FOR_US = "not_for_us", _("Not for us")
        FORGOTTEN = "forgotten", _("Removed, as they asked")

    # What of it could have been a machine's; the enquiry is kept and read all the same.
    class Sign(models.TextChoices):
        HIDDEN_FIELD = "hidden_field", _("A field that nobody can see was filled in")
        FAST = "fast", _("It was sent faster than anybody types")
        LINKS = "links", _("It holds several links")

    reference = models.CharField(max_length=8, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enquiries")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    reach = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=4000, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signs = models.JSONField(default=list, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    came_at = models.DateTimeField()
    answer_by = models.DateField(help_text=_("The day the enquirer was told."))

    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries")
    next_step = models.CharField(max_length=200, blank=True)
    next_step_on = models.DateField(null=True, blank=True)

    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text=_("When their words were removed."))

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "enquiries"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | (Q(next_step_on__isnull=False) & ~Q(next_step="")),
                name="an_open_enquiry_has_a_dated_next_step",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_enquiry_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False) | ~Q(email="") | ~Q(phone=""), name="an_enquirer_can_be_reached"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="enquirers_addresses_in_lower_case"),
        ]
        indexes = [
            models.Index(fields=["next_step_on", "id"], condition=Q(closed_at=None), name="enquiries_open"),
            models.Index(F("closed_at").desc(), F("id").desc(), name="enquiries_closed"),
            models.Index(F("came_at").desc(), F("id").desc(), name="enquiries_newest"),
            models.Index(fields=["email"], condition=~Q(email=""), name="enquiries_by_address"),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:enquiry_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_forgotten(self) -> bool:
        return self.forgotten_at is not None

    @property
    def step_mark(self) -> str:
        """Of what stands now: a form carries it, so that nobody sets a next step over one they have not seen."""
        stands = f"{self.owner_id}|{self.next_step_on}|{self.next_step}|{self.closed_at}"
        return hashlib.sha256(stands.encode()).hexdigest()[:16]

    @property
    def seems_a_machines(self) -> bool:
        """Then no mail goes to the address by itself: it may be anybody's."""
        return bool({self.Sign.HIDDEN_FIELD, self.Sign.FAST} & set(self.signs))

    @property
    def sign_words(self) -> list[str]:
        return [str(self.Sign(sign).label) for sign in self.signs]

    def is_overdue(self, today: date) -> bool:
        return self.next_step_on is not None and self.next_step_on < today


class EnquiryEvent(models.Model):
    """One thing that happened to an enquiry. Never changed; emptied with its enquirer."""

    class Verb(models.TextChoices):
        CAME = "came", _("came in")
        TAKEN = "taken", _("took it")
        HANDED = "handed", _("handed it over")
        LEFT = "left", _("left it with nobody")
        STEP_SET = "step_set", _("set the next step")
        STEP_DONE = "step_done", _("did what was next")
        ANSWERED = "answered", _("answered by email")
        CALLED = "called", _("spoke on the telephone")
        NOTED = "noted", _("wrote a note")
        CLOSED = "closed", _("closed it")
        REOPENED = "reopened", _("opened it again")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=10, choices=Verb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=8000, blank=True)
    on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Enquiry.Outcome, blank=True)
    answer_number = models.PositiveSmallIntegerField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "answer_number"], name="answers_to_an_enquiry_are_counted"),
            models.CheckConstraint(
                condition=Q(verb="answered", answer_number__isnull=False) | ~Q(verb="answered") & Q(answer_number=None),
                name="only_an_answer_has_a_number",
            ),
        ]
        indexes = [models.Index(fields=["enquiry", "-id"])]

    def __str__(self) -> str:
        return f"enquiry {self.enquiry_id} {self.verb}"

    @property
    def is_answer(self) -> bool:
        return self.verb == self.Verb.ANSWERED

    @property
    def is_step(self) -> bool:
        return self.verb in {self.Verb.STEP_SET, self.Verb.STEP_DONE}
