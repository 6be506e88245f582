"""Sharing with the other of the pair, and asking them to tell the same moment."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from learning_log import permissions
from learning_log.exceptions import (
    AlreadyTold,
    FileWithoutWords,
    NobodyToShareWith,
    NotAMember,
    NothingWritten,
    StaleVersion,
)
from learning_log.models import Entry, Voice, VoiceVersion


@transaction.atomic
def share_with_pair(*, voice: Voice, version: int, by: User, at: datetime | None = None) -> Voice:
    """Let the other of the pair read exactly `version`; in a joint entry this is to finish one's side.

    Called by the author, who saw a rehearsal of it. In a sealed entry the other reads it once they have finished too.
    A second click changes nothing. Raises StaleVersion when the words are other ones by now, NotAMember for somebody
    who has left the pair, NobodyToShareWith while the other side has not joined, NothingWritten, FileWithoutWords.
    """
    at = at or timezone.now()
    entry = Entry.objects.select_for_update().get(pk=voice.entry_id)
    refuse_alone(entry, by)
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    put_forward(mine.get(), version)
    here_since = max(member.joined_at for member in permissions.others_in_pair(by, entry.pair_id))
    read_by_them = Q(shared_version=version, shared_at__gte=here_since)  # not by whoever came since
    if not mine.filter(version=version).exclude(read_by_them).update(shared_version=version, shared_at=at):
        standing = mine.select_related("entry").get()
        if standing.shared_version != version or standing.version != version:
            raise StaleVersion(standing)
    return mine.select_related("entry").get()


@transaction.atomic
def take_back(*, voice: Voice, by: User, at: datetime | None = None) -> None:
    """Make a shared voice its author's alone again, answered or not; gone for others on their next request.

    Called by the author, alone and at any time. Releases that hold it end with it. A second call changes nothing.
    """
    entry = Entry.objects.select_for_update().get(pk=voice.entry_id)
    Voice.objects.by(by).filter(pk=voice.pk).update(shared_version=None, shared_at=None)
    standing = entry.releases.filter(ended_at=None, versions__version__voice=voice)
    ended_at = at or timezone.now()
    for release in standing.distinct():
        release.consents.filter(person=by, withdrawn_at=None).update(withdrawn_at=ended_at)
        entry.releases.filter(pk=release.pk).update(ended_at=ended_at, ended_by=by)


@transaction.atomic
def ask_partner(*, voice: Voice, version: int, is_sealed: bool, by: User, at: datetime | None = None) -> Entry:
    """Ask the other of the pair to tell the same moment: they see its title and day, and not a word of `voice`.

    Called by the author of an individual entry that is not shared. Raises AlreadyTold (also for one that was released
    before: what it was released as stays true), NotAMember, NobodyToShareWith, and StaleVersion when the entry was
    saved after the caller looked (its title may be another).
    """
    entry = Entry.objects.select_for_update().get(pk=voice.entry_id)
    refuse_alone(entry, by)
    if entry.is_joint or entry.releases.exists():
        raise AlreadyTold
    mine = Voice.objects.by(by).select_related("entry").get(pk=voice.pk)
    if mine.version != version or mine.is_shared:
        raise StaleVersion(mine)
    named = VoiceVersion.objects.get(voice=mine, number=version)
    entry.is_joint, entry.is_sealed, entry.asked_at = True, is_sealed, at or timezone.now()
    entry.title, entry.happened_on = named.title, named.happened_on
    entry.save(update_fields=["is_joint", "is_sealed", "asked_at", "title", "happened_on"])
    return entry


@transaction.atomic
def rename_moment(*, entry: Entry, title: str, happened_on: date, by: User) -> None:
    """Name a joint moment anew. Called by either of the two; what is released keeps the name it was released under."""
    if not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
    Entry.objects.asked_of(by).filter(pk=entry.pk).update(title=title, happened_on=happened_on)


def refuse_alone(entry: Entry, by: User) -> None:
    """Raise NotAMember or NobodyToShareWith unless `by` and somebody else are in the pair now."""
    if not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
    if not permissions.others_in_pair(by, entry.pair_id):
        raise NobodyToShareWith


def put_forward(voice: Voice, version: int) -> VoiceVersion:
    """The version somebody wants others to read, kept as it is from here on.

    Raises StaleVersion when it has gone on since, NothingWritten, FileWithoutWords.
    """
    found = VoiceVersion.objects.select_for_update().filter(voice=voice, number=version).first()
    if found is None:
        raise StaleVersion(Voice.objects.select_related("entry").get(pk=voice.pk))
    held = list(found.attachments.all())
    if any(not attachment.words.strip() for attachment in held):
        raise FileWithoutWords
    if not held and not found.body:
        raise NothingWritten
    VoiceVersion.objects.filter(pk=found.pk).update(is_kept=True)
    return found
