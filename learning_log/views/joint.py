"""One moment, two voices: asking for the other's side, naming the moment, and what the two now see together."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions, pages, permissions
from learning_log.differences import difference
from learning_log.exceptions import AlreadyTold, NobodyToShareWith, NotAMember, NotShared, StaleVersion
from learning_log.models import Entry, Voice
from learning_log.sharing_forms import AskForm, MomentForm, TogetherForm
from learning_log.views.doors import form_page, own_voice, readable_entry, today_of
from learning_log.views.returned import gives_words_back, typed_words
from learning_log.views.writing import current_version


@form_page
def entry_ask(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Ask the other of the pair to tell the same moment. They see its title and day, and not a word of this text."""
    user = current_user(request)
    voice = own_voice(request, entry_id)
    entry = voice.entry
    if entry.is_joint:
        return redirect("learning_log:detail", entry_id=entry_id)
    data = request.POST if request.method == "POST" else returning.data(request)
    form = AskForm(data, initial={"version": voice.version}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            actions.ask_partner(voice=voice, version=chosen["version"], is_sealed=chosen["way"] == "sealed", by=user)
        except StaleVersion:
            messages.warning(request, _("The entry has changed since you opened this page. Look at it once more."))
            return redirect("learning_log:ask", entry_id=entry_id)
        except (AlreadyTold, NobodyToShareWith, NotAMember):
            messages.warning(request, _("You cannot ask for a second side here now. Begin a new entry for it."))
        else:
            messages.success(request, _("Asked. Your partner sees the title and the day, and none of your words."))
        return redirect("learning_log:detail", entry_id=entry_id)
    context = {
        "entry": entry,
        "found": pages.read_entry(user, entry),
        "voice": voice,
        "form": form,
        "others": permissions.others_in_pair(user, entry.pair_id),
    }
    return render(request, "learning_log/joint_ask.html", context)


@gives_words_back
@form_page
def moment_edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Name a joint moment anew; either of the two may."""
    user = current_user(request)
    entry = _joint(request, entry_id)
    data = request.POST if request.method == "POST" else returning.data(request)
    initial = {"title": entry.title, "happened_on": entry.happened_on}
    form = MomentForm(data, initial=initial, today=today_of(user))
    if request.method == "POST" and form.is_valid():
        actions.rename_moment(entry=entry, by=user, **form.cleaned_data)
        messages.success(request, _("Changed for both of you."))
        return redirect("learning_log:detail", entry_id=entry_id)
    return render(request, "learning_log/joint_moment.html", {"entry": entry, "form": form})


@gives_words_back
@form_page
def together_edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The short third text. Both write it, both read every save."""
    user = current_user(request)
    entry = _joint(request, entry_id)
    if not permissions.have_both_shared(entry):
        if typed_words(request):
            raise Http404
        return redirect("learning_log:detail", entry_id=entry_id)
    standing = Voice.objects.filter(entry=entry, author=None).first()
    data = request.POST if request.method == "POST" else returning.data(request)
    form = TogetherForm(data, initial=_initial(standing), label_suffix="")
    if request.method == "POST" and form.is_valid():
        text = form.text(title=entry.title, happened_on=entry.happened_on or today_of(user))
        try:
            actions.write_together(entry=entry, text=text, version=form.cleaned_data["version"], by=user)
        except StaleVersion as stale:
            return _clash(request, entry, stale.saved)
        except (NotShared, NotAMember) as error:
            raise Http404 from error
        messages.success(request, _("Saved. Both of you read it now."))
        return redirect("learning_log:detail", entry_id=entry_id)
    return render(request, "learning_log/joint_together.html", {"entry": entry, "form": form})


def _joint(request: HttpRequest, entry_id: int) -> Entry:
    """A joint entry of the reader's own pair. 404 without sight of it, 403 for whoever only reads a release of it."""
    entry = readable_entry(request, entry_id)
    if not Entry.objects.asked_of(current_user(request)).filter(pk=entry.pk).exists():
        raise PermissionDenied
    return entry


def _initial(standing: Voice | None) -> dict[str, Any]:
    if standing is None:
        return {"version": 0, "words": ""}
    return {"version": standing.version, "words": current_version(standing).body}


def _clash(request: HttpRequest, entry: Entry, saved: Voice) -> HttpResponse:
    """Both texts, and the form as it was sent, resting now on what the other saved."""
    data = request.POST.copy()
    data["version"] = str(saved.version)
    standing = current_version(saved).body
    context = {
        "entry": entry,
        "form": TogetherForm(data, label_suffix=""),
        "saved": standing,
        "clash": difference(standing, request.POST.get("words", "")),
    }
    return render(request, "learning_log/joint_together.html", context, status=409)
