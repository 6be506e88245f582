"""How a page comes by what it shows: an entry the reader may read, their own voice in it."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from learning_log.models import Entry, Voice

form_page = require_http_methods(["GET", "HEAD", "POST"])


def today_of(user: User) -> date:
    return timezone.localdate(timezone=user.zone)


def readable_entry(request: HttpRequest, entry_id: int) -> Entry:
    """404 for whoever may not read it, as for one that never was."""
    readable = Entry.objects.visible_to(request.user, [entry_id]).select_related("prompt_set", "pair")
    return get_object_or_404(readable, pk=entry_id)


def own_voice(request: HttpRequest, entry_id: int) -> Voice:
    """The reader's own text in an entry. 404 without sight of the entry, 403 when it is another's."""
    entry = readable_entry(request, entry_id)
    voice = Voice.objects.by(request.user).filter(entry=entry).first()
    if voice is None:
        raise PermissionDenied
    voice.entry = entry
    return voice
