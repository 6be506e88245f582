"""Taking away: copies of everything, portfolios, and the files themselves. All of it is shown to its owner alone."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.models import User
from accounts.permissions import current_user
from learning_log import actions, copying, media_files, serving
from learning_log.actions.copying import MOST_CHOSEN
from learning_log.copy_forms import BOTH, MINE, ArrangeForm, ChooseForm, TermsForm
from learning_log.exceptions import CopyGone, TooManyCopies
from learning_log.models import Copy
from learning_log.pages import ReadEntry
from learning_log.views.doors import form_page

CONTENT_TYPES = {
    Copy.Form.PDF: "application/pdf",
    Copy.Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Copy.Form.WEB: "text/html; charset=utf-8",
    Copy.Form.DATA: "application/json",
}
LOOK_AGAIN_SECONDS = 4


@require_safe
def copy_list(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    copies = [_asked_again(copy) for copy in Copy.objects.visible_to(user).select_related("owner")]
    return render(request, "learning_log/copy_list.html", {"copies": copies})


@form_page
def copy_new(request: HttpRequest) -> HttpResponse:
    """A copy of everything."""
    user = current_user(request)
    form = TermsForm(request.POST or returning.data(request), initial={"form_key": uuid.uuid4()})
    count = len(copying.offered(user))
    if request.method == "POST" and count and form.is_valid():
        try:
            copy = actions.ask_for_copy(terms=form.terms, form_key=form.key, by=user)
        except TooManyCopies:
            form.add_error(None, _too_many())
        else:
            return redirect("learning_log:copy", copy_id=copy.pk)
    return render(request, "learning_log/copy_new.html", {"form": form, "count": count})


@form_page
def copy_choose(request: HttpRequest) -> HttpResponse:
    """The first step to a portfolio: which entries."""
    user = current_user(request)
    form = ChooseForm(
        request.POST or returning.data(request),
        offered=copying.offered(user)[:MOST_CHOSEN],
        initial={"form_key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            copy = actions.choose_entries(chosen=form.chosen, form_key=form.key, by=user)
        except TooManyCopies:
            form.add_error(None, _too_many())
        else:
            return redirect("learning_log:copy_arrange", copy_id=copy.pk)
    return render(request, "learning_log/copy_choose.html", {"form": form, "most": MOST_CHOSEN})


@form_page
def copy_choose_again(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Other entries for a portfolio that is being put together; those that stay keep their order."""
    user, copy = current_user(request), _own_copy(request, copy_id)
    if copy.state != Copy.State.CHOOSING:
        return redirect("learning_log:copy", copy_id=copy_id)
    standing = copy.chosen or []
    form = ChooseForm(
        request.POST or returning.data(request),
        offered=copying.offered(user)[:MOST_CHOSEN],
        initial={"form_key": copy.form_key, "entry": standing},
    )
    if request.method == "POST" and form.is_valid():
        kept = [entry_id for entry_id in standing if entry_id in form.chosen]
        new = [entry_id for entry_id in form.chosen if entry_id not in standing]
        try:
            actions.arrange_copy(copy=copy, chosen=kept + new, by=user)
        except CopyGone:
            return redirect("learning_log:copies")
        return redirect("learning_log:copy_arrange", copy_id=copy_id)
    return render(request, "learning_log/copy_choose.html", {"form": form, "copy": copy, "most": MOST_CHOSEN})


@form_page
def copy_arrange(request: HttpRequest, copy_id: int) -> HttpResponse:
    """The second step: in which order, what it is called, whom it is for. Numbers beside the entries order them."""
    user, copy = current_user(request), _own_copy(request, copy_id)
    if copy.state != Copy.State.CHOOSING:
        return redirect("learning_log:copy", copy_id=copy_id)
    entries = _entries_of(copy)
    sent = request.POST or returning.data(request)
    form = ArrangeForm(sent, entries=entries, initial=_initial(copy))
    if request.method == "POST" and form.is_valid():
        try:
            actions.arrange_copy(copy=copy, chosen=form.chosen, terms=form.terms, by=user)
        except CopyGone:
            return redirect("learning_log:copies")
        step = "learning_log:copy_arrange" if request.POST.get("do") == "order" else "learning_log:copy_check"
        return redirect(step, copy_id=copy_id)
    return render(request, "learning_log/copy_arrange.html", {"form": form, "copy": copy})


