"""The timeline of a log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from learning_log import pages, permissions
from learning_log.models import Entry


@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    page = pages.entries_page(user, request.GET.get("before", ""))
    context = {
        "page": page,
        "asked": Entry.objects.waiting_for(user).order_by("-asked_at"),
        "can_write": bool(permissions.writable_pairs(user)),
        "is_first_page": "before" not in request.GET,
    }
    return render(request, "learning_log/entry_list.html", context)
