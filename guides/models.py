"""What the charity publishes: guides, their editions, the sections of an edition."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guides.querysets import EditionQuerySet, GuideQuerySet
from guides.reading import minutes_to_read


class Guide(models.Model):
    """One guide at one address, from its first draft through all its editions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120, help_text=_("As the public reads it: the title of the current edition."))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    current_edition = models.OneToOneField("Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    takes_comments = models.BooleanField(default=True)
    version = models.PositiveBigIntegerField(
        default=1, help_text=_("Counts every change to what its public page shows, comments included.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ("title", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", current_edition=None) | Q(state="published", current_edition__isnull=False),
                name="a_published_guide_has_an_edition",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guides:detail", kwargs={"slug": self.slug})

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class Edition(models.Model):
    """One numbered state of a guide's text; a draft until it is published, and unchanged afterwards."""

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    kicker = models.CharField(_("line above the title"), max_length=120, blank=True)
    lede = models.TextField(_("what it is about"), max_length=400, blank=True)
    authors = models.CharField(_("written by"), max_length=300, blank=True)
    key_messages = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    change_summary = models.CharField(_("what has changed"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["guide", "number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["guide"], condition=Q(published_at=None), name="one_draft_edition_per_guide"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"

    @property
    def minutes(self) -> int:
        """Minutes to read the whole edition: the sum its contents list shows."""
        return sum(section.minutes for section in self.sections.all())


class Section(models.Model):
    """A heading of an edition and the Markdown below it; `slug` is its anchor on the page."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    body = models.TextField(max_length=40_000)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="one_section_per_position"),
            models.UniqueConstraint(fields=["edition", "slug"], name="one_section_per_anchor"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def minutes(self) -> int:
        return minutes_to_read(self.body)
