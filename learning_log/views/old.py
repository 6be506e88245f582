"""The pages of a log. Whoever may not read an entry gets 404; who may read but not write it, 403."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import returning
from accounts.models import User
from accounts.permissions import current_user
from learning_log import actions, pages, permissions
from learning_log.differences import difference
from learning_log.exceptions import NobodyToShareWith, NotAMember, NotShared, StaleVersion
from learning_log.forms import EntryForm, ResponseForm, VersionForm
from learning_log.models import Entry, Response, Voice

DELETED_KEY = "log_deleted"

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    page = pages.entries_page(user, request.GET.get("before", ""))
    context = {
        "page": page,
        "can_write": bool(permissions.writable_pairs(user)),
        "is_first_page": "before" not in request.GET,
    }
    return render(request, "learning_log/entry_list.html", context)


@require_safe
def entry_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = _entry(request, entry_id)
    return _detail(request, entry, ResponseForm(initial={"form_key": uuid.uuid4()}))


# ---- Writing ----


@form_page
def entry_new(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    pairs = permissions.writable_pairs(user)
    if not pairs:
        raise Http404
    initial = {"form_key": uuid.uuid4()}
    form = EntryForm(request.POST or returning.data(request), initial=initial, today=_today(user), pairs=pairs)
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.start_entry(pair=form.chosen_pair, text=form.text, form_key=form.key, by=user)
        except NotAMember as error:
            raise Http404 from error
        except StaleVersion as error:
            return _edit_page(request, error.saved, _rebound(request, error.saved, today=_today(user)), clash=True)
        return _after_save(request, voice)
    is_first = not Voice.objects.by(user).exists()
    return render(request, "learning_log/entry_new.html", {"form": form, "is_first": is_first})


@form_page
def entry_edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    voice = _own_voice(request, entry_id)
    form = EntryForm(request.POST or returning.data(request), initial=_initial(voice), today=_today(user))
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.save_draft(voice=voice, version=form.cleaned_data["version"] or 0, text=form.text, by=user)
        except StaleVersion as error:
            return _edit_page(request, error.saved, _rebound(request, error.saved, today=_today(user)), clash=True)
        return _after_save(request, voice)
    return _edit_page(request, voice, form)


@form_page
def entry_delete(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    if request.method == "POST" and request.session.get(DELETED_KEY) == entry_id:
        return redirect("learning_log:list")
    voice = _own_voice(request, entry_id)
    if voice.is_shared:
        messages.info(request, _("Take this entry back first. Then you can delete it."))
        return redirect("learning_log:take_back", entry_id=entry_id)
    form = _version_form(request, voice)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_draft(voice=voice, version=form.cleaned_data["version"], by=user)
        except StaleVersion:
            messages.warning(request, _("This entry has changed since you opened the page. Nothing was deleted."))
            return redirect("learning_log:delete", entry_id=entry_id)
        request.session[DELETED_KEY] = entry_id
        messages.success(request, _("The entry is deleted."))
        return redirect("learning_log:list")
    return render(request, "learning_log/entry_delete.html", {"entry": voice.entry, "voice": voice, "form": form})


# ---- Sharing ----


@form_page
def entry_share(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    voice = _own_voice(request, entry_id)
    form = _version_form(request, voice)
    if request.method == "POST" and form.is_valid():
        try:
            actions.share_with_pair(voice=voice, version=form.cleaned_data["version"], by=user)
        except StaleVersion:
            messages.warning(request, _("The words have changed since you opened this page. Look at them once more."))
        except (NobodyToShareWith, NotAMember):
            messages.warning(request, _("There is nobody in your pair to share with now."))
        else:
            messages.success(request, _("Shared. The two of you can read it now."))
            return redirect("learning_log:detail", entry_id=entry_id)
        return redirect("learning_log:share", entry_id=entry_id)
    return render(request, "learning_log/entry_share.html", _share_context(user, voice, form))


@form_page
def entry_take_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    voice = _own_voice(request, entry_id)
    if request.method == "POST":
        actions.take_back(voice=voice, by=user)
        messages.success(request, _("You have taken it back. Only you can read it now."))
        return redirect("learning_log:detail", entry_id=entry_id)
    returning.data(request)
    context = {"entry": voice.entry, "voice": voice, "audience": pages.audience_of(user, voice.entry, voice)}
    return render(request, "learning_log/entry_take_back.html", context)


# ---- Answering ----


@form_page
def response_new(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    form = ResponseForm(request.POST or returning.data(request), initial={"form_key": uuid.uuid4()})
    entry = Entry.objects.visible_to(user).filter(pk=entry_id).first()
    if entry is None and request.method == "POST":
        return _nowhere_to_answer(request)
    entry = entry or _entry(request, entry_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.respond(entry=entry, body=form.cleaned_data["body"], form_key=form.key, by=user)
        except (NotAMember, NotShared):
            return _nowhere_to_answer(request)
        messages.success(request, _("Your answer is added."))
        return redirect("learning_log:detail", entry_id=entry_id)
    return _detail(request, entry, form)


def _nowhere_to_answer(request: HttpRequest) -> HttpResponse:
    """Not found, with the sender's own words to copy. The same for an entry taken back and one that never was."""
    words = request.POST.get("body", "")
    return render(request, "learning_log/response_returned.html", {"words": words}, status=404)


