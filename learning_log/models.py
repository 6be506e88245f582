"""A pair's learning log: moments, the voices that tell of them, and what is answered.

Every foreign key to a person protects the person's row and has no way back: no page of a person, Django's admin
included, can reach from them to what they write (docs/decisions/0005-no-audit-of-writing.md).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.querysets import EntryQuerySet, ResponseQuerySet, VoiceQuerySet
from pairs.models import Pair

LONGEST_TEXT = 200_000


class Entry(models.Model):
    """One moment in the life of a pair. What is said about it stands in voices, one a person."""

    class Theme(models.TextChoices):
        """The five approaches of *Patients as partners* (DESIGN §2)."""

        FIND = "find", _("Find your partner")
        INVEST = "invest", _("Invest in the relationship")
        LEARN = "learn", _("Make time for learning")
        ENERGY = "energy", _("Go where the energy is")
        EMBED = "embed", _("Embed it at every level")

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    happened_on = models.DateField(_("when it happened"))
    theme = models.CharField(_("approach"), max_length=8, choices=Theme, blank=True)
    form_key = models.UUIDField(help_text=_("Names the form it was first sent from: a second click is the same entry."))
    created_at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["started_by", "form_key"], name="one_entry_per_form"),
            models.CheckConstraint(
                condition=Q(theme__in=["", "find", "invest", "learn", "energy", "embed"]), name="a_theme_is_an_approach"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Voice(models.Model):
    """One person's own text in an entry, at the version they last saved; others read the version that was shared."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="voices")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=LONGEST_TEXT)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    shared_version = models.PositiveIntegerField(null=True)
    shared_at = models.DateTimeField(null=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "author"], name="one_voice_per_author"),
            # That the shared version exists is a composite foreign key, in migration 0002.
            models.CheckConstraint(
                condition=Q(shared_version=None, shared_at=None)
                | Q(shared_version__gte=1, shared_version__lte=F("version"), shared_at__isnull=False),
                name="a_shared_voice_names_a_version_it_had",
            ),
        ]

    def __str__(self) -> str:
        return f"voice {self.pk} in entry {self.entry_id}"

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def has_newer_words(self) -> bool:
        """Shared once, and changed since: the change is still the author's alone."""
        return self.is_shared and self.shared_version != self.version


class VoiceVersion(models.Model):
    """A voice as it stood when its author saved it. Only ever added."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField(max_length=LONGEST_TEXT)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"version {self.number} of voice {self.voice_id}"


class Response(models.Model):
    """What a reader of an entry says back, or its author answers. Either of the two can remove it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="responses")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(max_length=20_000)
    form_key = models.UUIDField(help_text=_("Names the form it was sent from: a second click is the same response."))
    created_at = models.DateTimeField()
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
