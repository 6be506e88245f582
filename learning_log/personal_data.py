"""What a log holds about one person, for their own copy, and how it forgets them: one's voice goes with oneself."""

from typing import Any

from django.db.models.functions import Now

from accounts.models import User
from learning_log.models import Entry, Response, Voice, VoiceVersion


def collect(user: User) -> dict[str, Any]:
    """Everything this person wrote, drafts and earlier versions included, and nothing anybody else wrote."""
    voices = Voice.objects.by(user).select_related("entry").prefetch_related("versions").order_by("pk")
    responses = Response.objects.filter(author=user).order_by("pk")
    return {
        "entries": [_entry(voice, user) for voice in voices],
        "responses": [{"text": response.body, "written_at": response.created_at.isoformat()} for response in responses],
    }


def _entry(voice: Voice, user: User) -> dict[str, Any]:
    entry = voice.entry
    return {
        "title": entry.title if entry.started_by_id == user.pk else "",
        "happened_on": entry.happened_on.isoformat(),
        "approach": entry.theme,
        "text": voice.body,
        "shared_at": voice.shared_at.isoformat() if voice.shared_at else None,
        "versions": [
            {"number": version.number, "text": version.body, "saved_at": version.saved_at.isoformat()}
            for version in sorted(voice.versions.all(), key=lambda version: version.number)
        ],
    }


def erase(user: User) -> None:
    """Empty every text of this person and take it back from everybody. Rows and counts stay."""
    Entry.objects.filter(started_by=user).update(title="", theme="")
    VoiceVersion.objects.filter(voice__author=user).update(body="")
    Voice.objects.by(user).update(body="", shared_version=None, shared_at=None)
    Response.objects.filter(author=user).update(body="")
    Response.objects.standing().filter(author=user).update(removed_at=Now(), removed_by=user)
