"""Earlier versions of one's own text, and of what the two wrote together. Never of another's: 404."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import current_user
from learning_log import actions, histories, pages
from learning_log.actions import EntryText
from learning_log.exceptions import NotAMember, NotShared, StaleVersion
from learning_log.forms import VersionForm
from learning_log.models import Voice, VoiceVersion
from learning_log.views.doors import readable_entry


@require_safe
def version_list(request: HttpRequest, entry_id: int, *, is_together: bool = False) -> HttpResponse:
    user = current_user(request)
    voice = _voice(request, entry_id, is_together=is_together)
    below = request.GET.get("below", "")
    page = histories.steps_page(user, voice, int(below) if below.isdecimal() and len(below) < 9 else None)
    has_other = histories.voice_of(user, voice.entry, is_together=not is_together) is not None
    context = {
        "entry": voice.entry,
        "found": pages.read_entry(user, voice.entry),
        "voice": voice,
        "page": page,
        "has_other": has_other,
    }
    return render(request, "learning_log/history_list.html", context)


@require_safe
def version_detail(request: HttpRequest, entry_id: int, number: int, *, is_together: bool = False) -> HttpResponse:
    user = current_user(request)
    voice = _voice(request, entry_id, is_together=is_together)
    step = histories.step(user, voice, number)
    if step is None:
        raise Http404
    context = {
        "entry": voice.entry,
        "found": pages.read_entry(user, voice.entry),
        "voice": voice,
        "step": step,
        "parts": pages.parts_of(step.version, voice.entry),
        "is_newest": number == voice.version,
    }
    return render(request, "learning_log/history_detail.html", context)


@require_POST
def version_restore(request: HttpRequest, entry_id: int, number: int, *, is_together: bool = False) -> HttpResponse:
    """Put an earlier version's words in front again, as a version of their own; the list shows how to undo it."""
    voice = _voice(request, entry_id, is_together=is_together)
    form = VersionForm(request.POST)
    shown = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        restored = _restore(request, voice, number, shown)
    except VoiceVersion.DoesNotExist as error:
        raise Http404 from error
    except StaleVersion:
        messages.warning(request, _("The words have changed since you opened this page. Nothing was restored."))
    except (NotAMember, NotShared):
        messages.warning(request, _("The two of you write this only while each has shared their side."))
    else:
        _say_restored(request, voice, restored)
    return redirect("learning_log:together_versions" if is_together else "learning_log:versions", entry_id=entry_id)


def _restore(request: HttpRequest, voice: Voice, number: int, shown: int) -> Voice:
    user = current_user(request)
    if not voice.is_together:
        return actions.restore_version(voice=voice, number=number, version=shown, by=user)
    earlier = VoiceVersion.objects.history_for(user).get(voice=voice, number=number)
    return actions.write_together(entry=voice.entry, text=EntryText.of(earlier), version=shown, by=user)


def _say_restored(request: HttpRequest, before: Voice, after: Voice) -> None:
    if after.version == before.version:
        messages.info(request, _("Those words are the ones that stand there now."))
    elif after.has_newer_words:
        messages.success(request, _("Those words stand in front again, for you alone until you share them."))
    else:
        messages.success(request, _("Those words stand in front again. What stood there before is kept below."))


def _voice(request: HttpRequest, entry_id: int, *, is_together: bool) -> Voice:
    voice = histories.voice_of(current_user(request), readable_entry(request, entry_id), is_together=is_together)
    if voice is None:
        raise Http404
    return voice
