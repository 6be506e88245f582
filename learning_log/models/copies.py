"""What a person takes away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.querysets import CopyQuerySet


class Copy(models.Model):
    """A file made in the background for one person: all they may read, or the entries they chose, in their order.

    It holds what its owner may see as it is made, entry by entry, and goes after a day.
    """

    class Form(models.TextChoices):
        PDF = "pdf", _("PDF, to print or to send")
        WORD = "docx", _("Word, to go on working with")
        WEB = "html", _("Web page, to read anywhere")
        DATA = "json", _("Data, for another program")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=4, choices=Form)
    title = models.CharField(_("title"), max_length=200, blank=True)
    purpose = models.CharField(_("who it is for"), max_length=300, blank=True)
    chosen = ArrayField(models.BigIntegerField(), null=True, help_text=_("Entries in order; null is everything."))
    with_partner = models.BooleanField(default=True)
    form_key = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    entries_done = models.PositiveIntegerField(default=0)
    entries_total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state", "created_at"], condition=Q(state__in=["waiting", "making"]), name="copies_to_make"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(entries_done__lte=F("entries_total")), name="no_more_done_than_there_is"
            ),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(path=""), name="a_ready_copy_has_a_file"),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"
