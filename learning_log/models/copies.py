"""What a person takes away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.querysets import CopyQuerySet


class Copy(models.Model):
    """A file made in the background for one person: all they may read, or the entries they chose, in their order.

    It holds what its owner may see as it is made, entry by entry, and goes after a day. Which words of others are in it
    is kept beside it, so that it can be asked again, before each download, if they are still shared.
    """

    class Form(models.TextChoices):
        PDF = "pdf", _("PDF, to print or to send")
        WORD = "docx", _("Word, to go on working with")
        WEB = "html", _("Web page, to read anywhere")
        DATA = "json", _("Data, for another program")

    class State(models.TextChoices):
        CHOOSING = "choosing", _("Being put together")
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")
        WITHDRAWN = "withdrawn", _("No longer shared with you")

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=4, choices=Form, default=Form.PDF)
    title = models.CharField(_("title"), max_length=200, blank=True)
    purpose = models.CharField(_("who it is for"), max_length=300, blank=True)
    chosen = ArrayField(models.BigIntegerField(), null=True, help_text=_("Entries in order; null is everything."))
    with_partner = models.BooleanField(default=True)
    with_answers = models.BooleanField(default=True)
    form_key = models.UUIDField(help_text=_("Names the form it was asked for with: a second click is the same copy."))
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    entries_done = models.PositiveIntegerField(default=0)
    entries_total = models.PositiveIntegerField(default=0)
    others_versions = ArrayField(models.BigIntegerField(), default=list, help_text=_("Others' versions in it."))
    others_responses = ArrayField(models.BigIntegerField(), default=list, help_text=_("Others' answers in it."))
    attempts = models.PositiveIntegerField(default=0, help_text=_("Numbers the claim: an older one changes nothing."))
    path = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = _("copies")
        indexes = [
            models.Index(
                fields=["state", "created_at"], condition=Q(state__in=["waiting", "making"]), name="copies_to_make"
            ),
            models.Index(fields=["expires_at"], name="copies_to_clear"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "form_key"], name="one_copy_per_form"),
            models.CheckConstraint(
                condition=Q(entries_done__lte=F("entries_total")), name="no_more_done_than_there_is"
            ),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(path=""), name="a_ready_copy_has_a_file"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(entries_done=F("entries_total")), name="a_ready_copy_is_complete"
            ),
            models.CheckConstraint(
                condition=~Q(state="choosing") | Q(chosen__isnull=False), name="what_is_put_together_is_chosen"
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"

    @property
    def is_portfolio(self) -> bool:
        return self.chosen is not None

    @property
    def is_on_its_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.MAKING)

    @property
    def left_out(self) -> int:
        """Chosen entries that are not in the file: they could no longer be read when it was made."""
        return len(self.chosen) - self.entries_total if self.chosen is not None else 0
