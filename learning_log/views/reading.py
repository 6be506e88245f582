"""One entry, with the words this reader may read."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from learning_log import pages, permissions
from learning_log.forms import ResponseForm
from learning_log.models import Entry, Response
from learning_log.views.doors import readable_entry


@require_safe
def entry_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = readable_entry(request, entry_id)
    return detail_page(request, entry, ResponseForm(initial={"form_key": uuid.uuid4()}))


def detail_page(request: HttpRequest, entry: Entry, form: ResponseForm) -> HttpResponse:
    user = current_user(request)
    sides = pages.sides_of(entry.pair_id)
    found = pages.read_entry(user, entry)
    responses = Response.objects.visible_to(user).filter(entry=entry).select_related("author")
    own = found.own
    audience = pages.audience_of(user, entry, own.voice if own else None)
    context = {
        "entry": entry,
        "found": found,
        "voices": pages.voices_said(found, sides),
        "own": own,
        "responses": pages.said(responses, sides),
        "audience": audience,
        "form": form,
        "can_respond": audience.is_shared and permissions.is_live_member(user, entry.pair_id),
    }
    return render(request, "learning_log/entry_detail.html", context)