@form_page
def response_remove(request: HttpRequest, entry_id: int, response_id: int) -> HttpResponse:
    user = current_user(request)
    entry = _entry(request, entry_id)
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
    return render(request, "learning_log/response_remove.html", {"entry": entry, "response": response})


# ---- What several of them do ----


def _today(user: User) -> date:
    return timezone.localdate(timezone=user.zone)


def _entry(request: HttpRequest, entry_id: int) -> Entry:
    return get_object_or_404(Entry.objects.visible_to(request.user), pk=entry_id)


def _own_voice(request: HttpRequest, entry_id: int) -> Voice:
    """The reader's own text in an entry. 404 without sight of the entry, 403 when it is another's."""
    entry = _entry(request, entry_id)
    voice = Voice.objects.by(request.user).select_related("entry").filter(entry=entry).first()
    if voice is None:
        raise PermissionDenied
    return voice


def _version_form(request: HttpRequest, voice: Voice) -> VersionForm:
    returning.data(request)
    return VersionForm(request.POST or None, initial={"version": voice.version})


def _initial(voice: Voice) -> dict[str, Any]:
    entry = voice.entry
    return {
        "title": entry.title,
        "happened_on": entry.happened_on,
        "theme": entry.theme,
        "body": voice.body,
        "version": voice.version,
    }


def _rebound(request: HttpRequest, saved: Voice, *, today: date) -> EntryForm:
    """The form as it was sent, now resting on what was saved elsewhere: to save again is to know of both."""
    data = request.POST.copy()
    data["version"] = str(saved.version)
    return EntryForm(data, today=today)


def _after_save(request: HttpRequest, voice: Voice) -> HttpResponse:
    if request.POST.get("next") == "share":
        return redirect("learning_log:share", entry_id=voice.entry_id)
    if not voice.is_shared:
        messages.success(request, _("Saved as a draft. Only you can read it."))
    elif voice.has_newer_words:
        messages.success(request, _("Saved. The new words are yours alone until you share them."))
    return redirect("learning_log:detail", entry_id=voice.entry_id)


def _edit_page(request: HttpRequest, voice: Voice, form: EntryForm, *, clash: bool = False) -> HttpResponse:
    user = current_user(request)
    context = {
        "entry": voice.entry,
        "voice": voice,
        "form": form,
        "audience": pages.audience_of(user, voice.entry, voice),
        "clash": difference(voice.body, form.text.body) if clash and form.is_valid() else None,
    }
    return render(request, "learning_log/entry_edit.html", context, status=409 if clash else 200)


def _share_context(user: User, voice: Voice, form: VersionForm) -> dict[str, Any]:
    entry = voice.entry
    return {
        "entry": entry,
        "voice": voice,
        "form": form,
        "audience": pages.audience_of(user, entry, voice),
        "side": pages.sides_of(entry.pair_id).get(user.pk, ""),
        "is_member": permissions.is_live_member(user, entry.pair_id),
    }


def _detail(request: HttpRequest, entry: Entry, form: ResponseForm) -> HttpResponse:
    user = current_user(request)
    sides = pages.sides_of(entry.pair_id)
    readable = Voice.objects.visible_to(user).with_words(user).select_related("author")
    voices = list(readable.filter(entry=entry).order_by("pk"))
    responses = Response.objects.visible_to(user).filter(entry=entry).select_related("author")
    own = next((voice for voice in voices if voice.author_id == user.pk), None)
    audience = pages.audience_of(user, entry, own)
    context = {
        "entry": entry,
        "voices": pages.said(voices, sides),
        "own": own,
        "responses": pages.said(responses, sides),
        "audience": audience,
        "form": form,
        "can_respond": audience.is_shared and permissions.is_live_member(user, entry.pair_id),
    }
    return render(request, "learning_log/entry_detail.html", context)
