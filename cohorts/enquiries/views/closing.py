"""Closing an enquiry, opening it again, and removing what the enquirer told us."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries import days
from cohorts.enquiries.actions import closing, forgetting
from cohorts.enquiries.exceptions import EnquiryClosed, EnquiryOpen
from cohorts.enquiries.forget_forms import ForgetForm
from cohorts.enquiries.forms import CloseForm, StepForm
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.doors import page, step_clash, today, with_enquiry
from cohorts.views.doors import get_and_post

SHOWN = 100


@get_and_post
@with_enquiry
def enquiry_close(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Say what came of it."""
    form, status = CloseForm(request.POST or returning.data(request)), 200
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(enquiry=enquiry, by=current_user(request), **form.cleaned_data)
        except EnquiryClosed:
            form.add_error(
                None, _("It is closed already, and stays as it was. To keep what you wrote, make it a note.")
            )
            status = 409
        else:
            messages.success(request, _("Closed."))
            return redirect(enquiry)
    return page(request, "close", enquiry, form=form, status=status)


@get_and_post
@with_enquiry
def enquiry_reopen(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """There is something to do after all: what, and by when?"""
    after = days.working_days_after(today(), days.ANSWERED_WITHIN)
    form = StepForm(request.POST or returning.data(request), today=today(), initial=StepForm.starting_with("", after))
    if request.method == "POST" and form.is_valid():
        try:
            closing.reopen(enquiry=enquiry, by=current_user(request), step=form.step)
        except EnquiryOpen:
            told = _("It was open already. What stands now is shown. Save to put yours in its place.")
            return step_clash(request, enquiry, told)
        else:
            messages.success(request, _("It is open again."))
            return redirect(enquiry)
    return page(request, "reopen", enquiry, form=form)


@get_and_post
@with_enquiry
def enquiry_forget(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Remove what this enquirer told us, as they asked: also what else is ticked of what may be theirs."""
    perhaps = forgetting.perhaps_theirs(enquiry)
    found, rest = list(perhaps[:SHOWN]), perhaps[SHOWN : SHOWN + 1]
    ticked = request.POST if request.method == "POST" else returning.data(request)
    form = ForgetForm(ticked, enquiry=enquiry, found=found)
    if request.method == "POST" and form.is_valid():
        next_one = rest.first()
        picked = Enquiry.objects.filter(pk__in=form.cleaned_data["which"])
        count = forgetting.forget(enquiries=picked, by=current_user(request))
        removed = ngettext("Removed: %(count)s enquiry.", "Removed: %(count)s enquiries.", count)
        messages.success(request, removed % {"count": count})
        return redirect("cohorts:enquiry_forget", next_one.pk) if next_one else redirect(enquiry)
    return page(request, "forget", enquiry, form=form, count=perhaps.count(), shown=len(found))
