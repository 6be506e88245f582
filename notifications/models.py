"""The mail ledger: every message is a row staff can read before, during and after it is sent."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.querysets import LedgerQuerySet


class LedgerRow(models.Model):
    """One message to one address.

    queued → claimed (a worker holds it) → submitting (the mail server is being asked) → sent.
    Or failed (refused for good), skipped (no longer wanted), void (withdrawn before it went),
    uncertain (the worker ended between asking and noting the answer; a person decides).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        CLAIMED = "claimed", _("Being prepared")
        SUBMITTING = "submitting", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("Uncertain")
        SKIPPED = "skipped", _("Skipped")
        VOID = "void", _("Stopped")

    FINAL = (State.SENT, State.FAILED, State.SKIPPED, State.VOID)
    LEASED = (State.CLAIMED, State.SUBMITTING)
    EXPLAINED = (State.FAILED, State.UNCERTAIN, State.SKIPPED, State.VOID)

    kind = models.CharField(max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.EmailField(max_length=320)
    ids = models.JSONField(default=dict, help_text=_("What the mail is about: ids and states only."))
    secret = models.JSONField(null=True, blank=True, help_text=_("Codes and tokens, gone once the row is final."))

    dedupe_key = models.CharField(max_length=200, unique=True)
    message_uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    priority = models.PositiveSmallIntegerField()

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    attempt = models.PositiveIntegerField(default=0, help_text=_("Which claim holds the row; fences out older ones."))
    retries = models.PositiveSmallIntegerField(default=0)

    queued_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "claimed", "submitting", "sent", "failed", "uncertain", "skipped", "void"]
                ),
                name="ledger_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "submitting"], lease_until__isnull=False)
                | (~Q(state__in=["claimed", "submitting"]) & Q(lease_until__isnull=True)),
                name="a_lease_while_a_worker_holds_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "failed", "skipped", "void"]) | Q(secret__isnull=True),
                name="no_secret_in_a_final_row",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "claimed", "submitting"], settled_at__isnull=True)
                | (~Q(state__in=["queued", "claimed", "submitting"]) & Q(settled_at__isnull=False)),
                name="settled_when_no_worker_will_touch_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "uncertain", "skipped", "void"]) | ~Q(reason=""),
                name="a_reason_why_it_was_not_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(state="void") | Q(attempt__gt=0), name="claimed_before_anything_else"
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "next_try_at", "id"], condition=Q(state="queued"), name="ledger_due"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["claimed", "submitting"]), name="ledger_leases"
            ),
            models.Index(fields=["settled_at"], name="ledger_settled"),
            models.Index(F("state"), F("id").desc(), name="ledger_by_state"),
            models.Index(F("kind"), F("id").desc(), name="ledger_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def mail_kind(self) -> kinds.MailKind:
        return kinds.get(self.kind)

    @property
    def is_optional(self) -> bool:
        """Mail its reader may switch off; of a kind this process does not know nobody could."""
        try:
            return self.mail_kind.is_optional
        except kinds.UnknownKind:
            return False

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a second copy can be known as one (RFC 5322 §3.6.4)."""
        return f"<{self.message_uuid.hex}@{settings.MAIL_DOMAIN}>"

    @property
    def is_final(self) -> bool:
        return self.state in self.FINAL


def new_token() -> str:
    """128 random bits in 22 characters: short enough to leave a List-Unsubscribe line unfolded."""
    return secrets.token_urlsafe(16)


class Subscription(models.Model):
    """Whether one person gets one optional category. No row means yes; the token is their one-click link."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail_subscriptions")
    category = models.CharField(
        max_length=10, choices=[(category.value, category.label) for category in kinds.OPTIONAL]
    )
    token = models.CharField(max_length=22, unique=True, default=new_token)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_subscription_a_category"),
            models.CheckConstraint(
                condition=Q(category__in=["reminder", "nudge", "digest"]), name="only_optional_mail_has_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {'on' if self.is_on else 'off'}"


class Suppression(models.Model):
    """An address the mail server refused for good. It is known by its keyed hash; nothing goes there until lifted."""

    address_hash = models.CharField(max_length=64)
    row = models.ForeignKey(LedgerRow, on_delete=models.PROTECT, null=True, blank=True, related_name="suppressions")
    reason = models.CharField(max_length=200)
    suppressed_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash"], condition=Q(lifted_at=None), name="one_live_suppression_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Mailer(models.Model):
    """The road to the mail server. While it is stopped no row is claimed and no attempt is burnt."""

    DEFAULT: ClassVar[str] = "default"

    name = models.CharField(primary_key=True, max_length=20)
    stopped_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
