"""The console: cohorts and the steps of their map."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, has_role, staff_only
from cohorts import actions, map_page, panels
from cohorts.exceptions import ChangedMeanwhile, CohortArchived, MadeBefore, PlacesTaken
from cohorts.forms import ApplyingForm, CohortForm, NewCohortForm
from cohorts.models import Cohort, Programme, Session
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

MOST_SESSIONS = 30


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def staff_list(request: HttpRequest) -> HttpResponse:
    cohorts = Cohort.objects.run_by(request.user).select_related("programme")
    may_change = has_role(request.user, Role.MANAGER)
    return render(request, "cohorts/staff_list.html", {"cohorts": cohorts, "may_change": may_change})


@get_and_post
@staff_only(Role.MANAGER)
def staff_new(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    if not Programme.objects.visible_to(user).exists():
        messages.info(request, _("A cohort belongs to a programme. Start the programme first."))
        return redirect("cohorts:staff_programme_new")
    form = NewCohortForm(
        request.POST or returning.data(request), user=user, initial={"programme": request.GET.get("programme")}
    )
    context = {"form": form, "made_key": made_key(request)}
    if request.method == "POST" and form.is_valid():
        try:
            cohort = actions.create_cohort(by=user, made_key=made_key(request), **form.cleaned_data)
        except MadeBefore as error:
            context |= made_before(form, error.row, reverse("cohorts:staff_detail", args=[error.row.slug]))
        else:
            told = _("“%(name)s” is here, as a draft that only managers see.")
            messages.success(request, told % {"name": cohort.name})
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_form.html", context, status=409 if "made" in context else 200)


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def staff_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in a cohort, its sessions and facilitators, and the next step of its state."""
    run = Cohort.objects.run_by(request.user).select_related("programme").with_history()
    cohort = get_object_or_404(run, slug=slug)
    now = timezone.now()
    sessions = list(cohort.sessions.in_order())
    for session in sessions:
        session.cohort = cohort
    shows_all = "all" in request.GET.getlist("sessions")
    shown = sessions if shows_all or len(sessions) <= MOST_SESSIONS else to_come_first(sessions, now)
    is_manager = has_role(request.user, Role.MANAGER)
    context = {
        "cohort": cohort,
        "may_change": is_manager and not cohort.is_archived,
        "may_clone": is_manager,
        "map": map_page.map_of(cohort),
        "step": map_page.next_step(cohort, at=now) if is_manager else None,
        "sessions": shown,
        "sessions_total": len(sessions),
        "sessions_left_out": len(sessions) - len(shown),
        "shows_past": shows_all and len(sessions) > MOST_SESSIONS,
        "next_session": next((one for one in sessions if not one.is_cancelled and one.starts > now), None),
        "assignments": cohort.staff_assignments.live().select_related("user").order_by("assigned_at", "pk"),
        "panels": panels.panels_for(request, cohort),
    }
    return render(request, "cohorts/staff_detail.html", context)


def to_come_first(sessions: list[Session], now: datetime) -> list[Session]:
    """MOST_SESSIONS of a long list: the last of those that are over, so that none of those to come is missing."""
    over = sum(session.ends <= now for session in sessions)
    first = max(0, min(over, len(sessions) - MOST_SESSIONS))
    return sessions[first : first + MOST_SESSIONS]


@get_and_post
@staff_only(Role.MANAGER)
def staff_edit(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if away := archived(request, cohort):
        return away
    form = CohortForm(request.POST or returning.data(request), initial=CohortForm.of(cohort))
    seen = seen_mark(request, cohort, form.fields)
    context = {"form": form, "cohort": cohort, "seen": seen, "people": cohort.participants.live().count()}
    if request.method == "POST" and form.is_valid():
        try:
            told = actions.edit_cohort(cohort=cohort, by=current_user(request), seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
        except PlacesTaken:
            form.add_error(
                "places",
                _("%(taken)s places are taken, so there must be at least that many.") % {"taken": cohort.places_taken},
            )
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved. %(told)s") % {"told": told_text(told)} if told else _("Saved."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_form.html", context, status=409 if "stands" in context else 200)


@get_and_post
@staff_only(Role.MANAGER)
def staff_applying(request: HttpRequest, slug: str) -> HttpResponse:
    """Until when people apply, and how offers are made."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if away := archived(request, cohort):
        return away
    form = ApplyingForm(request.POST or returning.data(request), initial=ApplyingForm.of(cohort))
    seen = seen_mark(request, cohort, form.fields)
    context = {"form": form, "cohort": cohort, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_cohort(cohort=cohort, by=current_user(request), seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_applying.html", context, status=409 if "stands" in context else 200)
