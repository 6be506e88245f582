"""Sharing with the other of the pair, and taking back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.models import User
from accounts.permissions import current_user
from learning_log import actions, audiences, naming, pages, permissions
from learning_log.exceptions import FileWithoutWords, NobodyToShareWith, NotAMember, NothingWritten, StaleVersion
from learning_log.forms import VersionForm
from learning_log.models import Voice
from learning_log.views.doors import form_page, own_voice


@form_page
def entry_share(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    voice = own_voice(request, entry_id)
    returning.data(request)
    form = VersionForm(request.POST or None, initial={"version": voice.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.share_with_pair(voice=voice, version=form.cleaned_data["version"], by=user)
        except StaleVersion:
            messages.warning(request, _("The words have changed since you opened this page. Look at them once more."))
        except (NobodyToShareWith, NotAMember):
            messages.warning(request, _("There is nobody in your pair to share with now."))
        except NothingWritten:
            messages.warning(request, _("There is nothing in it yet. Write something first."))
        except FileWithoutWords:
            messages.warning(request, _("Describe each sound, film or picture in words first."))
        else:
            messages.success(request, _("Shared. The two of you can read it now."))
            return redirect("learning_log:detail", entry_id=entry_id)
        return redirect("learning_log:share", entry_id=entry_id)
    return render(request, "learning_log/entry_share.html", _share_context(user, voice, form))


@form_page
def entry_take_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    user = current_user(request)
    voice = own_voice(request, entry_id)
    if request.method == "POST":
        actions.take_back(voice=voice, by=user)
        messages.success(request, _("You have taken it back. Only you can read it now."))
        return redirect("learning_log:detail", entry_id=entry_id)
    returning.data(request)
    context = {
        "found": pages.read_entry(user, voice.entry),
        "voice": voice,
        "entry": voice.entry,
        "resting": audiences.resting_on(voice),
    }
    return render(request, "learning_log/entry_take_back.html", context)


def _share_context(user: User, voice: Voice, form: VersionForm) -> dict[str, Any]:
    entry = voice.entry
    found = pages.read_entry(user, entry)
    sides = pages.sides_of(entry.pair_id)
    own = [said for said in pages.voices_said(found, sides) if said.what == found.own]
    audience = audiences.of(user, found)
    return {
        "entry": entry,
        "found": found,
        "voice": voice,
        "own": own[0],
        "form": form,
        "audience": audience,
        "other": next((naming.called(member.user, member.side) for member in audience.others), ""),
        "is_member": permissions.is_live_member(user, entry.pair_id),
    }
