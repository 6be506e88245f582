"""What the managers' pages about enquiries share: who comes in, what is shown, and what is said when it is too late."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts.enquiries import days
from cohorts.enquiries.exceptions import EnquirerForgotten, StepChanged
from cohorts.enquiries.forms import StepForm
from cohorts.enquiries.models import Enquiry

for_managers = staff_only(Role.MANAGER)

EnquiryView = Callable[[HttpRequest, Enquiry], HttpResponseBase]

CLOSED_TEXT = gettext_lazy(
    "It has been closed in the meantime. What you typed is below: open the enquiry again, then send this once more."
)


def today() -> date:
    return days.today_at(timezone.now())


def with_enquiry(view: EnquiryView) -> Callable[..., HttpResponseBase]:
    """For managers: the enquiry of the address, for a page that changes it. What was removed is only looked at."""

    @for_managers
    @wraps(view)
    def opened(request: HttpRequest, enquiry_id: int) -> HttpResponseBase:
        enquiry = enquiry_or_404(request, enquiry_id)
        try:
            if not enquiry.is_forgotten:
                return view(request, enquiry)
        except EnquirerForgotten:
            pass
        messages.warning(request, _("What this person told us was removed, so there is nothing more to do."))
        return redirect(enquiry)

    return opened


def enquiry_or_404(request: HttpRequest, enquiry_id: int) -> Enquiry:
    everything = Enquiry.objects.visible_to(current_user(request))
    return get_object_or_404(everything.select_related("programme", "cohort", "owner"), pk=enquiry_id)


def page(request: HttpRequest, name: str, enquiry: Enquiry, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"enquiry": enquiry, "programme": enquiry.programme, "today": today(), **more}
    return render(request, f"cohorts/enquiries/{name}.html", context, status=status)


def changed_text(changed: StepChanged) -> str:
    who = changed.event.by if changed.event else None
    told = _("%(name)s changed it while you did. What stands now is shown. Save again to put yours in its place.")
    return told % {"name": who or _("Somebody")}


def step_clash(request: HttpRequest, enquiry: Enquiry, told: str, name: str = "step", **more: Any) -> HttpResponse:
    """What stands next by now, and what was typed instead, to be saved over it; beside `told`, which says why."""
    form = StepForm(request.POST, today=today())
    form.add_error(None, told)
    stands = Enquiry.objects.select_related("programme", "cohort", "owner").get(pk=enquiry.pk)
    return page(request, name, stands, form=form, seen=stands.step_mark, status=409, **more)


def form_key(sent: Mapping[str, Any]) -> uuid.UUID:
    """What makes a second click on this form the same thing."""
    try:
        return uuid.UUID(sent.get("key", ""))
    except ValueError:
        return uuid.uuid4()
