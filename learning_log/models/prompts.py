"""The questions that help somebody begin."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.querysets import PromptSetQuerySet


class PromptSet(models.Model):
    """One edition of a set of questions. Never changed: an edit is the next edition, and entries keep theirs."""

    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("what it is good for"), max_length=300, blank=True)
    questions = models.JSONField(
        help_text=_('A list of {"question": text, "hint": text}, in the order they are asked.')
    )
    is_offered = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = PromptSetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key", "number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_text_per_edition_of_a_prompt_set"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_offered=True), name="one_edition_of_a_prompt_set_is_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.name
