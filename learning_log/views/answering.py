"""Answering under an entry, beginning an answer, and removing one."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions, answers, pages, permissions
from learning_log.answer_forms import ResponseForm
from learning_log.exceptions import NotAMember, NotShared
from learning_log.models import Entry, Response
from learning_log.pages import ReadEntry
from learning_log.views.doors import form_page, readable_entry
from learning_log.views.reading import detail_page
from learning_log.views.returned import words_returned


@form_page
def response_new(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The entry with the box for an answer; `?start=2` puts the beginning of a sentence into it."""
    user = current_user(request)
    entry = Entry.objects.visible_to(user, [entry_id]).select_related("prompt_set", "pair").filter(pk=entry_id).first()
    if entry is None and request.method == "POST":
        return words_returned(request, is_answer=True)
    entry = entry or readable_entry(request, entry_id)
    data = request.POST if request.method == "POST" else returning.data(request)
    found, sides = pages.read_entry(user, entry), pages.sides_of(entry.pair_id)
    given = answers.under(user, found, sides, data=data, start=request.GET.get("start", ""))
    if request.method == "POST" and not given.can_respond:
        return words_returned(request, is_answer=True)
    if request.method != "POST" or not given.form.is_valid():
        return detail_page(request, found, sides, given)
    return _sent(request, entry, given.form) or _both_answers(request, found, sides)


def _sent(request: HttpRequest, entry: Entry, form: ResponseForm) -> HttpResponse | None:
    """None when the answer went, in other words than these, from another window: it stays as it was sent."""
    is_draft = request.POST.get("keep") == "draft"
    act = actions.draft_response if is_draft else actions.respond
    try:
        given = act(
            entry=entry,
            release=form.circle.release,
            body=form.cleaned_data["body"],
            form_key=form.key,
            by=current_user(request),
        )
    except (NotAMember, NotShared):
        return words_returned(request, is_answer=True)
    if given.body != form.cleaned_data["body"]:
        return None
    messages.success(request, _("Kept. Only you see it until you send it.") if is_draft else _("Your answer is added."))
    return redirect("learning_log:detail", entry_id=entry.pk)


def _both_answers(request: HttpRequest, found: ReadEntry, sides: dict[int | None, str]) -> HttpResponse:
    """What was sent, and in the box, as the beginning of another answer, what was written since."""
    data = request.POST.copy()
    data["form_key"] = str(uuid.uuid4())
    given = answers.under(current_user(request), found, sides, data=data)
    given.form.add_error(
        "body",
        _("This was sent from another window, in other words. Yours are here: send them as one more answer, or leave."),
    )
    return detail_page(request, found, sides, given)


@require_POST
def response_discard(request: HttpRequest, entry_id: int, response_id: int) -> HttpResponse:
    """Throw one's own unsent answer away."""
    user = current_user(request)
    entry = readable_entry(request, entry_id)
    draft = Response.objects.filter(pk=response_id, entry=entry, author=user).first()
    if draft is not None:
        actions.discard_response(response=draft, by=user)
        messages.success(request, _("The draft is thrown away."))
    return redirect("learning_log:detail", entry_id=entry_id)


@form_page
def response_remove(request: HttpRequest, entry_id: int, response_id: int) -> HttpResponse:
    user = current_user(request)
    entry = readable_entry(request, entry_id)
    if request.method == "POST" and not Response.objects.standing().filter(pk=response_id, entry=entry).exists():
        return redirect("learning_log:detail", entry_id=entry_id)
    readable = Response.objects.visible_to(user, [entry_id]).standing().select_related("author")
    response = get_object_or_404(readable, pk=response_id, entry=entry)
    if not permissions.may_remove(user, response):
        raise PermissionDenied
    if request.method == "POST":
        actions.remove_response(response=response, by=user)
        messages.success(request, _("The answer is removed."))
        return redirect("learning_log:detail", entry_id=entry_id)
    returning.data(request)
    context = {"entry": entry, "found": pages.read_entry(user, entry), "response": response}
    return render(request, "learning_log/response_remove.html", context)
