"""The questions the log offers, for programme managers. What anybody answered is not theirs to see."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from learning_log import actions
from learning_log.actions import Questions
from learning_log.exceptions import StaleEdition
from learning_log.forms import EntryForm
from learning_log.models import PromptSet
from learning_log.prompt_forms import MOST_QUESTIONS, PromptSetForm, initial_rows, rearranged, rows_in
from learning_log.views.doors import form_page, today_of

EMPTY_ROWS = [("", "")] * 3


@staff_only(Role.MANAGER)
@require_safe
def prompt_list(request: HttpRequest) -> HttpResponse:
    """The newest edition of every set, those offered first."""
    newest = PromptSet.objects.order_by("key", "-number").distinct("key")
    sets = sorted(newest, key=lambda edition: (not edition.is_offered, edition.position, edition.name))
    return render(request, "learning_log/prompts_list.html", {"sets": sets})


@staff_only(Role.MANAGER)
@form_page
def prompt_new(request: HttpRequest) -> HttpResponse:
    start = {"position": PromptSet.objects.offered().count() + 1, **initial_rows(EMPTY_ROWS)}
    form = _form(request, start, rows=len(EMPTY_ROWS))
    if form.is_bound and form.is_valid():
        made = actions.start_prompt_set(questions=form.questions, by=current_user(request))
        messages.success(request, _("“%(name)s” is offered from now on.") % {"name": made.name})
        return redirect("learning_log:prompts")
    return render(request, "learning_log/prompts_edit.html", _context(request, form, None))


@staff_only(Role.MANAGER)
@form_page
def prompt_edit(request: HttpRequest, key: str) -> HttpResponse:
    """The newest edition in a form; saving makes the next, and entries keep the one they began with."""
    edition = _newest_or_404(key)
    asked = Questions.of(edition)
    start = {"name": asked.name, "purpose": asked.purpose, "position": asked.position, "number": edition.number}
    form = _form(request, start | initial_rows(list(asked.asked)), rows=len(asked.asked))
    is_stale = False
    if form.is_bound and form.is_valid():
        try:
            actions.next_edition(
                key=key,
                number=form.cleaned_data["number"] or 0,
                questions=form.questions,
                by=current_user(request),
            )
        except StaleEdition:
            is_stale = True
        else:
            messages.success(request, _("Saved. Entries begun from now on get these questions."))
            return redirect("learning_log:prompts")
    context = _context(request, form, edition) | {"is_stale": is_stale, "number": edition.number}
    return render(request, "learning_log/prompts_edit.html", context, status=409 if is_stale else 200)


@staff_only(Role.MANAGER)
@require_POST
def prompt_retire(request: HttpRequest, key: str) -> HttpResponse:
    edition = _newest_or_404(key)
    actions.retire_prompt_set(key=key)
    messages.success(request, _("“%(name)s” is offered no more. Entries keep it.") % {"name": edition.name})
    return redirect("learning_log:prompts")


@staff_only(Role.MANAGER)
@require_POST
def prompt_offer(request: HttpRequest, key: str) -> HttpResponse:
    edition = _newest_or_404(key)
    actions.offer_prompt_set(key=key)
    messages.success(request, _("“%(name)s” is offered from now on.") % {"name": edition.name})
    return redirect("learning_log:prompts")


def _newest_or_404(key: str) -> PromptSet:
    newest = PromptSet.objects.filter(key=key).select_related("created_by").order_by("-number").first()
    if newest is None:
        raise Http404
    return newest


def _form(request: HttpRequest, start: dict[str, Any], *, rows: int) -> PromptSetForm:
    """Bound when somebody saves; after "Add a question" and its like unbound, with the page's words as they are."""
    sent = request.POST or returning.data(request)
    if not sent:
        return PromptSetForm(initial=start, rows=rows)
    if "do" not in sent:
        return PromptSetForm(sent, rows=len(rows_in(sent)))
    standing = rearranged(rows_in(sent), sent.get("do", ""))
    kept = {name: sent.get(name, "") for name in ("name", "purpose", "position", "number")}
    return PromptSetForm(initial=kept | initial_rows(standing), rows=len(standing))


def _context(request: HttpRequest, form: PromptSetForm, edition: PromptSet | None) -> dict[str, Any]:
    return {
        "form": form,
        "edition": edition,
        "can_add": form.count < MOST_QUESTIONS,
        "preview": _preview(request, form) if request.POST.get("do") == "preview" else None,
    }


def _preview(request: HttpRequest, form: PromptSetForm) -> EntryForm:
    """The questions as a writer meets them, from what stands in the form now."""
    asked = [{"question": row[0].value(), "hint": row[1].value()} for row in form.rows if row[0].value()]
    shown = PromptSet(name=form["name"].value(), questions=asked)
    return EntryForm(today=today_of(current_user(request)), prompt_set=shown, prefix="preview")
