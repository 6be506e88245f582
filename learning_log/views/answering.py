"""Answering under an entry, and removing an answer."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions, pages, permissions
from learning_log.exceptions import NotAMember, NotShared
from learning_log.forms import ResponseForm
from learning_log.models import Entry, Response
from learning_log.views.doors import form_page, readable_entry
from learning_log.views.reading import detail_page


@form_page
def response_new(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    form = ResponseForm(request.POST or returning.data(request), initial={"form_key": uuid.uuid4()})
    entry = Entry.objects.visible_to(user).select_related("prompt_set", "pair").filter(pk=entry_id).first()
    if entry is None and request.method == "POST":
        return _nowhere_to_answer(request)
    entry = entry or readable_entry(request, entry_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.respond(entry=entry, body=form.cleaned_data["body"], form_key=form.key, by=user)
        except (NotAMember, NotShared):
            return _nowhere_to_answer(request)
        messages.success(request, _("Your answer is added."))
        return redirect("learning_log:detail", entry_id=entry_id)
    return detail_page(request, entry, form)


def _nowhere_to_answer(request: HttpRequest) -> HttpResponse:
    """Not found, with the sender's own words to copy. The same for an entry taken back and one that never was."""
    words = request.POST.get("body", "")
    return render(request, "learning_log/response_returned.html", {"words": words}, status=404)


@form_page
def response_remove(request: HttpRequest, entry_id: int, response_id: int) -> HttpResponse:
    user = current_user(request)
    entry = readable_entry(request, entry_id)
    if request.method == "POST" and not Response.objects.standing().filter(pk=response_id, entry=entry).exists():
        return redirect("learning_log:detail", entry_id=entry_id)
    readable = Response.objects.visible_to(user).standing().select_related("author")
    response = get_object_or_404(readable, pk=response_id, entry=entry)
    if not permissions.may_remove(user, response):
        raise PermissionDenied
    if request.method == "POST":
        actions.remove_response(response=response, by=user)
        messages.success(request, _("The answer is removed."))
        return redirect("learning_log:detail", entry_id=entry_id)
    returning.data(request)
    return render(
        request,
        "learning_log/response_remove.html",
        {"entry": entry, "found": pages.read_entry(user, entry), "response": response},
    )
