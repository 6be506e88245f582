"""The console: sessions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.exceptions import CohortArchived, SessionCancelled
from cohorts.forms import SessionForm
from cohorts.models import Cohort, Session
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_new(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    form = SessionForm(request.POST or returning.data(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_session(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The session is planned. People are reminded two days before."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_session_form.html", {"form": form, "cohort": cohort})


def _session_or_404(request: HttpRequest, session_id: int) -> Session:
    mine = Session.objects.filter(cohort__in=Cohort.objects.run_by(request.user))
    return get_object_or_404(mine.select_related("cohort"), pk=session_id)


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session_or_404(request, session_id)
    form = SessionForm(request.POST or returning.data(request), cohort=session.cohort, initial=SessionForm.of(session))
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_session(session=session, by=current_user(request), **form.cleaned_data)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        except SessionCancelled:
            form.add_error(None, _("This session is cancelled. Plan a new one instead."))
        else:
            told = changed.revision != session.revision
            messages.success(request, _("Saved. Everybody in the cohort is told by email.") if told else _("Saved."))
            return redirect("cohorts:staff_detail", slug=session.cohort.slug)
    context = {"form": form, "cohort": session.cohort, "session": session}
    return render(request, "cohorts/staff_session_form.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session_or_404(request, session_id)
    if request.method == "POST":
        try:
            actions.cancel_session(session=session, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("“%(title)s” is cancelled.") % {"title": session.title})
        return redirect("cohorts:staff_detail", slug=session.cohort.slug)
    return render(request, "cohorts/staff_session_cancel.html", {"session": session})
