"""Sound, film and pictures in one's own words; and the one door through which a file is read."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import returning
from accounts.permissions import current_user
from learning_log import actions, media_files, pages
from learning_log.differences import difference
from learning_log.exceptions import NoRoomLeft, StaleVersion
from learning_log.file_forms import DescribeForm, FileForm
from learning_log.forms import VersionForm
from learning_log.media import NotAMedium
from learning_log.models import Attachment, VersionAttachment, Voice
from learning_log.recording import may_record
from learning_log.serving import serve
from learning_log.views.doors import form_page, own_voice
from learning_log.views.returned import gives_words_back


@may_record
@require_safe
def file_list(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The files of one's own words, each with its transcript, and the form for another."""
    voice = own_voice(request, entry_id)
    return _page(request, voice, FileForm(initial={"version": voice.version}))


@may_record
@gives_words_back
@form_page
def file_add(request: HttpRequest, entry_id: int) -> HttpResponse:
    """An address of its own, so that the page's script can tell a file taken from one sent back."""
    voice = own_voice(request, entry_id)
    if request.method != "POST":
        returned = returning.data(request)
        start = {"version": voice.version, "words": returned.get("words", "") if returned else ""}
        return _page(request, voice, FileForm(initial=start))
    form = FileForm(request.POST, request.FILES)
    if form.is_valid() and _attach(request, voice, form):
        return redirect("learning_log:files", entry_id=entry_id)
    return _page(request, voice, form)


@gives_words_back
@form_page
def file_describe(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponse:
    voice = own_voice(request, entry_id)
    held, clash = held_file(voice, attachment_id), None
    start = {"words": held.words, "version": voice.version}
    form = DescribeForm(request.POST or returning.data(request), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_file(
                voice=voice,
                version=form.cleaned_data["version"],
                attachment=held.attachment,
                words=form.cleaned_data["words"],
                by=current_user(request),
            )
        except StaleVersion as error:
            form, clash = _again(request, error.saved), difference(held.words, form.cleaned_data["words"])
            form.add_error(None, _("The entry was saved elsewhere meanwhile. Look at both, and save once more."))
        else:
            messages.success(request, _("Saved."))
            return redirect("learning_log:files", entry_id=entry_id)
    context = {"entry": voice.entry, "held": held, "form": form, "clash": clash}
    return render(request, "learning_log/file_describe.html", context)


@form_page
def file_remove(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponse:
    voice = own_voice(request, entry_id)
    attachment = get_object_or_404(Attachment, pk=attachment_id, voice=voice)
    returning.data(request)
    form = VersionForm(request.POST or None, initial={"version": voice.version})
    if request.method == "POST" and form.is_valid():
        user = current_user(request)
        try:
            actions.detach_file(voice=voice, version=form.cleaned_data["version"], attachment=attachment, by=user)
        except StaleVersion:
            messages.warning(request, _("This entry has changed since you opened the page. Nothing was removed."))
        else:
            messages.success(request, _("The file is taken out."))
        return redirect("learning_log:files", entry_id=entry_id)
    context = {"entry": voice.entry, "voice": voice, "attachment": attachment}
    return render(request, "learning_log/file_remove.html", context)


@require_safe
def file_open(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponseBase:
    """The file itself, for whoever may read a version that holds it."""
    readable = Attachment.objects.visible_to(request.user, [entry_id])
    file = get_object_or_404(readable, pk=attachment_id, voice__entry=entry_id)
    place = media_files.place_of(file.path)
    return serve(request, place, content_type=file.content_type, download_name=file.name, etag=f"{file.pk}")


def _attach(request: HttpRequest, voice: Voice, form: FileForm) -> bool:
    """Whether the file was taken; what stood in the way is said beside its field."""
    cleaned = form.cleaned_data
    try:
        actions.attach_file(
            voice=voice,
            version=cleaned["version"],
            upload=cleaned["file"],
            medium=form.medium,
            words=cleaned["words"],
            by=current_user(request),
        )
    except NotAMedium as error:
        form.add_error("file", str(error))
    except NoRoomLeft:
        form.add_error("file", _("Your files have reached 2 GB, the most we can keep. Take one out first."))
    except StaleVersion as error:
        form.data = {**request.POST.dict(), "version": str(error.saved.version)}
        form.add_error(
            "file", _("The entry was saved elsewhere meanwhile. Choose the file again if need be, and send it.")
        )
    else:
        messages.success(request, _("It is part of your entry now. Only you can open it."))
        return True
    return False


def _again(request: HttpRequest, saved: Voice) -> DescribeForm:
    data = request.POST.copy()
    data["version"] = str(saved.version)
    return DescribeForm(data)


def held_file(voice: Voice, attachment_id: int) -> VersionAttachment:
    """A file as it stands in the newest version; 404 for another's and for one taken out."""
    in_newest = VersionAttachment.objects.filter(version__voice=voice, version__number=voice.version)
    held = in_newest.select_related("attachment").filter(attachment=attachment_id).first()
    if held is None:
        raise Http404
    return held


def _page(request: HttpRequest, voice: Voice, form: FileForm) -> HttpResponse:
    files = VersionAttachment.objects.filter(version__voice=voice, version__number=voice.version)
    context = {
        "entry": voice.entry,
        "found": pages.read_entry(current_user(request), voice.entry),
        "voice": voice,
        "files": files.select_related("attachment"),
        "form": form,
    }
    return render(request, "learning_log/file_list.html", context)
