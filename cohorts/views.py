"""Programmes and cohorts in the browser: the public page, a participant's sessions, and the console."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, has_role, staff_only
from cohorts import actions, panels
from cohorts.exceptions import (
    CohortArchived,
    NotAFacilitator,
    NotTakingPart,
    PlacesTaken,
    SessionCancelled,
    StateChanged,
)
from cohorts.forms import ApplyingForm, CohortForm, FacilitatorForm, NewCohortForm, ProgrammeForm, SessionForm
from cohorts.models import Cohort, Participant, Programme, Session, StaffAssignment

if TYPE_CHECKING:
    pass

get_and_post = require_http_methods(["GET", "HEAD", "POST"])

ARCHIVED_TEXT = "This cohort is archived. Its records are kept as they are."


# ---- For everybody ----


@require_safe
@login_not_required
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a programme is, whom it is for, where to apply and whom to ring."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    cohorts = list(programme.cohorts.told_of().order_by("starts_on", "pk"))
    # What somebody can still apply to stands first.
    cohorts.sort(key=lambda cohort: (not cohort.takes_applications_today, cohort.state != Cohort.State.DRAFT))
    context = {
        "programme": programme,
        "cohorts": cohorts,
        "first_open": next((cohort for cohort in cohorts if cohort.takes_applications_today), None),
    }
    return render(request, "cohorts/programme_detail.html", context)


@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Every session of the cohorts a person takes part in, those to come first."""
    mine = list(Session.objects.of_participant(request.user).select_related("cohort").in_order())
    now = timezone.now()
    to_come = sorted((session for session in mine if session.ends > now), key=lambda session: session.starts)
    past = sorted(
        (session for session in mine if session.ends <= now), key=lambda session: session.starts, reverse=True
    )
    return render(request, "cohorts/session_list.html", {"to_come": to_come, "past": past})


# ---- A participant's own break ----


def _own_part_or_404(request: HttpRequest, slug: str) -> Participant:
    mine = Participant.objects.live().of(request.user).select_related("cohort")
    return get_object_or_404(mine, cohort__slug=slug)


@get_and_post
def break_take(request: HttpRequest, slug: str) -> HttpResponse:
    """What a break means, and the button that begins it."""
    participant = _own_part_or_404(request, slug)
    if request.method == "POST":
        try:
            actions.take_break(participant=participant, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        except NotTakingPart:
            messages.warning(request, _("Nothing changed: your part in this cohort has just ended."))
        else:
            messages.success(request, _("You are taking a break. Come back when you like."))
        return redirect("portal:pair_home")
    is_on_break = participant.breaks.live().exists()
    context = {"cohort": participant.cohort, "is_on_break": is_on_break}
    return render(request, "cohorts/break_take.html", context)


@require_POST
def break_end(request: HttpRequest, slug: str) -> HttpResponse:
    participant = _own_part_or_404(request, slug)
    try:
        actions.end_break(participant=participant, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("Welcome back."))
    return redirect("portal:pair_home")


# ---- The console: programmes ----


@require_safe
@staff_only(Role.MANAGER)
def staff_programmes(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.visible_to(request.user).annotate(
        cohort_count=Count("cohorts"), running_count=Count("cohorts", filter=Q(cohorts__state=Cohort.State.RUNNING))
    )
    return render(request, "cohorts/staff_programme_list.html", {"programmes": programmes})


@get_and_post
@staff_only(Role.MANAGER)
def staff_programme_new(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        programme = actions.create_programme(by=current_user(request), **form.cleaned_data)
        messages.success(request, _("“%(name)s” is here. Now add its first cohort.") % {"name": programme.name})
        return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", {"form": form})


@get_and_post
@staff_only(Role.MANAGER)
def staff_programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    form = ProgrammeForm(request.POST or returning.data(request), initial=ProgrammeForm.of(programme))
    if request.method == "POST" and form.is_valid():
        actions.edit_programme(programme=programme, by=current_user(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("cohorts:staff_programmes")
    return render(request, "cohorts/staff_programme_form.html", {"form": form, "programme": programme})


# ---- The console: cohorts ----


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
    if request.method == "POST" and form.is_valid():
        cohort = actions.create_cohort(by=user, **form.cleaned_data)
        messages.success(request, _("“%(name)s” is here, as a draft that only managers see.") % {"name": cohort.name})
        return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_form.html", {"form": form})


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def staff_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in a cohort, its sessions and facilitators, and the next step of its state."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)
    sessions = list(cohort.sessions.in_order())
    for session in sessions:
        session.cohort = cohort
    now = timezone.now()
    context = {
        "cohort": cohort,
        "may_change": has_role(request.user, Role.MANAGER) and not cohort.is_archived,
        "sessions": sessions,
        "next_session": next((one for one in sessions if not one.is_cancelled and one.starts > now), None),
        "assignments": cohort.staff_assignments.live().select_related("user").order_by("assigned_at", "pk"),
        "panels": panels.panels_for(request, cohort),
    }
    return render(request, "cohorts/staff_detail.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def staff_edit(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    form = CohortForm(request.POST or returning.data(request), initial=CohortForm.of(cohort))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_cohort(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except PlacesTaken:
            form.add_error(
                "places",
                _("%(taken)s places are taken, so there must be at least that many.") % {"taken": cohort.places_taken},
            )
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_form.html", {"form": form, "cohort": cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_applying(request: HttpRequest, slug: str) -> HttpResponse:
    """Until when people apply, and how offers are made."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    form = ApplyingForm(request.POST or returning.data(request), initial=ApplyingForm.of(cohort))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_cohort(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_applying.html", {"form": form, "cohort": cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm the next step of a cohort's state, then take it."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if request.method == "POST":
        wanted = request.POST.get("to", "")
        try:
            actions.move_cohort(cohort=cohort, to=wanted, by=current_user(request))
        except StateChanged:
            if cohort.state != wanted:
                messages.warning(request, _("Somebody moved this cohort before you. It is now as you see it here."))
        else:
            messages.success(request, _("The cohort is now: %(state)s.") % {"state": cohort.get_state_display()})
        return redirect("cohorts:staff_detail", slug=cohort.slug)
    if cohort.next_state is None:
        messages.info(request, ARCHIVED_TEXT)
        return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_move.html", {"cohort": cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_facilitator_new(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    form = FacilitatorForm(request.POST or returning.data(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_facilitator(cohort=cohort, user=form.cleaned_data["user"], by=current_user(request))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        except NotAFacilitator:
            form.add_error("user", _("Their facilitator role has ended. Choose somebody else."))
        else:
            messages.success(request, _("Added. They can now see this cohort."))
            return redirect("cohorts:staff_detail", slug=cohort.slug)
    return render(request, "cohorts/staff_facilitator_form.html", {"form": form, "cohort": cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_facilitator_end(request: HttpRequest, assignment_id: int) -> HttpResponse:
    mine = StaffAssignment.objects.filter(cohort__in=Cohort.objects.run_by(request.user))
    assignment = get_object_or_404(mine.select_related("cohort", "user"), pk=assignment_id)
    if request.method == "POST":
        try:
            actions.end_assignment(assignment=assignment, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Done. They no longer see this cohort."))
        return redirect("cohorts:staff_detail", slug=assignment.cohort.slug)
    return render(request, "cohorts/staff_facilitator_end.html", {"assignment": assignment})


# ---- The console: sessions ----


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
