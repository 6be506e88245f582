"""What is next, and what was said in between."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries import days
from cohorts.enquiries.actions import stepping
from cohorts.enquiries.exceptions import EnquiryClosed, StepChanged
from cohorts.enquiries.forms import CallForm, NoteForm, StepForm
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.doors import CLOSED_TEXT, form_key, page, today, with_enquiry
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
    return _move_on(request, enquiry, "done", stepping.complete_step, StepForm.starting_with("", after))


def _move_on(
    request: HttpRequest, enquiry: Enquiry, name: str, action: Callable[..., Enquiry], first: dict[str, Any]
) -> HttpResponse:
    form, status = StepForm(request.POST or returning.data(request), today=today(), initial=first), 200
    seen = form.data.get("seen", enquiry.step_mark)
    if request.method == "POST" and form.is_valid():
        try:
            action(enquiry=enquiry, step=form.step, by=current_user(request), seen=seen)
        except StepChanged as changed:
            who = changed.event.by if changed.event else None
            told = _(
                "%(name)s changed it while you did. What stands now is shown. Save again to put yours in its place."
            )
            form.add_error(None, told % {"name": who or _("Somebody")})
            status = 409
            enquiry = Enquiry.objects.select_related("programme", "cohort", "owner").get(pk=enquiry.pk)
            seen = enquiry.step_mark
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("Saved: what comes next, and by when."))
            return redirect(enquiry)
    return page(request, name, enquiry, form=form, seen=seen, status=status)


@get_and_post
@with_enquiry
def enquiry_call(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Write down what was said on the telephone."""
    after = days.working_days_after(today(), days.HEARD_AGAIN_AFTER)
    first = StepForm.starting_with("", after) | {"called_on": today()}
    form, status = CallForm(request.POST or returning.data(request), today=today(), initial=first), 200
    if request.method == "POST" and form.is_valid():
        said = {"text": form.cleaned_data["text"], "on": form.cleaned_data["called_on"], "step": form.step}
        try:
            stepping.note_call(enquiry=enquiry, by=current_user(request), key=form_key(form), **said)
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("Written down."))
            return redirect(enquiry)
    return page(request, "call", enquiry, form=form, key=form_key(form), status=status)


@get_and_post
@with_enquiry
def enquiry_note(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Write down something for the team, also about a closed one."""
    form = NoteForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        stepping.add_note(enquiry=enquiry, text=text, by=current_user(request), key=form_key(form))
        messages.success(request, _("The note is kept."))
        return redirect(enquiry)
    return page(request, "note", enquiry, form=form, key=form_key(form))
