"""Taking an enquiry, and handing it to a colleague."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries.actions import owning
from cohorts.enquiries.exceptions import AlreadyTaken, EnquiryClosed, NotAManager, StepChanged
from cohorts.enquiries.forms import HandForm, StepForm
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.doors import CLOSED_TEXT, changed_text, page, step_clash, today, with_enquiry
from cohorts.views.doors import get_and_post


@get_and_post
@with_enquiry
def enquiry_take(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Have it from now on, and say what is next. Of two who take it at once the second is told by name."""
    on = max(enquiry.next_step_on or today(), today())
    first = StepForm.starting_with(enquiry.next_step or _("Answer them"), on)
    form, status = StepForm(request.POST or returning.data(request), today=today(), initial=first), 200
    if request.method == "POST" and form.is_valid():
        try:
            owning.take(enquiry=enquiry, by=current_user(request), step=form.step)
        except AlreadyTaken as taken:
            form.add_error(None, _("%(name)s has taken it. Nothing changed.") % {"name": taken.owner})
            status = 409
        except StepChanged as changed:
            return step_clash(request, enquiry, changed_text(changed))
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("It is yours."))
            return redirect(enquiry)
    return page(request, "take", enquiry, form=form, status=status)


@get_and_post
@with_enquiry
def enquiry_hand(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """Give it to somebody who has the role, from the team or from outside it."""
    form, status = HandForm(request.POST or returning.data(request), enquiry=enquiry), 200
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            owning.hand_over(
                enquiry=enquiry,
                to=to,
                by=current_user(request),
                seen_owner=_number(request.POST.get("owner", "")),
                word=form.cleaned_data["word"],
            )
        except AlreadyTaken as taken:
            form.add_error(None, _("%(name)s has it now. Nothing changed.") % {"name": taken.owner})
            status = 409
        except NotAManager:
            form.add_error("to", _("They are not a programme manager any more. Choose somebody else."))
        except EnquiryClosed:
            form.add_error(None, CLOSED_TEXT)
            status = 409
        else:
            messages.success(request, _("%(name)s has it now.") % {"name": to})
            return redirect(enquiry)
    return page(request, "hand", enquiry, form=form, status=status)


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 18 else None