@require_safe
def copy_check(request: HttpRequest, copy_id: int) -> HttpResponse:
    """The last step: all that will be in it, in its order, and the button that has it made."""
    user, copy = current_user(request), _own_copy(request, copy_id)
    if copy.state != Copy.State.CHOOSING or not copy.title:
        there = "learning_log:copy_arrange" if copy.state == Copy.State.CHOOSING else "learning_log:copy"
        return redirect(there, copy_id=copy_id)
    entries = _entries_of(copy)
    context = {"copy": copy, "entries": entries, "words": _voices_in(entries, user)}
    return render(request, "learning_log/copy_check.html", context)


@require_safe
def copy_detail(request: HttpRequest, copy_id: int) -> HttpResponse:
    """How far it is, and the way to the file. While it is made the page looks again by itself, unless `?still`."""
    copy = _asked_again(_own_copy(request, copy_id))
    if copy.state == Copy.State.CHOOSING:
        return redirect("learning_log:copy_arrange", copy_id=copy_id)
    looks_again = copy.is_on_its_way and "still" not in request.GET
    context = {"copy": copy, "looks_again": LOOK_AGAIN_SECONDS if looks_again else 0}
    return render(request, "learning_log/copy_detail.html", context)


@require_safe
def copy_file(request: HttpRequest, copy_id: int) -> HttpResponseBase:
    """The file. Whether every word of others in it is still shared is asked before each download."""
    copy = _asked_again(_own_copy(request, copy_id))
    if copy.state != Copy.State.READY:
        return redirect("learning_log:copy", copy_id=copy_id)
    name = f"{_file_name(copy)}.{copy.form}"
    response = serving.serve(
        request,
        media_files.place_of(copy.path),
        content_type=CONTENT_TYPES[Copy.Form(copy.form)],
        download_name=name,
        etag=copy.path.rpartition("/")[2],
    )
    # To be kept, not shown here: a sandboxed page would be without its styles, a PDF without its viewer.
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def copy_make(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Make a portfolio, or a copy again."""
    try:
        actions.make_copy(copy=_own_copy(request, copy_id), by=current_user(request))
    except CopyGone:
        return redirect("learning_log:copies")
    return redirect("learning_log:copy", copy_id=copy_id)


@require_POST
def copy_throw_away(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Delete a copy and its file; a second click finds none and ends in the same place."""
    copy = Copy.objects.visible_to(current_user(request)).filter(pk=copy_id).first()
    if copy is not None:
        actions.throw_copy_away(copy=copy, by=current_user(request))
        messages.success(request, _("The copy is thrown away. Your log is as it was."))
    return redirect("learning_log:copies")


def _own_copy(request: HttpRequest, copy_id: int) -> Copy:
    """404 for whoever is not its owner, as for one that never was."""
    return get_object_or_404(Copy.objects.visible_to(request.user).select_related("owner"), pk=copy_id)


def _asked_again(copy: Copy) -> Copy:
    """The copy, withdrawn if something in it is no longer shared with its owner."""
    if copy.state == Copy.State.READY and not copying.is_still_shared(copy):
        actions.withdraw_copy(copy=copy)
        copy.refresh_from_db()
    return copy


def _entries_of(copy: Copy) -> list[ReadEntry]:
    """The chosen entries that can still be read, in their order, with both voices."""
    by_id = {one.entry.pk: one for one in copying.offered(copy.owner)}
    return [by_id[entry_id] for entry_id in copy.chosen or [] if entry_id in by_id]


def _initial(copy: Copy) -> dict[str, Any]:
    return {
        "form": copy.form,
        "words": BOTH if copy.with_partner else MINE,
        "answers": copy.with_answers,
        "title": copy.title,
        "purpose": copy.purpose,
        "form_key": copy.form_key,
    }


def _voices_in(entries: Sequence[ReadEntry], user: User) -> dict[str, int]:
    """How many entries hold one's own words, and how many another's."""
    return {
        "own": sum(1 for one in entries if one.own),
        "others": sum(1 for one in entries if any(held.voice.author_id != user.pk for held in one.versions)),
    }


def _file_name(copy: Copy) -> str:
    """In letters that every system knows; without a title, the day it was made."""
    day = timezone.localdate(copy.created_at, timezone=copy.owner.zone)
    return slugify(copy.title)[:60] or f"learning-log-{day.isoformat()}"


def _too_many() -> str:
    return _("You have ten copies already. Throw one away first; a copy also goes by itself after a day.")
