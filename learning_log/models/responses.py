"""What is answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.models.entries import Entry
from learning_log.models.releases import Release
from learning_log.querysets import ResponseQuerySet


class Response(models.Model):
    """What a reader of an entry says back, or its author answers. Either of the two can remove it.

    Without a release it stays between the two of the pair; with one, whoever reads that release reads it too. Until it
    is sent it is a draft, its author's alone.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="responses")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, null=True, related_name="responses")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=20_000)
    form_key = models.UUIDField(help_text=_("Names the form it was sent from: a second click is the same response."))
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["entry", "created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["author", "form_key"], name="one_response_per_form"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_removed_response_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"response {self.pk} to entry {self.entry_id}"

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None
