"""What leaves the pair: exact versions, one audience, an end, and the consents it rests on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.models import Cohort
from learning_log.models.entries import Entry, VoiceVersion
from learning_log.querysets import ReleaseQuerySet


class Release(models.Model):
    """Exact versions put forward for one audience until one day; live once everybody it needs has consented.

    What is joint and what is public needs both members of the pair. The two columns `entry_is_joint` (a composite
    foreign key to the entry, migration 0004) and `needs_both` let the database itself hold that, and the consents are
    foreign keys from here (composite as well: a consent counts for its own release only; they go with the entry).
    """

    class Audience(models.TextChoices):
        FACILITATOR = "facilitator", _("A facilitator")
        COHORT = "cohort", _("Your cohort")
        NETWORK = "network", _("Pairs of this programme, past and present")
        LINK = "link", _("Somebody outside, by a link")
        PUBLIC = "public", _("Everybody, as a story")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="releases")
    entry_is_joint = models.BooleanField()
    # The entry's own, by which its readers are found. The database fills it (migration 0008).
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, editable=False, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience)
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    allows_responses = models.BooleanField(default=False)
    ends_at = models.DateTimeField()
    needs_both = models.BooleanField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    first_consent = models.ForeignKey("learning_log.Consent", on_delete=models.DO_NOTHING, null=True, related_name="+")
    second_consent = models.ForeignKey("learning_log.Consent", on_delete=models.DO_NOTHING, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text=_("When one of the two said no to it, or withdrew it."))
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["audience", "ends_at"],
                condition=Q(released_at__isnull=False, ended_at=None),
                name="releases_that_stand",
            ),
            models.Index(
                fields=["cohort", "audience"],
                condition=Q(released_at__isnull=False, ended_at=None),
                name="releases_in_a_cohort",
            ),
            models.Index(fields=["facilitator"], condition=Q(ended_at=None), name="releases_to_a_facilitator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_both=True) | (Q(entry_is_joint=False) & ~Q(audience="public")),
                name="joint_or_public_needs_both",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None)
                | Q(first_consent__isnull=False, needs_both=False)
                | (
                    Q(first_consent__isnull=False, second_consent__isnull=False) & ~Q(first_consent=F("second_consent"))
                ),
                name="what_is_released_has_its_consents",
            ),
            models.CheckConstraint(
                condition=Q(audience="facilitator", facilitator__isnull=False)
                | (~Q(audience="facilitator") & Q(facilitator=None)),
                name="a_release_to_a_facilitator_names_them",
            ),
            models.CheckConstraint(
                condition=Q(allows_responses=False) | ~Q(audience__in=["link", "public"]),
                name="outsiders_do_not_answer",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("proposed_at")), name="a_release_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_release_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.pk} of entry {self.entry_id}"

    @property
    def is_waiting(self) -> bool:
        return self.released_at is None and self.ended_at is None


class ReleasedVersion(models.Model):
    """One voice in a release, in exactly this version. Fixed before the first consent (a trigger, migration 0004)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="versions")
    version = models.ForeignKey(VoiceVersion, on_delete=models.CASCADE, related_name="released_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "version"], name="a_version_once_per_release")]

    def __str__(self) -> str:
        return f"version {self.version_id} in release {self.release_id}"


class Consent(models.Model):
    """One person's yes to one release: who and when, never the text. Kept when withdrawn."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "person"], name="one_consent_per_person"),
            models.UniqueConstraint(fields=["id", "release"], name="consent_with_its_release"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk} to release {self.release_id}"


class ShareLink(models.Model):
    """The grant to somebody outside: for whom, why, and a hash of its token. Made anew, the old one opens nothing."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="link")
    recipient = models.CharField(_("who it is for"), max_length=200)
    purpose = models.CharField(_("what it is for"), max_length=500, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (unique, and often without one)
    first_opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of release {self.release_id}"
