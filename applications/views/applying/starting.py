"""The way in: an address, a code, and then the two questions every application begins with."""

from typing import Any, cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import returning
from accounts.permissions import current_user
from applications import codes
from applications.actions import starting
from applications.exceptions import AlreadyApplying, ApplicationsClosed
from applications.forms.applying import AddressForm, BeginForm, CodeForm
from applications.models import Application
from applications.waiting import waiting_for
from cohorts.models import Cohort

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


def _cohort(slug: str) -> Cohort:
    """What the public may know of: a cohort that has been announced."""
    return get_object_or_404(Cohort.objects.announced().select_related("programme"), slug=slug)


@get_and_post
@never_cache
@login_not_required
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked and how long it takes; an address, or for somebody signed in the first two questions."""
    cohort = _cohort(slug)
    context = {"cohort": cohort, "programme": cohort.programme}
    if not cohort.takes_applications_today:
        return render(request, "applications/applying/closed.html", context)
    if request.user.is_authenticated:
        return redirect("applications:begin", slug=slug)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if codes.send(request, form.cleaned_data["email"], about=cohort.programme.name):
            return redirect("applications:start_code", slug=slug)
        return render(request, "429.html", status=429)
    return render(request, "applications/applying/start.html", context | {"form": form})


@get_and_post
@never_cache
@login_not_required
def start_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the mail. The right one signs in, by way of a second factor where there is one."""
    cohort = _cohort(slug)
    onward = reverse("applications:begin", args=[slug])
    if request.user.is_authenticated:
        return redirect(onward)
    return enter_code(
        request,
        again=reverse("applications:start", args=[slug]),
        onward=onward,
        context={"programme": cohort.programme},
    )


def enter_code(request: HttpRequest, *, again: str, onward: str, context: dict[str, Any]) -> HttpResponse:
    """The page of a code that was mailed. `again` asks for a new one, the right one leads `onward`."""
    address = codes.waiting_for(request)
    if not address:
        messages.info(request, _("That code has run out or was tried too often. Ask for a new one."))
        return redirect(again)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if codes.is_right(request, form.cleaned_data["code"]):
            user = codes.person_of(address)
            return cast(HttpResponse, perform_login(request, user, redirect_url=onward, email=user.email))
        if not codes.waiting_for(request):
            return redirect(again)
        form.add_error("code", _("That is not the code we sent. Look at the newest mail, or ask for a new code."))
    page = {"form": form, "address": address, "again": again} | context
    return render(request, "applications/applying/code.html", page)


@get_and_post
@never_cache
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Together or alone, and which of the two. A draft there is goes on where it stands."""
    cohort = _cohort(slug)
    user = current_user(request)
    there = starting.draft_of(cohort=cohort, user=user) or starting.counted_of(cohort=cohort, user=user)
    if there:
        return redirect("applications:tasks", reference=there.reference)
    context = {"cohort": cohort, "programme": cohort.programme}
    if not cohort.takes_applications_today:
        return render(request, "applications/applying/closed.html", context)
    form = BeginForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            application = starting.start_application(cohort=cohort, by=user, **form.cleaned_data)
        except (AlreadyApplying, ApplicationsClosed):
            return redirect("applications:begin", slug=slug)
        return redirect("applications:tasks", reference=application.reference)
    return render(request, "applications/applying/begin.html", context | {"form": form})


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """One's own applications, and those of people one helps; newest first."""
    user = current_user(request)
    everything = Application.objects.all()
    own = everything.of_applicant(user)
    theirs = own | everything.helped_by(user)
    begun = own.filter(closed_at=None).values("cohort")
    others = Cohort.objects.filter(state=Cohort.State.OPEN).exclude(pk__in=begun)
    applications = list(theirs.select_related("cohort__programme").order_by("-pk"))
    waits = waiting_for(user, applications)
    taking = [one for one in others.select_related("programme") if one.takes_applications_today]
    cohorts = [*(one.cohort for one in applications), *taking]
    context = {
        "applications": [(one, waits.get(one.pk)) for one in applications],
        "open": taking,
        "programmes": list({one.programme_id: one.programme for one in cohorts}.values()),
    }
    return render(request, "applications/applying/mine.html", context)
