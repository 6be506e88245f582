"""Writing: an entry, one's side of one, a version of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from learning_log import media_files, permissions
from learning_log.exceptions import AlreadyTold, NotAMember, NotShared, StaleVersion, StillReleased
from learning_log.models import Attachment, Entry, PromptSet, VersionAttachment, Voice, VoiceVersion
from pairs.models import Pair

# Saves that the page makes by itself go on in one version for so long. Then the next begins: a history in steps that
# a person can read.
ONE_SITTING = timedelta(minutes=10)


Files = Sequence[tuple[int, str]]  # attachment, and its transcript or description


@dataclass(frozen=True)
class EntryText:
    """All that a person writes in an entry: an answer for each question (or one), and how they name and file it."""

    answers: tuple[str, ...]
    happened_on: date
    title: str = ""
    approaches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    next_step: str = ""
    next_step_on: date | None = None
    session_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing that a person typed. A day, an approach or a session alone is no entry."""
        return not "".join((self.title, self.next_step, *self.answers, *self.tags)).strip()

    @property
    def body(self) -> str:
        """All answers as one text, those left empty not counted."""
        return "\n\n".join(answer for answer in self.answers if answer.strip())

    @property
    def columns(self) -> dict[str, object]:
        return {
            "answers": list(self.answers),
            "happened_on": self.happened_on,
            "title": self.title,
            "approaches": list(self.approaches),
            "tags": list(self.tags),
            "next_step": self.next_step,
            "next_step_on": self.next_step_on,
            "session_id": self.session_id,
        }

    @classmethod
    def of(cls, version: VoiceVersion) -> "EntryText":
        return cls(
            answers=tuple(version.answers),
            happened_on=version.happened_on,
            title=version.title,
            approaches=tuple(version.approaches),
            tags=tuple(version.tags),
            next_step=version.next_step,
            next_step_on=version.next_step_on,
            session_id=version.session_id,
        )


@transaction.atomic
def start_entry(
    *,
    pair: Pair,
    text: EntryText,
    form_key: UUID,
    by: User,
    prompt_set: PromptSet | None = None,
    is_kept: bool = True,
    at: datetime | None = None,
) -> Voice:
    """Begin an entry with a draft that only `by` can read. Called by a live member of the pair.

    A second click, with the same `form_key`, finds the entry of the first; if its words are other ones by now, they are
    saved as `save_draft` would. `is_kept` is False when the page saves by itself. Raises NotAMember, and StaleVersion
    as `save_draft` does.
    """
    at = at or timezone.now()
    if not permissions.is_live_member(by, pair.pk):
        raise NotAMember
    entry, is_new = Entry.objects.get_or_create(
        started_by=by, form_key=form_key, defaults={"pair": pair, "prompt_set": prompt_set, "created_at": at}
    )
    voice = None if is_new else Voice.objects.by(by).select_related("entry").filter(entry=entry).first()
    if voice is not None:
        return save_draft(voice=voice, version=1, text=text, by=by, is_kept=is_kept, at=at)
    return _first_version(Voice(entry=entry, author=by, saved_at=at), text, by=by, is_kept=is_kept, at=at)


@transaction.atomic
def write_side(*, entry: Entry, text: EntryText, by: User, is_kept: bool = True, at: datetime | None = None) -> Voice:
    """Begin one's own side of a moment that one was asked to tell of. Only `by` can read it until it is shared.

    Raises NotAMember for somebody who was not asked or whose moment was deleted meanwhile, AlreadyTold when they have
    begun a side already.
    """
    at = at or timezone.now()
    Entry.objects.select_for_update().filter(pk=entry.pk).first()
    if not Entry.objects.asked_of(by).filter(pk=entry.pk).exists():
        raise NotAMember
    if Voice.objects.by(by).filter(entry=entry).exists():
        raise AlreadyTold
    return _first_version(Voice(entry=entry, author=by, saved_at=at), text, by=by, is_kept=is_kept, at=at)


@transaction.atomic
def write_together(*, entry: Entry, text: EntryText, version: int, by: User, at: datetime | None = None) -> Voice:
    """Save what the two now see together, if it still stands at `version` (0: nobody has written it yet).

    Called by either of the two, once each has shared their side. Each save is what both read at once. Raises NotShared,
    NotAMember, and StaleVersion when the other was faster; then nothing is written.
    """
    at = at or timezone.now()
    Entry.objects.select_for_update().filter(pk=entry.pk).first()
    if not Entry.objects.asked_of(by).filter(pk=entry.pk).exists():
        raise NotAMember
    if not permissions.have_both_shared(entry):
        raise NotShared
    voice = Voice.objects.filter(entry=entry, author=None).first()
    if voice is None:
        new = Voice(entry=entry, author=None, saved_at=at, shared_version=1, shared_at=at)
        return _first_version(new, text, by=by, is_kept=True, at=at)
    if EntryText.of(current_version(voice)) == text:
        return voice
    if voice.version != version:
        raise StaleVersion(voice)
    next_version(voice, text, by=by, is_kept=True, at=at)
    Voice.objects.filter(pk=voice.pk).update(version=version + 1, shared_version=version + 1, saved_at=at, shared_at=at)
    return Voice.objects.select_related("entry").get(pk=voice.pk)


