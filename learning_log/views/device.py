"""What static/js/autosave.js asks: who is signed in here, and to save what stands in a form.

These views answer in JSON, also to somebody whose session has ended: a redirect to the sign-in page would tell the
script nothing, and the words would be kept in the session again and again. Nothing is marked as kept by its author:
that takes a click on Save.
"""

from datetime import datetime
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import signed_in_user
from accounts.models import User
from accounts.returning import writer_of
from learning_log import actions, answers, pages, permissions
from learning_log.device import key_of
from learning_log.exceptions import AlreadyTold, NotAMember, NotShared, StaleVersion
from learning_log.file_forms import DescribeForm
from learning_log.forms import DraftForm
from learning_log.models import Entry, Voice
from learning_log.sharing_forms import TogetherForm
from learning_log.views.doors import own_voice, readable_entry, today_of
from learning_log.views.files import held_file
from learning_log.views.writing import chosen_set, sessions_of, whole_text


@require_safe
@login_not_required
@never_cache
def device(request: HttpRequest) -> HttpResponse:
    """The name and the key under which this person's words are kept on a device, and a token for their form."""
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    return JsonResponse({"person": writer_of(user), "key": key_of(user), "token": get_token(request)})


@require_POST
@login_not_required
def autosave_new(request: HttpRequest) -> HttpResponse:
    """Save the form of a new entry. The same form twice is one entry; an empty one is none."""
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    pairs = permissions.writable_pairs(user)
    if not pairs:
        raise Http404
    prompt_set = chosen_set(request)
    form = DraftForm(request.POST, today=today_of(user), pairs=pairs, prompt_set=prompt_set, sessions=sessions_of(user))
    if not form.is_valid():
        return _refused(form)
    if form.text.is_empty:
        return JsonResponse({"state": "nothing"})
    try:
        voice = actions.start_entry(
            pair=form.chosen_pair, text=form.text, form_key=form.key, prompt_set=prompt_set, is_kept=False, by=user
        )
    except NotAMember as error:
        raise Http404 from error
    except StaleVersion as error:
        return _changed_elsewhere(error.saved)
    return _saved(voice, user)


