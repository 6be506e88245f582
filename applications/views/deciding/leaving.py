"""Leaving before the start: what follows is shown first, then it is confirmed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts import returning
from accounts.permissions import current_user
from applications.actions import leaving
from applications.exceptions import NothingToLeave, PreviewOutdated
from applications.forms.deciding import HeardForm
from applications.models import Applicant
from applications.views.deciding.doors import (
    ARCHIVED_TEXT,
    for_managers,
    get_and_post,
    own_part_or_404,
    run_part_or_404,
)
from cohorts.exceptions import CohortArchived

OTHERWISE = gettext_lazy("Something changed while you were reading. This is what would happen now.")


@get_and_post
@never_cache
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    """One's own way out: withdraw, say no, or give the place back."""
    mine = own_part_or_404(request, reference)
    if request.method == "POST" and _done(request, mine):
        return render(request, "applications/deciding/left.html", _about(request, mine))
    return _page(request, mine, "applications/deciding/leave.html")


@get_and_post
@never_cache
@for_managers
def leave_for(request: HttpRequest, reference: str, side: str) -> HttpResponse:
    """A manager writes down that somebody wants to leave."""
    person = run_part_or_404(request, reference, side)
    form = HeardForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid() and _done(request, person, how=form.cleaned_data["how"]):
        messages.success(request, _("Written down, and the other has been told if they have an email address."))
        return redirect("applications:detail", reference=reference)
    return _page(request, person, "applications/deciding/leave_for.html", form=form)


def _done(request: HttpRequest, person: Applicant, how: str = "") -> bool:
    try:
        leaving.leave(applicant=person, by=current_user(request), seen=request.POST.get("seen", ""), how=how)
    except PreviewOutdated:
        messages.warning(request, OTHERWISE)
    except NothingToLeave:
        pass
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        return True
    return False


def _page(request: HttpRequest, person: Applicant, template: str, **more: Any) -> HttpResponse:
    try:
        follows = leaving.consequences(applicant=person, at=timezone.now())
    except NothingToLeave:
        return render(request, "applications/deciding/nothing_to_leave.html", _about(request, person))
    return render(request, template, _about(request, person) | {"follows": follows} | more)


def _about(request: HttpRequest, person: Applicant) -> dict[str, Any]:
    application = person.application
    application.refresh_from_db(fields=["state"])
    return {
        "person": person,
        "is_own": person.user_id == current_user(request).pk,
        "application": application,
        "cohort": application.cohort,
        "programme": application.cohort.programme,
    }
