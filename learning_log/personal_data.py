"""What a log holds about one person, for their own copy, and how it forgets them: one's voice goes with oneself."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import User
from learning_log import media_files
from learning_log.models import (
    Attachment,
    Copy,
    Entry,
    Introduced,
    ListedName,
    Nudge,
    Release,
    Response,
    ShareLink,
    VersionAttachment,
    Voice,
    VoiceVersion,
)
from pairs.models import Membership


def collect(user: User) -> dict[str, Any]:
    """Everything this person wrote, drafts and earlier versions included, and nothing anybody else wrote.

    The names to be warned of are a list of both, and so in the data of each.
    """
    voices = Voice.objects.by(user).prefetch_related("versions__attachments__attachment").order_by("pk")
    responses = Response.objects.filter(author=user).order_by("pk")
    return {
        "entries": [_voice(voice) for voice in voices],
        "responses": [{"text": response.body, "written_at": response.created_at.isoformat()} for response in responses],
        "consents": [_consent(release, user) for release in Release.objects.filter(consents__person=user)],
        "reminders": [{"weekdays": nudge.weekdays, "hour": nudge.hour} for nudge in Nudge.objects.filter(user=user)],
        "listed_names": list(ListedName.objects.visible_to(user).values_list("name", flat=True)),
    }


def _voice(voice: Voice) -> dict[str, Any]:
    versions = sorted(voice.versions.all(), key=lambda version: version.number)
    return {
        "shared_at": voice.shared_at.isoformat() if voice.shared_at else None,
        "versions": [_version(version) for version in versions],
    }


def _version(version: VoiceVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "title": version.title,
        "happened_on": version.happened_on.isoformat(),
        "answers": version.answers,
        "next_step": version.next_step,
        "approaches": version.approaches,
        "tags": version.tags,
        "files": [{"name": held.attachment.name, "words": held.words} for held in version.attachments.all()],
        "saved_at": version.saved_at.isoformat(),
    }


def _consent(release: Release, user: User) -> dict[str, Any]:
    consent = release.consents.get(person=user)
    return {
        "audience": release.audience,
        "given_at": consent.given_at.isoformat(),
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
    }


def erase(user: User) -> None:
    """Empty every text of this person, take it back from everybody, and remove their files. Rows and counts stay.

    What the two wrote together is emptied where this person had the last word in it (docs/decisions/0009). The names
    that their pair listed go with the last of the two.
    """
    own = Q(voice__author=user) | Q(voice__author=None, saved_by=user)
    Release.objects.filter(ended_at=None, consents__person=user).update(ended_at=Now(), ended_by=user)
    Release.objects.filter(entry__voices__author=user).update(title="")
    ShareLink.objects.filter(release__proposed_by=user).update(recipient="", purpose="")
    Entry.objects.filter(started_by=user).update(title="")
    VoiceVersion.objects.filter(own).update(answers=[], title="", next_step="", tags=[])
    VersionAttachment.objects.filter(version__in=VoiceVersion.objects.filter(voice__author=user)).update(words="")
    Voice.objects.by(user).update(shared_version=None, shared_at=None)
    Response.objects.filter(author=user).update(body="")
    Response.objects.standing().filter(author=user).update(removed_at=Now(), removed_by=user)
    Nudge.objects.filter(user=user).delete()
    Introduced.objects.filter(user=user).delete()
    stays = Membership.objects.live().filter(pair=OuterRef("pair"), participant__user__is_active=True)
    ours = Membership.objects.of(user).values("pair")
    ListedName.objects.filter(~Exists(stays.exclude(participant__user=user)), pair__in=ours).delete()
    media_files.remove(Attachment.objects.filter(voice__author=user))
    media_files.remove(Copy.objects.filter(owner=user))
