"""Everything a person can do in a log. Nothing here writes an audit row, a ledger row or a log line.

When, whether and how much somebody writes is nobody's business but theirs: docs/decisions/0005-no-audit-of-writing.md.
`at` left out is now.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from learning_log import permissions
from learning_log.exceptions import NobodyToShareWith, NotAMember, NotShared, StaleVersion
from learning_log.models import Entry, Response, Voice, VoiceVersion
from pairs.models import Pair


@dataclass(frozen=True)
class EntryText:
    """All that a person writes in an entry."""

    body: str
    happened_on: date
    title: str = ""
    theme: str = ""


# ---- Writing ----


@transaction.atomic
def start_entry(*, pair: Pair, text: EntryText, form_key: UUID, by: User, at: datetime | None = None) -> Voice:
    """Begin an entry with a draft that only `by` can read. Called by a live member of the pair.

    A second click, with the same `form_key`, finds the entry of the first; if its words are other ones by now, they are
    saved as `save_draft` would. Raises NotAMember, and StaleVersion as `save_draft` does.
    """
    at = at or timezone.now()
    if not permissions.is_live_member(by, pair.pk):
        raise NotAMember
    entry, is_new = Entry.objects.get_or_create(
        started_by=by,
        form_key=form_key,
        defaults={
            "pair": pair,
            "title": text.title,
            "happened_on": text.happened_on,
            "theme": text.theme,
            "created_at": at,
        },
    )
    if not is_new:
        voice = Voice.objects.by(by).select_related("entry").get(entry=entry)
        return voice if _says(voice, text) else save_draft(voice=voice, version=1, text=text, by=by, at=at)
    voice = Voice.objects.create(entry=entry, author=by, body=text.body, saved_at=at)
    VoiceVersion.objects.create(voice=voice, number=1, body=text.body, saved_at=at)
    return voice


@transaction.atomic
def save_draft(*, voice: Voice, version: int, text: EntryText, by: User, at: datetime | None = None) -> Voice:
    """Save what its author has written, if the voice is still at `version`. Others go on reading what was shared.

    Called by the author. A second click with the same words changes nothing. Raises StaleVersion, with the voice as it
    was saved elsewhere, when somebody was faster: nothing is written then, and both texts are in the caller's hands.
    """
    at = at or timezone.now()
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    saved = mine.filter(version=version).update(body=text.body, version=version + 1, saved_at=at)
    if not saved:
        standing = mine.select_related("entry").get()
        if _says(standing, text):
            return standing
        raise StaleVersion(standing)
    Entry.objects.filter(pk=voice.entry_id, started_by=by).update(
        title=text.title, happened_on=text.happened_on, theme=text.theme
    )
    VoiceVersion.objects.create(voice_id=voice.pk, number=version + 1, body=text.body, saved_at=at)
    return mine.select_related("entry").get()


@transaction.atomic
def delete_draft(*, voice: Voice, version: int, by: User) -> None:
    """Throw away an entry's text and all its versions. Called by the author, for what is not shared now.

    Answers somebody gave before it was taken back stay theirs. A second call changes nothing. Raises StaleVersion when
    it was saved or shared after the caller looked.
    """
    entry = Entry.objects.select_for_update().filter(pk=voice.entry_id).first()
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    deleted, _rows = mine.filter(version=version, shared_at=None).delete()
    if entry is None or (not deleted and not mine.exists()):
        return
    if not deleted:
        raise StaleVersion(mine.select_related("entry").get())
    if entry.voices.exists() or entry.responses.exclude(author=by).exists():
        Entry.objects.filter(pk=entry.pk, started_by=by).update(title="")
    else:
        entry.delete()


def _says(voice: Voice, text: EntryText) -> bool:
    entry = voice.entry
    standing = EntryText(body=voice.body, happened_on=entry.happened_on, title=entry.title, theme=entry.theme)
    return standing == text


# ---- Sharing ----


@transaction.atomic
def share_with_pair(*, voice: Voice, version: int, by: User, at: datetime | None = None) -> Voice:
    """Let the other members of the pair read exactly `version`. Called by the author, who saw a rehearsal of it.

    A second click changes nothing. Raises StaleVersion when the words are other ones by now, NotAMember for somebody
    who has left the pair, NobodyToShareWith while the other side has not joined.
    """
    at = at or timezone.now()
    entry = Entry.objects.select_for_update().get(pk=voice.entry_id)
    if not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
    if not permissions.others_in_pair(by, entry.pair_id):
        raise NobodyToShareWith
    mine = Voice.objects.by(by).filter(pk=voice.pk)
    if not mine.filter(version=version).exclude(shared_version=version).update(shared_version=version, shared_at=at):
        standing = mine.select_related("entry").get()
        if standing.shared_version != version or standing.version != version:
            raise StaleVersion(standing)
    return mine.select_related("entry").get()


@transaction.atomic
def take_back(*, voice: Voice, by: User) -> None:
    """Make a shared voice its author's alone again, answered or not; gone for others on their next request.

    Called by the author, alone and at any time. A second call changes nothing.
    """
    Entry.objects.select_for_update().get(pk=voice.entry_id)
    Voice.objects.by(by).filter(pk=voice.pk).update(shared_version=None, shared_at=None)


# ---- Answering ----


@transaction.atomic
def respond(*, entry: Entry, body: str, form_key: UUID, by: User, at: datetime | None = None) -> Response:
    """Say something under an entry. Called by a live member of the pair who may read it.

    A second click, with the same `form_key`, returns the first response. Raises NotShared when the entry was taken back
    in the meantime or never shared, NotAMember for somebody who has left the pair.
    """
    Entry.objects.select_for_update().filter(pk=entry.pk).first()
    if not Entry.objects.visible_to(by).filter(pk=entry.pk, voices__in=Voice.objects.shared()).exists():
        raise NotShared
    if not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
    response, _is_new = Response.objects.get_or_create(
        author=by, form_key=form_key, defaults={"entry": entry, "body": body, "created_at": at or timezone.now()}
    )
    return response


@transaction.atomic
def remove_response(*, response: Response, by: User, at: datetime | None = None) -> None:
    """Take a response off the page. Called by its author, or by whoever has a voice in the entry.

    Its author's own removal empties it; removed by the other, the words stay with their author. A second call changes
    nothing.
    """
    standing = Response.objects.standing().filter(pk=response.pk)
    words = {"body": ""} if response.author_id == by.pk else {}
    standing.update(removed_at=at or timezone.now(), removed_by=by, **words)
