"""What the charity offers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.querysets import ProgrammeQuerySet


class Programme(models.Model):
    """What the charity offers, year after year."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.TextField(max_length=2000, blank=True)
    charity = models.CharField(_("charity"), max_length=200)
    who_for = models.TextField(max_length=2000, blank=True)
    led_by = models.TextField(max_length=2000, blank=True)
    paid_for = models.TextField(max_length=2000, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    made_key = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("Of the page it was made on: one page makes one."),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