@transaction.atomic
def save_draft(
    *, voice: Voice, version: int, text: EntryText, by: User, is_kept: bool = True, at: datetime | None = None
) -> Voice:
    """Save what its author has written, if the voice is still at `version`. Others go on reading what was shared.

    Called by the author. A second click with the same words changes nothing. With `is_kept` False (the page saves by
    itself) the save goes on in the version of this sitting. Raises StaleVersion, with the voice as it was saved
    elsewhere, when somebody was faster: nothing is written then, and both texts are in the caller's hands. Raises
    Voice.DoesNotExist when it was deleted meanwhile.
    """
    at = at or timezone.now()
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    standing = mine.select_for_update(of=("self",)).select_related("entry").get()
    if EntryText.of(current_version(standing)) == text:
        if is_kept:
            VoiceVersion.objects.filter(voice=standing, number=standing.version).update(is_kept=True)
        return standing
    if not mine.filter(version=version).update(version=version + 1, saved_at=at):
        raise StaleVersion(standing)
    next_version(standing, text, by=by, is_kept=is_kept, at=at)
    return mine.select_related("entry").get()


@transaction.atomic
def restore_version(*, voice: Voice, number: int, version: int, by: User, at: datetime | None = None) -> Voice:
    """Make the words and files of an earlier version the newest again, as a version of its own. Called by the author.

    A second click changes nothing. Raises VoiceVersion.DoesNotExist for a number it never had, StaleVersion when it was
    saved after the caller looked.
    """
    at = at or timezone.now()
    earlier = VoiceVersion.objects.get(voice=voice, number=number, voice__author=by)
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    standing = mine.select_for_update(of=("self",)).select_related("entry").get()
    current = current_version(standing)
    if EntryText.of(current) == EntryText.of(earlier) and _files_of(current) == _files_of(earlier):
        return standing
    if not mine.filter(version=version).update(version=version + 1, saved_at=at):
        raise StaleVersion(standing)
    VoiceVersion.objects.filter(pk=current.pk).update(is_kept=True)
    next_version(standing, EntryText.of(earlier), files=_files_of(earlier), by=by, is_kept=True, at=at)
    return mine.select_related("entry").get()


@transaction.atomic
def delete_draft(*, voice: Voice, version: int, by: User) -> None:
    """Throw away an entry's text and all its versions. Called by the author, for what is not shared now.

    Answers somebody gave before it was taken back stay theirs. A second call changes nothing. Raises StaleVersion when
    it was saved or shared after the caller looked, StillReleased while somebody beyond the pair reads any of it.
    """
    entry = Entry.objects.select_for_update().filter(pk=voice.entry_id).first()
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    deletable = mine.filter(version=version, shared_at=None).first()
    if entry is None or (deletable is None and not mine.exists()):
        return
    if entry.releases.live().filter(versions__version__voice=voice).exists():
        raise StillReleased
    if deletable is None:
        raise StaleVersion(mine.select_related("entry").get())
    media_files.remove(Attachment.objects.filter(voice=deletable))
    deletable.delete()
    if not (entry.voices.exists() or entry.responses.exclude(author=by).exists()):
        entry.delete()


def current_version(voice: Voice) -> VoiceVersion:
    return VoiceVersion.objects.get(voice=voice, number=voice.version)


def _first_version(voice: Voice, text: EntryText, *, by: User, is_kept: bool, at: datetime) -> Voice:
    voice.save(force_insert=True)
    VoiceVersion.objects.create(
        voice=voice, number=1, is_kept=is_kept, began_at=at, saved_at=at, saved_by=by, **text.columns
    )
    return voice


def next_version(
    voice: Voice, text: EntryText, *, by: User, is_kept: bool, at: datetime, files: Files | None = None
) -> None:
    """Write `text` as version `voice.version + 1`: in the row of this sitting, or as a row of its own.

    It holds `files`; left out, those of the version before.
    """
    number, columns = voice.version + 1, text.columns
    same_sitting = VoiceVersion.objects.filter(
        voice=voice, number=voice.version, is_kept=False, began_at__gt=at - ONE_SITTING
    )
    if same_sitting.update(number=number, is_kept=is_kept, saved_at=at, saved_by=by, **columns):
        return
    before = VoiceVersion.objects.get(voice=voice, number=voice.version)
    new = VoiceVersion.objects.create(
        voice=voice, number=number, is_kept=is_kept, began_at=at, saved_at=at, saved_by=by, **columns
    )
    VersionAttachment.objects.bulk_create(
        VersionAttachment(version=new, attachment_id=attachment_id, words=words)
        for attachment_id, words in (_files_of(before) if files is None else files)
    )


def _files_of(version: VoiceVersion) -> Files:
    return list(version.attachments.values_list("attachment_id", "words"))
