"""What leaves the pair: put forward, agreed to, withdrawn; and the link for somebody outside."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from learning_log import permissions
from learning_log.actions.sharing import put_forward
from learning_log.exceptions import NotAMember, NotReadByBoth, NotTheirs, ReleaseOver, StaleVersion
from learning_log.models import Consent, Entry, Release, ReleasedVersion, ShareLink, Voice, VoiceVersion

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class ReleaseTerms:
    """To whom, and until when. `recipient` and `purpose` belong to a link, `facilitator` to a facilitator."""

    audience: Release.Audience
    ends_at: datetime
    facilitator: User | None = None
    allows_responses: bool = False
    recipient: str = ""
    purpose: str = ""


@transaction.atomic
def propose_release(
    *, entry: Entry, versions: Sequence[tuple[int, int]], terms: ReleaseTerms, by: User, at: datetime | None = None
) -> Release:
    """Put exact words forward for an audience beyond the pair, and consent to it oneself.

    `versions` are (voice id, number) as the rehearsal showed them. An individual entry goes to its audience at once,
    unless that is the public; anything joint or public waits for the other's consent, and must first be shared with
    them, so that they know what they consent to. Called by somebody with a voice in the entry. A proposal to the same
    audience that still waits is replaced. Raises NotAMember, NotReadByBoth, StaleVersion, NothingWritten,
    FileWithoutWords, and ReleaseOver for an end that is past.
    """
    at = at or timezone.now()
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    own = Voice.objects.by(by).filter(entry=entry).first()
    if own is None or not permissions.is_live_member(by, entry.pair_id):
        raise NotAMember
    if terms.ends_at <= at:
        raise ReleaseOver
    needs_both = entry.is_joint or terms.audience == Release.Audience.PUBLIC
    found = _words_put_forward(entry, own, versions, needs_both=needs_both)
    _replace_waiting(entry, terms, by=by, at=at)
    title, happened_on = _moment(entry, found)
    release = Release.objects.create(
        entry=entry,
        entry_is_joint=entry.is_joint,
        audience=terms.audience,
        facilitator=terms.facilitator,
        title=title,
        happened_on=happened_on,
        allows_responses=terms.allows_responses,
        ends_at=terms.ends_at,
        needs_both=needs_both,
        proposed_by=by,
        proposed_at=at,
    )
    ReleasedVersion.objects.bulk_create(ReleasedVersion(release=release, version=version) for version in found)
    if terms.audience == Release.Audience.LINK:
        ShareLink.objects.create(release=release, recipient=terms.recipient, purpose=terms.purpose)
    release.first_consent = Consent.objects.create(release=release, person=by, given_at=at)
    release.released_at = None if needs_both else at
    release.save(update_fields=["first_consent", "released_at"])
    if release.released_at is not None:
        _end_what_it_replaces(release, by=by, at=at)
    return release


@transaction.atomic
def consent_to(*, release: Release, by: User, at: datetime | None = None) -> Release:
    """Say yes to what the other put forward: from here on its audience reads it. Called by the other of the pair.

    A second click changes nothing. Raises ReleaseOver when it was withdrawn, replaced or has run out, NotTheirs for
    anybody whose word it does not wait for.
    """
    at = at or timezone.now()
    release = Release.objects.select_for_update(of=("self",)).select_related("entry").get(pk=release.pk)
    if release.second_consent_id is not None and release.consents.filter(person=by, withdrawn_at=None).exists():
        return release
    if release.ended_at is not None or release.ends_at <= at:
        raise ReleaseOver
    if not Release.objects.waiting_for(by).filter(pk=release.pk).exists():
        raise NotTheirs
    if not _proposer_still_there(release):
        raise ReleaseOver
    release.second_consent = Consent.objects.create(release=release, person=by, given_at=at)
    release.released_at = at
    release.save(update_fields=["second_consent", "released_at"])
    _end_what_it_replaces(release, by=by, at=at)
    return release


@transaction.atomic
def refuse_release(*, release: Release, by: User, at: datetime | None = None) -> None:
    """Say no to what the other put forward, or give up what oneself did. No reason is asked, and none is kept.

    A second click changes nothing. Raises NotTheirs, and ReleaseOver when it is released by now (then: withdraw).
    """
    _refuse_others(release, by)
    if Release.objects.filter(pk=release.pk, released_at=None, ended_at=None).update(
        ended_at=at or timezone.now(), ended_by=by
    ):
        return
    if Release.objects.filter(pk=release.pk, ended_at=None).exists():
        raise ReleaseOver


@transaction.atomic
def withdraw_release(*, release: Release, by: User, at: datetime | None = None) -> None:
    """Take a consent back, alone: the release is gone for its audience on their next request.

    Called by either whose consent it rests on, in the pair or not. The consent's row stays, with the hour. A second
    call changes nothing. Raises NotTheirs.
    """
    _refuse_others(release, by)
    at = at or timezone.now()
    release.consents.filter(person=by, withdrawn_at=None).update(withdrawn_at=at)
    Release.objects.filter(pk=release.pk, ended_at=None).update(ended_at=at, ended_by=by)


@transaction.atomic
def renew_link(*, release: Release, by: User) -> str:
    """A new token for a live link; one made before opens nothing from here on. Only its hash is kept.

    Called by either whose consent it rests on. Raises ReleaseOver, NotTheirs.
    """
    if not release.consents.filter(person=by, withdrawn_at=None).exists():
        raise NotTheirs
    if not Release.objects.live().filter(pk=release.pk, audience=Release.Audience.LINK).exists():
        raise ReleaseOver
    token = secrets.token_urlsafe(16)
    ShareLink.objects.filter(release=release).update(token_hash=_hash(token), first_opened_at=None)
    return token


def find_link(*, token: str, at: datetime | None = None) -> Release | None:
    """The live release that a link would open, noted by nobody; None as in `open_link`."""
    if not _TOKEN.fullmatch(token):
        return None
    live = Release.objects.live(at).filter(link__token_hash=_hash(token))
    return live.select_related("link", "proposed_by", "entry__prompt_set", "entry__pair__cohort__programme").first()


def open_link(*, token: str, at: datetime | None = None) -> Release | None:
    """The live release that a link opens, or None: unknown, run out and withdrawn are one answer. Noted once."""
    release = find_link(token=token, at=at)
    if release is not None:
        opened = ShareLink.objects.filter(release=release, first_opened_at=None)
        opened.update(first_opened_at=at or timezone.now())
    return release


def _hash(token: str) -> str:
    """SHA-256 in hexadecimal. The token is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _words_put_forward(
    entry: Entry, own: Voice, versions: Sequence[tuple[int, int]], *, needs_both: bool
) -> list[VoiceVersion]:
    voices = {voice.pk: voice for voice in entry.voices.select_related("entry")}
    if not versions or any(pk not in voices for pk, _number in versions):
        raise StaleVersion(own)
    for pk, number in versions:
        voice = voices[pk]
        if needs_both and voice.shared_version != number:
            raise NotReadByBoth
        if not needs_both and (voice.pk != own.pk or voice.version != number):
            raise StaleVersion(own)
    if needs_both and not permissions.is_read_by_both(entry, [pk for pk, _number in versions]):
        raise NotReadByBoth
    return [put_forward(voices[pk], number) for pk, number in versions]


