"""What the public says under a guide, and what moderators decided about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.querysets import CommentQuerySet


class Comment(models.Model):
    """One person's words under one edition of a guide, or the team's answer to them."""

    class State(models.TextChoices):
        HELD = "held", _("Held")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken down")

    guide = models.ForeignKey("guides.Guide", on_delete=models.PROTECT, related_name="comments")
    edition = models.ForeignKey("guides.Edition", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=100)
    role = models.CharField(_("role"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    text = models.TextField(_("comment"), max_length=4000)

    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    version = models.PositiveIntegerField(default=1, help_text=_("Counts the decisions; each names the one it saw."))
    held_reasons = models.JSONField(default=list, blank=True)
    keeps_details = models.BooleanField(default=False, help_text=_("Was asked about personal details and kept them."))
    submitted_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="a_published_comment_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, answered_by=None) | Q(parent__isnull=False, answered_by__isnull=False),
                name="an_answer_is_by_the_team",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], condition=Q(state="held"), name="comments_held"),
            models.Index(
                fields=["guide", "created_at", "id"], condition=Q(state="held"), name="comments_held_of_guide"
            ),
            models.Index(
                fields=["guide", "published_at", "id"],
                condition=Q(state="published", parent=None),
                name="comments_threads_of_guide",
            ),
            models.Index(fields=["state", "created_at", "id"], name="comments_by_state"),
            models.Index(fields=["email"], condition=~Q(email=""), name="comments_by_address"),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("comments:permalink", kwargs={"slug": self.guide.slug, "comment_id": self.pk})

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def initials(self) -> str:
        """Up to two letters for the person mark: first and last name."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words if len(words) < 3 else [words[0], words[-1]])).upper()


class Decision(models.Model):
    """A moderator's act on one comment in one version. The database refuses to change or delete it."""

    class Verb(models.TextChoices):
        PUBLISHED = "published", _("published it")
        ANSWERED = "answered", _("published and answered it")
        REFUSED = "refused", _("refused it")
        UNDONE = "undone", _("put it back in the queue")
        WITHDRAWN = "withdrawn", _("took it down")

    class RefusalReason(models.TextChoices):
        PERSONAL = "personal", _("It could point to a real person")
        CLINICAL = "clinical", _("It asks for or gives advice about somebody’s own treatment")
        UNKIND = "unkind", _("It attacks somebody")
        OFF_TOPIC = "off_topic", _("It is not about this guide")
        ADVERT = "advert", _("It is an advertisement")
        OTHER = "other", _("Another reason, in my own words")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    comment_version = models.PositiveIntegerField()
    verb = models.CharField(max_length=10, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=RefusalReason, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("comment", "comment_version")
        constraints = [
            models.UniqueConstraint(fields=["comment", "comment_version"], name="one_decision_per_comment_version"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} comment {self.comment_id} at version {self.comment_version}"
