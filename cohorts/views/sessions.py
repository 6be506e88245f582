"""The console: sessions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.exceptions import ChangedMeanwhile, CohortArchived, MadeBefore, SessionCancelled
from cohorts.forms import SessionForm
from cohorts.models import Cohort, Session
from cohorts.views.doors import (
    ARCHIVED_TEXT,
    archived,
    changed_meanwhile,
    get_and_post,
    made_before,
    made_key,
    seen_mark,
    told_text,
)

CANCELLED_TEXT = gettext_lazy("This session is cancelled. Plan a new one instead.")


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_new(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if away := archived(request, cohort):
        return away
    form = SessionForm(request.POST or returning.data(request), cohort=cohort)
    key = made_key(request)
    context = {"form": form, "cohort": cohort, "made_key": key}
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.add_session(cohort=cohort, by=current_user(request), made_key=key, **form.cleaned_data)
        except MadeBefore as error:
            context |= made_before(form, error.row, reverse("cohorts:staff_session_edit", args=[error.row.pk]))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The session is planned. %(reminder)s") % {"reminder": _reminded(session)})
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_session_form.html", context, status=409 if "made" in context else 200)


def _reminded(session: Session) -> str:
    """When people are reminded of it, if they are."""
    now = timezone.now()
    if session.starts <= now:
        return _("It is in the past, so nobody is reminded.")
    if session.reminder_due_at <= now:
        return _("It is soon: whoever takes part is reminded in the next minutes.")
    due = session.reminder_due_at.astimezone(session.cohort.zone)
    return _("Whoever takes part then is reminded on %(day)s.") % {"day": date_format(due, "l j F Y, H:i")}


def _session_or_404(request: HttpRequest, session_id: int) -> Session:
    mine = Session.objects.filter(cohort__in=Cohort.objects.run_by(request.user))
    return get_object_or_404(mine.select_related("cohort"), pk=session_id)


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session_or_404(request, session_id)
    if away := archived(request, session.cohort) or _cancelled(request, session):
        return away
    form = SessionForm(request.POST or returning.data(request), cohort=session.cohort, initial=SessionForm.of(session))
    seen = seen_mark(request, session, form.fields)
    context = {"form": form, "cohort": session.cohort, "session": session, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            told = actions.change_session(session=session, by=current_user(request), seen=seen, **form.cleaned_data)[1]
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        except SessionCancelled:
            form.add_error(None, CANCELLED_TEXT)
        else:
            messages.success(request, _("Saved. %(told)s") % {"told": told_text(told)} if told else _("Saved."))
            return redirect("cohorts:staff_detail", slug=session.cohort.slug)
    context |= _who_is_told(session)
    return render(request, "cohorts/staff_session_form.html", context, status=409 if "stands" in context else 200)


def _cancelled(request: HttpRequest, session: Session) -> HttpResponse | None:
    """Away from a form that would be refused."""
    if request.method == "POST" or not session.is_cancelled:
        return None
    messages.info(request, CANCELLED_TEXT)
    return redirect("cohorts:staff_detail", slug=session.cohort.slug)


def _who_is_told(session: Session) -> dict[str, Any]:
    """For the page, what a change of it would mean for whom."""
    return {"people": session.cohort.participants.live().count(), "is_over": session.starts <= timezone.now()}


@get_and_post
@staff_only(Role.MANAGER)
def staff_session_cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session_or_404(request, session_id)
    if away := archived(request, session.cohort) or _cancelled(request, session):
        return away
    if request.method == "POST":
        try:
            told = actions.cancel_session(session=session, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            said = _("“%(title)s” is cancelled. %(told)s") if told is not None else _("“%(title)s” is cancelled.")
            messages.success(request, said % {"title": session.title, "told": told_text(told or 0)})
        return redirect("cohorts:staff_detail", slug=session.cohort.slug)
    return render(request, "cohorts/staff_session_cancel.html", {"session": session} | _who_is_told(session))