def _moment(entry: Entry, found: Sequence[VoiceVersion]) -> tuple[str, date]:
    if entry.is_joint and entry.happened_on:
        return entry.title, entry.happened_on
    return found[0].title, found[0].happened_on


def _replace_waiting(entry: Entry, terms: ReleaseTerms, *, by: User, at: datetime) -> None:
    same = entry.releases.filter(audience=terms.audience, facilitator=terms.facilitator, ended_at=None)
    if terms.audience != Release.Audience.LINK:
        same.filter(released_at=None).update(ended_at=at, ended_by=by)


def _end_what_it_replaces(release: Release, *, by: User, at: datetime) -> None:
    """Earlier words for the same audience: so that when this is stopped they do not come back. A link is its own."""
    if release.audience != Release.Audience.LINK:
        same = Release.objects.filter(
            entry=release.entry_id, audience=release.audience, facilitator=release.facilitator
        )
        same.filter(ended_at=None, released_at__isnull=False).exclude(pk=release.pk).update(ended_at=at, ended_by=by)


def _refuse_others(release: Release, by: User) -> None:
    if not Release.objects.of_member(by).filter(pk=release.pk).exists():
        raise NotTheirs


def _proposer_still_there(release: Release) -> bool:
    return permissions.is_live_member(release.proposed_by, release.entry.pair_id)
