"""Answering under an entry."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from learning_log import permissions
from learning_log.exceptions import NotAMember, NotShared
from learning_log.models import Entry, Release, Response, VoiceVersion


@transaction.atomic
def respond(
    *, entry: Entry, body: str, form_key: UUID, by: User, release: Release | None = None, at: datetime | None = None
) -> Response:
    """Say something under an entry, in the circle of `release`, or between the two of the pair when there is none.

    Called by whoever reads it there. A second click, with the same `form_key`, returns the first response; a draft of
    that key is sent. Raises NotShared when the entry was taken back in the meantime, never shared, is sealed and one of
    the two has not finished, or takes no responses there; NotAMember for somebody who has left the pair.
    """
    at = at or timezone.now()
    response = _kept(entry=entry, release=release, body=body, form_key=form_key, by=by, at=at)
    if response.is_draft:
        unsent = Response.objects.filter(pk=response.pk, sent_at=None)
        unsent.update(body=body, release=release, created_at=at, sent_at=at)
        response.refresh_from_db()
    return response


@transaction.atomic
def draft_response(
    *, entry: Entry, body: str, form_key: UUID, by: User, release: Release | None = None, at: datetime | None = None
) -> Response:
    """Keep an unfinished response, which only `by` sees. Saved again under the same key; raises as `respond` does.

    One that was sent stays as it was sent.
    """
    at = at or timezone.now()
    response = _kept(entry=entry, release=release, body=body, form_key=form_key, by=by, at=at)
    Response.objects.filter(pk=response.pk, sent_at=None).update(body=body, release=release)
    response.refresh_from_db()
    return response


@transaction.atomic
def discard_response(*, response: Response, by: User) -> None:
    """Throw a draft away. Called by its author; one that was sent stays (it can be removed)."""
    Response.objects.filter(pk=response.pk, author=by, sent_at=None).delete()


@transaction.atomic
def remove_response(*, response: Response, by: User, at: datetime | None = None) -> None:
    """Take a response off the page. Called by its author, or by whoever has a voice in the entry.

    Its author's own removal empties it; removed by the other, the words stay with their author. A second call changes
    nothing.
    """
    standing = Response.objects.standing().filter(pk=response.pk)
    words = {"body": ""} if response.author_id == by.pk else {}
    standing.update(removed_at=at or timezone.now(), removed_by=by, **words)


def _kept(*, entry: Entry, release: Release | None, body: str, form_key: UUID, by: User, at: datetime) -> Response:
    Entry.objects.select_for_update().filter(pk=entry.pk).first()
    if release is None:
        _refuse_outside_the_pair(entry, by)
    elif not permissions.may_respond_under(release, by):
        raise NotShared
    response, _is_new = Response.objects.get_or_create(
        author=by, form_key=form_key, defaults={"entry": entry, "release": release, "body": body, "created_at": at}
    )
    return response


def _refuse_outside_the_pair(entry: Entry, by: User) -> None:
    if not VoiceVersion.objects.in_pair_of(by, [entry.pk]).filter(voice__shared_at__isnull=False).exists():
        raise NotShared
    if entry.is_sealed and not permissions.have_both_shared(entry):
        raise NotShared
    if not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
