"""Sound, film and pictures that belong to a voice."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning_log.models.entries import Voice, VoiceVersion
from learning_log.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """One file in a voice, held privately under MEDIA_ROOT. Which versions hold it decides who may open it."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        SOUND = "sound", _("Sound")
        FILM = "film", _("Film")

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=8, choices=Kind)
    content_type = models.CharField(max_length=60)
    path = models.CharField(max_length=200, unique=True, help_text=_("Under MEDIA_ROOT; says nothing of the file."))
    name = models.CharField(max_length=150, help_text=_("What its author called the file."))
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["picture", "sound", "film"]), name="an_attachment_is_of_a_known_kind"
            )
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class VersionAttachment(models.Model):
    """A file as it stands in one version, with its transcript or description there."""

    version = models.ForeignKey(VoiceVersion, on_delete=models.CASCADE, related_name="attachments")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="in_versions")
    words = models.TextField(_("transcript or description"), max_length=50_000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "attachment"], name="a_file_once_per_version")]

    def __str__(self) -> str:
        return f"attachment {self.attachment_id} in version {self.version_id}"
