"""What is next, and what was said in between."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries import days
from cohorts.enquiries.actions import stepping
from cohorts.enquiries.exceptions import EnquiryClosed, StepChanged, WrittenBefore
from cohorts.enquiries.forms import CallForm, NoteForm, StepForm
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.doors import CLOSED_TEXT, changed_text, form_key, page, step_clash, today, with_enquiry
from cohorts.views.doors import get_and_post


@get_and_post
@with_enquiry
def enquiry_step(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Change what is next, or when."""
    on = max(enquiry.next_step_on or today(), today())
    first = StepForm.starting_with(enquiry.next_step, on)
    return _move_on(request, enquiry, "step", stepping.set_step, first)


@get_and_post
@with_enquiry
def enquiry_done(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """What was next is done; what comes after it?"""
    after = days.working_days_after(today(), days.HEARD_AGAIN_AFTER)
    complete = partial(stepping.complete_step, key=form_key(request.POST))
    return _move_on(request, enquiry, "done", complete, StepForm.starting_with("", after))


def _move_on(
    request: HttpRequest, enquiry: Enquiry, name: str, action: Callable[..., Enquiry], first: dict[str, Any]
) -> HttpResponse:
    form, status = StepForm(request.POST or returning.data(request), today=today(), initial=first), 200
    seen = form.data.get("seen", enquiry.step_mark)
    if request.method == "POST" and form.is_valid():
        try:
            action(enquiry=enquiry, step=form.step, by=current_user(request), seen=seen)
        except StepChanged as changed:
            return step_clash(request, enquiry, changed_text(changed), name, key=form_key(form.data))
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("Saved: what comes next, and by when."))
            return redirect(enquiry)
    return page(request, name, enquiry, form=form, seen=seen, key=form_key(form.data), status=status)


@get_and_post
@with_enquiry
def enquiry_call(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Write down what was said on the telephone."""
    after = days.working_days_after(today(), days.HEARD_AGAIN_AFTER)
    first = StepForm.starting_with("", after) | {"called_on": today()}
    form, status = CallForm(request.POST or returning.data(request), today=today(), initial=first), 200
    key, before = form_key(form.data), None
    if request.method == "POST" and form.is_valid():
        said = {"text": form.cleaned_data["text"], "on": form.cleaned_data["called_on"], "step": form.step}
        try:
            stepping.note_call(enquiry=enquiry, by=current_user(request), key=key, **said)
        except WrittenBefore as written:
            key, before, status = written_before(form, written), written.event, 409
        except StepChanged as changed:
            return step_clash(request, enquiry, changed_text(changed))
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("Written down."))
            return redirect(enquiry)
    return page(request, "call", enquiry, form=form, key=key, before=before, status=status)


@get_and_post
@with_enquiry
def enquiry_note(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Write down something for the team, also about a closed one."""
    form, status = NoteForm(request.POST or returning.data(request)), 200
    key, before = form_key(form.data), None
    if request.method == "POST" and form.is_valid():
        try:
            stepping.add_note(enquiry=enquiry, text=form.cleaned_data["text"], by=current_user(request), key=key)
        except WrittenBefore as written:
            key, before, status = written_before(form, written), written.event, 409
        else:
            messages.success(request, _("The note is kept."))
            return redirect(enquiry)
    return page(request, "note", enquiry, form=form, key=key, before=before, status=status)


def written_before(form: Form, written: WrittenBefore) -> uuid.UUID:
    """Say that this page has written something down already; the key with which these words are written as well."""
    told = _(
        "What you wrote first is kept, and stays as it was. The words below are not kept yet. To keep both, send again."
    )
    form.add_error(None, told)
    return uuid.uuid4()
