"""The second person: invited, written to again, let in; and somebody who helps."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import returning
from accounts.actions import person_with
from accounts.models import User
from applications import codes
from applications.actions import assisting, inviting
from applications.exceptions import (
    AlreadyApplying,
    ApplicationsClosed,
    HelperUnknown,
    InvitationClosed,
    InvitedTooOften,
    NotTheirs,
)
from applications.forms.applying import HelperForm, PartnerForm
from applications.models import Applicant
from applications.views.applying.doors import Door, door
from applications.views.applying.starting import enter_code
from applications.views.applying.writing import CLOSED_TEXT

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


@get_and_post
@never_cache
def partner(request: HttpRequest, reference: str) -> HttpResponse:
    """Who the other is and how to write to them; the same page again to correct it or to write once more."""
    open_door = door(request, reference)
    there = open_door.other
    if not open_door.is_open or not open_door.application.is_pair or (there and there.has_joined):
        return redirect("applications:tasks", reference=reference)
    initial = {"name": there.name, "email": there.email} if there else None
    form = PartnerForm(request.POST or returning.data(request), own_address=open_door.mine.email, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = _ask_partner(open_door, **form.cleaned_data)
        except InvitedTooOften:
            form.add_error(
                None, _("You have written to many people today. Try again tomorrow, or ring the programme team.")
            )
        except AlreadyApplying:
            form.add_error("email", _("This is an address of your own, or the other of you has joined meanwhile."))
        except ApplicationsClosed:
            form.add_error(None, CLOSED_TEXT)
        else:
            messages.success(request, said)
            return redirect("applications:tasks", reference=reference)
    return render(request, "applications/applying/partner.html", open_door.context(form=form, there=there))


def _ask_partner(open_door: Door, *, name: str, email: str, phone: str) -> str:
    """By mail, or else by the team's telephone; what was done, in words."""
    application, by = open_door.application, open_door.reader
    if email:
        inviting.invite_partner(application=application, by=by, name=name, email=email)
        return _("We have written to %(name)s.") % {"name": name}
    inviting.name_partner(application=application, by=by, name=name, phone=phone)
    return _("The programme team will ring %(name)s and write down their part.") % {"name": name}


@require_POST
def partner_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    open_door = door(request, reference)
    if open_door.other is not None:
        try:
            inviting.withdraw_invitation(applicant=open_door.other, by=open_door.reader)
        except InvitationClosed:
            messages.info(request, _("They have joined meanwhile."))
        else:
            messages.success(request, _("The invitation is withdrawn. A link that was sent opens nothing any more."))
    return redirect("applications:tasks", reference=reference)


@get_and_post
@never_cache
def helper(request: HttpRequest, reference: str, whose: str) -> HttpResponse:
    """Let somebody help with one part while it is written, or end it at any time."""
    open_door = door(request, reference)
    person = open_door.part(whose)
    if person is None or not (open_door.is_open or person.helper):
        return redirect("applications:tasks", reference=reference)
    may_choose = open_door.is_open and (open_door.is_own or open_door.is_staff)
    form = HelperForm(request.POST or returning.data(request), is_heard=open_door.is_staff)
    if request.method == "POST" and "end" in request.POST:
        assisting.end_help(applicant=person, by=open_door.reader)
        if open_door.is_own or open_door.is_staff:
            messages.success(request, _("They no longer see this application."))
            return redirect("applications:tasks", reference=reference)
        messages.success(request, _("You no longer help with this application, and no longer see it."))
        return redirect("applications:mine")
    if request.method == "POST" and may_choose and form.is_valid():
        try:
            assisting.let_help(
                applicant=person,
                by=open_door.reader,
                helper_email=form.cleaned_data["email"],
                how=form.cleaned_data.get("how", ""),
            )
        except HelperUnknown:
            form.add_error(
                "email",
                _(
                    "Nobody with this address has signed in here yet. Ask them to sign in once, or ring the programme "
                    "team."
                ),
            )
        except NotTheirs:
            form.add_error("email", _("This is one of the two who apply. Enter the address of the person who helps."))
        except ApplicationsClosed:
            form.add_error(None, CLOSED_TEXT)
        else:
            messages.success(request, _("They can now help you. You can end it at any time."))
            return redirect("applications:tasks", reference=reference)
    context = open_door.context(form=form, person=person, whose=whose, may_choose=may_choose)
    return render(request, "applications/applying/helper.html", context)


# ---- The way in for the second person ----


def behind_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let somebody with an open link through; anybody else gets a page that says what to do."""

    @wraps(view)
    def letter(request: HttpRequest, token: str) -> HttpResponse:
        invited = inviting.find_invited(token=token)
        if invited is None:
            response = render(request, "applications/applying/invited_unknown.html", status=404)
        elif not _opens(invited):
            context = {"programme": invited.application.cohort.programme}
            response = render(request, "applications/applying/invited_closed.html", context, status=410)
        elif isinstance(request.user, User) and person_with(invited.email) != request.user:
            context = {"programme": invited.application.cohort.programme}
            response = render(request, "applications/applying/invited_foreign.html", context, status=403)
        else:
            response = view(request, invited, token)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return cast(Callable[..., HttpResponse], never_cache(login_not_required(letter)))


def _opens(invited: Applicant) -> bool:
    application = invited.application
    is_over = invited.invitation_has_expired(timezone.now()) or application.cohort.is_archived
    return application.is_draft and not is_over


@get_and_post
@behind_link
def invited(request: HttpRequest, applicant: Applicant, token: str) -> HttpResponse:
    """Who asks, for what; then a code to the very address the link went to, so a forwarded one opens nothing."""
    programme = applicant.application.cohort.programme
    if request.method == "POST":
        if isinstance(request.user, User):
            return _take_up(request, applicant, request.user)
        if codes.send(request, applicant.email, about=programme.name):
            return redirect("applications:invited_code", token=token)
        return render(request, "429.html", status=429)
    name, _at, domain = applicant.email.partition("@")
    asker = applicant.application.applicants.live().exclude(pk=applicant.pk).first()
    context = {
        "applicant": applicant,
        "application": applicant.application,
        "cohort": applicant.application.cohort,
        "programme": programme,
        "asker": asker.name if asker else "",
        "address": f"{name[:1]}•••@{domain}",
    }
    return render(request, "applications/applying/invited.html", context)


@get_and_post
@behind_link
def invited_code(request: HttpRequest, applicant: Applicant, token: str) -> HttpResponse:
    """The code, which went to the address invited and nowhere else."""
    again = reverse("applications:invited", args=[token])
    if request.user.is_authenticated or codes.waiting_for(request) != applicant.email:
        return redirect(again)
    context = {"programme": applicant.application.cohort.programme}
    return enter_code(request, again=again, onward=again, context=context)


def _take_up(request: HttpRequest, applicant: Applicant, user: User) -> HttpResponse:
    try:
        joined = inviting.take_up(applicant=applicant, by=user)
    except (InvitationClosed, NotTheirs):
        context = {"programme": applicant.application.cohort.programme}
        return render(request, "applications/applying/invited_closed.html", context, status=410)
    messages.success(request, _("Welcome. Beside each question it says who reads your answer, and from when."))
    return redirect("applications:tasks", reference=joined.application.reference)
