"""Sound, film and pictures in one's own voice. Each step is a version, so that a number names exact files as well."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from learning_log import media, media_files
from learning_log.actions.writing import EntryText, current_version, next_version
from learning_log.exceptions import NoRoomLeft, StaleVersion
from learning_log.media import Medium, Upload
from learning_log.models import Attachment, VersionAttachment, Voice, VoiceVersion

MOST_BYTES_A_PERSON = 2_000_000_000
FOLDER = "voices"


def attach_file(
    *, voice: Voice, version: int, upload: Upload, medium: Medium, words: str, by: User, at: datetime | None = None
) -> VersionAttachment:
    """Keep `upload`, which `media.examine` found to be `medium`, and make it part of the newest version of `voice`.

    Called by the author. `words` is its transcript or description; without it the file is its author's alone. Raises
    NotAMedium for a damaged picture, NoRoomLeft, and StaleVersion when the voice is no longer at `version`; then
    nothing is kept.
    """
    if (upload.size or 0) + bytes_of(by) > MOST_BYTES_A_PERSON:
        raise NoRoomLeft
    path = media_files.new_place(FOLDER, medium.extension)
    place = media_files.place_of(path)
    size = media.write(upload, medium, place)
    try:
        return _recorded(voice, version, Attachment(path=path, size_bytes=size), medium, words, by=by, at=at)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


@transaction.atomic
def describe_file(
    *, voice: Voice, version: int, attachment: Attachment, words: str, by: User, at: datetime | None = None
) -> None:
    """Say in words what can be heard or seen in a file. Called by the author.

    A second click with the same words changes nothing. Raises StaleVersion, and VersionAttachment.DoesNotExist when the
    file is not in the newest version.
    """
    held = VersionAttachment.objects.get(version=current_version(voice), attachment=attachment)
    if held.words == words:
        return
    new = _begin_version(voice, version, by=by, at=at or timezone.now())
    VersionAttachment.objects.filter(version=new, attachment=attachment).update(words=words)


@transaction.atomic
def detach_file(*, voice: Voice, version: int, attachment: Attachment, by: User, at: datetime | None = None) -> None:
    """Take a file out of the newest version; gone from disk too unless an earlier version holds it. By the author.

    A second click changes nothing. Raises StaleVersion.
    """
    if not VersionAttachment.objects.filter(version=current_version(voice), attachment=attachment).exists():
        return
    new = _begin_version(voice, version, by=by, at=at or timezone.now())
    VersionAttachment.objects.filter(version=new, attachment=attachment).delete()
    media_files.remove(Attachment.objects.filter(pk=attachment.pk, in_versions=None))


def bytes_of(user: User) -> int:
    """What this person's files hold on disk."""
    held: int | None = Attachment.objects.filter(voice__author=user).aggregate(held=Sum("size_bytes"))["held"]
    return held or 0


@transaction.atomic
def _recorded(
    voice: Voice, version: int, file: Attachment, medium: Medium, words: str, *, by: User, at: datetime | None
) -> VersionAttachment:
    at = at or timezone.now()
    new = _begin_version(voice, version, by=by, at=at)
    file.voice, file.kind, file.content_type = voice, medium.kind, medium.content_type
    file.name, file.created_at = medium.name, at
    file.save(force_insert=True)
    return VersionAttachment.objects.create(version=new, attachment=file, words=words)


def _begin_version(voice: Voice, version: int, *, by: User, at: datetime) -> VoiceVersion:
    """The next version of `voice`, with the words and files of the one before."""
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    standing = mine.select_for_update(of=("self",)).select_related("entry").get()
    if not mine.filter(version=version).update(version=version + 1, saved_at=at):
        raise StaleVersion(standing)
    next_version(standing, EntryText.of(current_version(standing)), by=by, is_kept=False, at=at)
    return VoiceVersion.objects.get(voice=voice, number=version + 1)
