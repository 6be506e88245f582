"""An enquiry on the telephone, or face to face, written down by a manager."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.permissions import current_user
from cohorts.enquiries.actions.receiving import receive
from cohorts.enquiries.forms import HeardForm
from cohorts.enquiries.views.doors import for_managers, form_key
from cohorts.models import Programme
from cohorts.views.doors import get_and_post


@get_and_post
@for_managers
def enquiry_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever writes it down has it. A second click is the same enquiry."""
    user = current_user(request)
    programme = get_object_or_404(Programme.objects.visible_to(user), slug=slug)
    form = HeardForm(request.POST or returning.data(request), programme=programme)
    key = form_key(form.data)
    if request.method == "POST" and form.is_valid():
        enquiry = receive(programme=programme, asked=form.asked, key=key, heard_by=user)
        told = _("Written down, and yours. Its number, for the telephone: %(number)s")
        messages.success(request, told % {"number": enquiry.reference})
        return redirect(enquiry)
    context = {"form": form, "programme": programme, "key": key}
    return render(request, "cohorts/enquiries/heard.html", context)