@require_POST
@login_not_required
def autosave(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Save the form of one's own words in an entry, or of one's side of a moment that one was asked about.

    An emptied form is not saved: the words that stood in it stay.
    """
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    asked = Entry.objects.waiting_for(user).select_related("prompt_set", "pair").filter(pk=entry_id).first()
    entry, voice = (asked, None) if asked else _own(request, entry_id)
    form = DraftForm(
        request.POST,
        today=today_of(user),
        prompt_set=entry.prompt_set,
        sessions=sessions_of(user),
        names_moment=not entry.is_joint,
    )
    if not form.is_valid():
        return _refused(form)
    if form.text.is_empty:
        return JsonResponse({"state": "nothing"})
    return _save(entry, voice, form, user)


@require_POST
@login_not_required
def autosave_response(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Keep the box for an answer as a draft, which only its author sees. An emptied box is not saved."""
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    entry = readable_entry(request, entry_id)
    given = answers.under(user, pages.read_entry(user, entry), pages.sides_of(entry.pair_id), data=request.POST)
    if not request.POST.get("body", "").strip():
        return JsonResponse({"state": "nothing"})
    if not given.form.is_valid():
        return _refused(given.form)
    release, body = given.form.circle.release, given.form.cleaned_data["body"]
    try:
        kept = actions.draft_response(entry=entry, release=release, body=body, form_key=given.form.key, by=user)
    except (NotAMember, NotShared) as error:
        raise Http404 from error
    if not kept.is_draft and kept.body != body:  # sent from another window: what was written since is not in it
        return JsonResponse({"state": "changed_elsewhere", "version": ""}, status=HTTPStatus.CONFLICT)
    return _kept(
        user,
        timezone.now(),
        "",
        f"answer-{entry_id}",
        "learning_log:autosave_response",
        "learning_log:respond",
        entry_id,
    )


@require_POST
@login_not_required
def autosave_together(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Save what the two see together, once the writer has clicked: each save is what both read."""
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    entry = readable_entry(request, entry_id)
    form = TogetherForm(request.POST)
    if not form.is_valid():
        return _refused(form)
    text = form.text(title=entry.title, happened_on=entry.happened_on or today_of(user))
    try:
        saved = actions.write_together(entry=entry, text=text, version=form.cleaned_data["version"], by=user)
    except (NotAMember, NotShared) as error:
        raise Http404 from error
    except StaleVersion as error:
        return _changed_elsewhere(error.saved)
    return _kept(
        user,
        saved.saved_at,
        saved.version,
        f"together-{entry_id}",
        "learning_log:autosave_together",
        "learning_log:together",
        entry_id,
    )


@require_POST
@login_not_required
def autosave_words(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponse:
    """Save the transcript or description of a file of one's own. An emptied box is not saved."""
    user = signed_in_user(request)
    if user is None:
        return _signed_out()
    voice = own_voice(request, entry_id)
    file = held_file(voice, attachment_id).attachment
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _refused(form)
    words, version = form.cleaned_data["words"], form.cleaned_data["version"]
    if not words.strip():
        return JsonResponse({"state": "nothing"})
    try:
        actions.describe_file(voice=voice, version=version, attachment=file, words=words, by=user)
    except StaleVersion as error:
        return _changed_elsewhere(error.saved)
    voice.refresh_from_db()
    return _kept(
        user,
        voice.saved_at,
        voice.version,
        f"file-{attachment_id}",
        "learning_log:autosave_words",
        "learning_log:file_describe",
        entry_id,
        attachment_id,
    )


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a sign-in beside a waiting page ends: it tells that page so."""
    return render(request, "learning_log/signed_in.html")


def _own(request: HttpRequest, entry_id: int) -> tuple[Entry, Voice]:
    voice = own_voice(request, entry_id)
    return voice.entry, voice


def _save(entry: Entry, voice: Voice | None, form: DraftForm, user: User) -> HttpResponse:
    text = whole_text(form, entry)
    try:
        if voice is None:
            saved = actions.write_side(entry=entry, text=text, is_kept=False, by=user)
        else:
            version = form.cleaned_data["version"] or 0
            saved = actions.save_draft(voice=voice, version=version, text=text, is_kept=False, by=user)
    except (NotAMember, Voice.DoesNotExist) as error:
        raise Http404 from error
    except AlreadyTold:
        return _changed_elsewhere(Voice.objects.by(user).get(entry=entry))
    except StaleVersion as error:
        return _changed_elsewhere(error.saved)
    return _saved(saved, user)


def _saved(voice: Voice, user: User) -> HttpResponse:
    name, entry_id = str(voice.entry_id), voice.entry_id
    return _kept(user, voice.saved_at, voice.version, name, "learning_log:autosave", "learning_log:edit", entry_id)


def _kept(
    user: User, at: datetime, version: int | str, name: str, autosave: str, page: str, *place: int
) -> HttpResponse:
    """The server's word: when it was saved and as what, and where this form is saved and found from now on."""
    return JsonResponse(
        {
            "state": "saved",
            "version": version,
            "saved_at": f"{at.astimezone(user.zone):%H:%M}",
            "autosave": reverse(autosave, args=place),
            "page": reverse(page, args=place),
            "name": name,
        }
    )


def _signed_out() -> HttpResponse:
    return JsonResponse({"state": "signed_out"}, status=HTTPStatus.UNAUTHORIZED)


def _changed_elsewhere(standing: Voice) -> HttpResponse:
    return JsonResponse({"state": "changed_elsewhere", "version": standing.version}, status=HTTPStatus.CONFLICT)


def _refused(form: Form) -> HttpResponse:
    return JsonResponse({"state": "refused", "errors": form.errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
