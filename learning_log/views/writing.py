"""Writing an entry or one's side of one, again and again, and throwing it away."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import returning
from accounts.models import User
from accounts.permissions import current_user
from cohorts.models import Session
from learning_log import actions, audiences, histories, pages, permissions
from learning_log.actions import EntryText
from learning_log.comparing import Compared, compare
from learning_log.exceptions import AlreadyTold, NotAMember, StaleVersion, StillReleased
from learning_log.forms import EntryForm, VersionForm, initial_of
from learning_log.models import Entry, ListedName, PromptSet, Voice, VoiceVersion
from learning_log.pages import ReadEntry
from learning_log.turns import turns_of
from learning_log.views.beginning import is_introduced, to_introduction
from learning_log.views.doors import form_page, own_voice, readable_entry, today_of
from learning_log.views.returned import gives_words_back

DELETED_KEY = "log_deleted"
FREELY = "free"  # in the address, where else the number of a prompt set stands


@gives_words_back
@form_page
def entry_new(request: HttpRequest) -> HttpResponse:
    """The questions used last, or those chosen in the address; once, before anything else, who can see what."""
    user = current_user(request)
    pairs = permissions.writable_pairs(user)
    if not pairs:
        raise Http404
    sent = request.POST or returning.data(request)
    if not sent and not is_introduced(user):
        return to_introduction(request)
    prompt_set = chosen_set(request)
    form = EntryForm(
        sent,
        initial={"form_key": uuid.uuid4()},
        today=today_of(user),
        pairs=pairs,
        prompt_set=prompt_set,
        sessions=sessions_of(user),
        has_files=needs_no_words(request),
        listed_names=_listed_names(user),
    )
    if request.method == "POST" and form.is_valid():
        if chooses_questions(request) and form.text.is_empty:
            return _to_other_questions(request)
        try:
            voice = actions.start_entry(
                pair=form.chosen_pair, text=form.text, form_key=form.key, prompt_set=prompt_set, by=user
            )
        except NotAMember as error:
            raise Http404 from error
        except StaleVersion as error:
            return _clash_page(request, error.saved)
        return _after_save(request, voice)
    context = {
        "form": form,
        "prompt_set": prompt_set,
        "prompt_sets": PromptSet.objects.offered(),
        "questions": prompt_set.pk if prompt_set else FREELY,
        "last_step": last_step(user),
    }
    return render(request, "learning_log/entry_new.html", context)


@gives_words_back
@form_page
def entry_edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One's own words in an entry; for somebody asked to tell of a moment, the beginning of their side."""
    user = current_user(request)
    voice = Voice.objects.by(user).select_related("entry__prompt_set", "entry__pair").filter(entry=entry_id).first()
    if voice is None:
        return _side_page(request, entry_id)
    found = pages.read_entry(user, voice.entry)
    form = _form(request, voice, found, request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.save_draft(
                voice=voice, version=form.cleaned_data["version"] or 0, text=whole_text(form, voice.entry), by=user
            )
        except Voice.DoesNotExist as error:
            raise Http404 from error
        except StaleVersion as error:
            return _clash_page(request, error.saved)
        return _after_save(request, voice)
    return _edit_page(request, voice, found, form)


@form_page
def entry_delete(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    if request.method == "POST" and request.session.get(DELETED_KEY) == entry_id:
        return redirect("learning_log:list")
    voice = own_voice(request, entry_id)
    if voice.is_shared:
        messages.info(request, _("Take this entry back first. Then you can delete it."))
        return redirect("learning_log:take_back", entry_id=entry_id)
    returning.data(request)
    form = VersionForm(request.POST or None, initial={"version": voice.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_draft(voice=voice, version=form.cleaned_data["version"], by=user)
        except StaleVersion:
            messages.warning(request, _("This entry has changed since you opened the page. Nothing was deleted."))
            return redirect("learning_log:delete", entry_id=entry_id)
        except StillReleased:
            messages.warning(request, _("Nothing was deleted: others can read this entry now."))
            return redirect("learning_log:delete", entry_id=entry_id)
        request.session[DELETED_KEY] = entry_id
        messages.success(request, _("The entry is deleted."))
        return redirect("learning_log:list")
    context = {
        "entry": voice.entry,
        "found": pages.read_entry(user, voice.entry),
        "voice": voice,
        "form": form,
        "resting": audiences.resting_on(voice),
    }
    return render(request, "learning_log/entry_delete.html", context)


def last_step(user: User) -> VoiceVersion | None:
    """What the writer last meant to do next: it greets them when they write again."""
    own = pages.ready(VoiceVersion.objects.in_pair_of(user)).filter(voice__author=user).newest_first()
    newest = own.first()
    return newest if newest is not None and newest.next_step else None


def sessions_of(user: User, *, kept: Session | None = None) -> list[Session]:
    """Sessions of one's cohorts, newest first, to which an entry can belong; and the one it belongs to."""
    found = list(Session.objects.of_participant(user).planned().order_by("-held_on", "-starts_at")[:30])
    return found if kept is None or kept in found else [*found, kept]


def current_version(voice: Voice) -> VoiceVersion:
    """The words as their author is writing them."""
    return VoiceVersion.objects.get(voice=voice, number=voice.version)


def chosen_set(request: HttpRequest) -> PromptSet | None:
    """The questions named in the address, else those the writer used last; none is writing freely.

    404 for a set that was never there. One that is offered no more still takes what was begun with it.
    """
    name = request.GET.get("questions", "")
    if not name:
        return _last_used(current_user(request))
    if name == FREELY:
        return None
    return get_object_or_404(PromptSet, pk=int(name) if name.isdecimal() and len(name) < 10 else 0)


def _last_used(user: User) -> PromptSet | None:
    """What is offered now of the set in this person's newest entry."""
    started = Entry.objects.filter(started_by=user).order_by("-created_at", "-pk")
    key = started.values_list("prompt_set__key", flat=True).first()
    return PromptSet.objects.offered().filter(key=key).first() if key else None


def _form(request: HttpRequest, voice: Voice, found: ReadEntry, data: Any) -> EntryForm:
    user = current_user(request)
    saved = found.own or current_version(voice)
    return EntryForm(
        data,
        initial=initial_of(saved),
        today=today_of(user),
        prompt_set=voice.entry.prompt_set,
        sessions=sessions_of(user, kept=saved.session),
        names_moment=not voice.entry.is_joint,
        has_files=needs_no_words(request) or bool(saved.attachments.all()),
        listed_names=_listed_names(user),
    )


def needs_no_words(request: HttpRequest) -> bool:
    """Whoever signs or speaks their entry (sharing asks for a transcript later), or looks for other questions first."""
    return goes_on_to_files(request) or chooses_questions(request)


def goes_on_to_files(request: HttpRequest) -> bool:
    return request.POST.get("next") == "files"


def chooses_questions(request: HttpRequest) -> bool:
    return "questions" in request.POST


def _to_other_questions(request: HttpRequest) -> HttpResponse:
    asked = QueryDict(mutable=True)
    asked["questions"] = request.POST["questions"]
    return redirect(f"{reverse('learning_log:new')}?{asked.urlencode()}")


def _listed_names(user: User) -> list[str]:
    return list(ListedName.objects.visible_to(user).values_list("name", flat=True))


def whole_text(form: EntryForm, entry: Entry) -> EntryText:
    """What was written; a side of a joint entry keeps the moment's title and day in its versions too."""
    if not entry.is_joint:
        return form.text
    return form.text_of_moment(title=entry.title, happened_on=entry.happened_on or form.today)


def _side_page(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    entry = Entry.objects.waiting_for(user).select_related("prompt_set", "pair").filter(pk=entry_id).first()
    if entry is None:
        readable_entry(request, entry_id)
        raise PermissionDenied
    sent = request.POST or returning.data(request)
    if not sent and not is_introduced(user):
        return to_introduction(request)
    form = EntryForm(
        sent,
        today=today_of(user),
        prompt_set=entry.prompt_set,
        sessions=sessions_of(user),
        names_moment=False,
        has_files=needs_no_words(request),
        listed_names=_listed_names(user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.write_side(entry=entry, text=whole_text(form, entry), by=user)
        except NotAMember as error:
            raise Http404 from error
        except AlreadyTold:
            return _clash_page(request, own_voice(request, entry.pk))
        return _after_save(request, voice)
    context = {"entry": entry, "form": form, "turns": turns_of(entry, user)}
    return render(request, "learning_log/side_new.html", context)


def _clash_page(request: HttpRequest, saved: Voice) -> HttpResponse:
    """The form as it was sent, now resting on what was saved elsewhere: to save again is to know of both."""
    saved.entry = readable_entry(request, saved.entry_id)
    data = request.POST.copy()
    data["version"] = str(saved.version)
    found = pages.read_entry(current_user(request), saved.entry)
    return _edit_page(request, saved, found, _form(request, saved, found, data), is_clash=True)


def _after_save(request: HttpRequest, voice: Voice) -> HttpResponse:
    if request.POST.get("next") == "share":
        return redirect("learning_log:share", entry_id=voice.entry_id)
    if goes_on_to_files(request):
        return redirect("learning_log:files", entry_id=voice.entry_id)
    if chooses_questions(request):
        messages.success(request, _("What you had written is saved as a draft. You find it in your log."))
        return _to_other_questions(request)
    if voice.has_newer_words:
        messages.success(request, _("Saved. The new words are yours alone until you share them."))
    elif not voice.is_shared and voice.entry.is_joint:
        messages.success(request, _("Saved. Your side is yours alone until you have finished it."))
    elif not voice.is_shared:
        messages.success(request, _("Saved as a draft. Only you can read it."))
    return redirect("learning_log:detail", entry_id=voice.entry_id)


def _edit_page(
    request: HttpRequest, voice: Voice, found: ReadEntry, form: EntryForm, *, is_clash: bool = False
) -> HttpResponse:
    user = current_user(request)
    saved = found.own or current_version(voice)
    context = {
        "entry": voice.entry,
        "title": found.title,
        "voice": voice,
        "form": form,
        "audience": audiences.of(user, found),
        "turns": turns_of(voice.entry, user),
        "earlier": histories.in_the_margin(voice),
        "is_clash": is_clash,
        "clash": _differences(saved, form, voice.entry) if is_clash and form.is_valid() else (),
    }
    return render(request, "learning_log/entry_edit.html", context, status=409 if is_clash else 200)


def _differences(saved: VoiceVersion, form: EntryForm, entry: Entry) -> list[Compared]:
    """What was saved elsewhere beside what was sent from here, for each field in which they differ."""
    questions = [str(one["question"]) for one in form.questions]
    both = compare(EntryText.of(saved), whole_text(form, entry), questions, form.session_names)
    return [one for one in both if one.has_changed and one.name in form.fields]
