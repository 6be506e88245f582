"""Moments, the voices that tell of them, and the versions of those."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.models import Session
from learning_log.models.prompts import PromptSet
from learning_log.querysets import EntryQuerySet, VoiceQuerySet, VoiceVersionQuerySet
from pairs.models import Pair

LONGEST_TEXT = 200_000
MOST_TAGS = 12


class Entry(models.Model):
    """One moment in the life of a pair. What is said about it stands in voices, one a person.

    A joint entry has a voice of each of the two; its title and day are the moment's, named by both. What an individual
    entry is called stands in the versions of its one voice.
    """

    class Theme(models.TextChoices):
        """The five approaches of *Patients as partners* (DESIGN §2)."""

        FIND = "find", _("Find your partner")
        INVEST = "invest", _("Invest in the relationship")
        LEARN = "learn", _("Make time for learning")
        ENERGY = "energy", _("Go where the energy is")
        EMBED = "embed", _("Embed it at every level")

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prompt_set = models.ForeignKey(PromptSet, on_delete=models.PROTECT, null=True, related_name="+")
    form_key = models.UUIDField(help_text=_("Names the form it was first sent from: a second click is the same entry."))
    created_at = models.DateTimeField()
    is_joint = models.BooleanField(default=False)
    is_sealed = models.BooleanField(default=False, help_text=_("Neither reads the other before both have finished."))
    asked_at = models.DateTimeField(null=True, help_text=_("When the other was asked to write their side."))
    title = models.CharField(_("title"), max_length=200, blank=True)
    happened_on = models.DateField(_("when it happened"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["started_by", "form_key"], name="one_entry_per_form"),
            # What a release's composite foreign key points at (migration 0004).
            models.UniqueConstraint(fields=["id", "is_joint"], name="entry_with_its_kind"),
            models.CheckConstraint(
                condition=Q(is_joint=True, asked_at__isnull=False, happened_on__isnull=False)
                | Q(is_joint=False, is_sealed=False, asked_at=None, happened_on=None, title=""),
                name="a_joint_entry_was_asked_for_and_names_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Voice(models.Model):
    """One person's own text in an entry, or, with no author, the short third text that the two write together.

    The words stand in its versions. `version` is the one its author is writing; others read `shared_version`.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="voices")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    shared_version = models.PositiveIntegerField(null=True)
    shared_at = models.DateTimeField(null=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["author", "entry"], name="voices_of_an_author")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "author"], name="one_voice_per_author"),
            models.UniqueConstraint(fields=["entry"], condition=Q(author=None), name="one_text_of_the_two_together"),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(shared_version=F("version")),
                name="what_the_two_write_together_is_always_shared",
            ),
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
    def is_together(self) -> bool:
        return self.author_id is None

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def has_newer_words(self) -> bool:
        """Shared once, and changed since: the change is still the author's alone."""
        return self.is_shared and self.shared_version != self.version


class VoiceVersion(models.Model):
    """A voice as it stood when it was saved: the words, and what the author called and filed them under.

    A version that was saved with a click, shared or put forward for release `is_kept`: its words never change again
    (a trigger, migration 0004; erasing a person empties them). Saves that the page makes by itself go on in the same
    row for some minutes, under the next number, so that a number always names exact words.
    """

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200, blank=True)
    happened_on = models.DateField(_("when it happened"))
    answers = ArrayField(models.TextField(), help_text=_("One for each question of the entry's prompt set, or one."))
    next_step = models.CharField(_("next step"), max_length=500, blank=True)
    next_step_on = models.DateField(null=True)
    approaches = ArrayField(models.CharField(max_length=8, choices=Entry.Theme), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, related_name="+")
    is_kept = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = VoiceVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "number"], name="one_text_per_version"),
            models.CheckConstraint(
                condition=Q(approaches__contained_by=["find", "invest", "learn", "energy", "embed"]),
                name="an_approach_is_one_of_the_five",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of voice {self.voice_id}"

    @property
    def body(self) -> str:
        """All answers as one text, those left empty not counted."""
        return "\n\n".join(answer for answer in self.answers if answer.strip())

    @property
    def approach_names(self) -> list[str]:
        return [str(Entry.Theme(value).label) for value in self.approaches]
