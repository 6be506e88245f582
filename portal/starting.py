"""From nothing to an open cohort, on four short pages. Each saves; whoever comes back goes on where they were."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import cohorts.actions
from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.actions.questions import publish_starter, published_set
from applications.starter import STARTER
from cohorts import map_page
from cohorts.exceptions import ChangedMeanwhile, MadeBefore, NotReady, StateChanged
from cohorts.forms import FirstApplyingForm, FirstProgrammeForm, PlanForm, PlannedDaysForm
from cohorts.models import Cohort, Programme
from cohorts.views.doors import changed_meanwhile, get_and_post, made_before, made_key, seen_mark
from config.links import absolute

ZONE = "Europe/London"  # what a cohort begins with; it is changed on its own page


@require_safe
@staff_only(Role.MANAGER)
def overview(request: HttpRequest) -> HttpResponse:
    """What the four steps are, and what was begun before."""
    context = {
        "made_key": uuid4(),
        "programmes": Programme.objects.visible_to(request.user),
        "drafts": Cohort.objects.run_by(request.user).filter(state=Cohort.State.DRAFT).select_related("programme"),
    }
    return render(request, "portal/starting/overview.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def programme(request: HttpRequest) -> HttpResponse:
    form = FirstProgrammeForm(request.POST or returning.data(request))
    key = made_key(request)
    context = {"form": form, "made_key": key, "step": 1}
    there = Programme.objects.visible_to(request.user).filter(made_key=key).first()
    if there and not form.is_bound:  # come back to, after it was saved
        return redirect("portal:starting_plan", slug=there.slug)
    if request.method == "POST" and form.is_valid():
        try:
            made = cohorts.actions.create_programme(by=current_user(request), made_key=key, **form.cleaned_data)
        except MadeBefore as error:
            context |= made_before(form, error.row, reverse("cohorts:staff_programme_edit", args=[error.row.slug]))
        else:
            messages.success(request, _("Saved. Nobody outside the team sees it yet."))
            return redirect("portal:starting_plan", slug=made.slug)
    return render(request, "portal/starting/programme.html", context, status=409 if "made" in context else 200)


@get_and_post
@staff_only(Role.MANAGER)
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a plan and a first day; then every session with its day, which can be changed before it is saved."""
    of = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    choice = PlanForm(request.GET if "plan" in request.GET else None)
    if not choice.is_valid() or "change" in request.GET:
        context = {"form": choice, "programme": of, "made_key": uuid4(), "step": 2}
        return render(request, "portal/starting/plan.html", context)
    return _days(request, of, choice)


def _days(request: HttpRequest, of: Programme, choice: PlanForm) -> HttpResponse:
    chosen, key = choice.cleaned_data, made_key(request)
    form = PlannedDaysForm(
        request.POST or returning.data(request), plan=choice.chosen, starts_on=chosen["starts_on"], time_zone=ZONE
    )
    there = Cohort.objects.run_by(request.user).filter(made_key=key).first()
    if there and not form.is_bound:  # come back to, after it was saved
        return redirect("portal:starting_applying", slug=there.slug)
    collision = {}
    if request.method == "POST" and form.is_valid():
        try:
            cohort = cohorts.actions.create_planned_cohort(
                programme=of,
                by=current_user(request),
                name=chosen["name"],
                places=chosen["places"],
                starts_on=chosen["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                sessions=form.sessions(),
                made_key=key,
            )
        except MadeBefore as error:
            collision = made_before(form, error.row, reverse("cohorts:staff_detail", args=[error.row.slug]))
        else:
            messages.success(request, _("Saved, as a draft that only managers see."))
            return redirect("portal:starting_applying", slug=cohort.slug)
    today = timezone.now().astimezone(ZoneInfo(ZONE)).date()
    context = {
        "form": form,
        "forms": [form, *form.rows],
        "rows": [(row, row.warnings(today=today)) for row in form.rows],
        "choice": chosen,
        "plan": choice.chosen,
        "programme": of,
        "made_key": key,
        "change": f"{request.path}?{request.GET.urlencode()}&change=1",
        "step": 2,
    } | collision
    return render(request, "portal/starting/days.html", context, status=409 if collision else 200)


@get_and_post
@staff_only(Role.MANAGER)
def applying(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if cohort.state != Cohort.State.DRAFT:
        return redirect("cohorts:staff_detail", slug=slug)
    initial = {"apply_by": cohort.apply_by, "offer_days": cohort.offer_days}
    form = FirstApplyingForm(request.POST or returning.data(request), initial=initial)
    asked = published_set(cohort)
    seen = seen_mark(request, cohort, initial)
    context = {"form": form, "cohort": cohort, "asked": asked, "starter": STARTER, "seen": seen, "step": 3}
    if asked:
        del form.fields["asks_starter"]
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in initial}
        try:
            cohorts.actions.edit_cohort(cohort=cohort, by=current_user(request), seen=seen, **fields)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, initial)
        else:
            if form.cleaned_data.get("asks_starter"):
                publish_starter(cohort=cohort, by=current_user(request))
            messages.success(request, _("Saved."))
            return redirect("portal:starting_open", slug=slug)
    return render(request, "portal/starting/applying.html", context, status=409 if "stands" in context else 200)


@get_and_post
@staff_only(Role.MANAGER)
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """What is still missing, and the button that opens it; once open, the address to pass on."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)
    if request.method == "POST":
        return _open(request, cohort)
    if cohort.state not in {Cohort.State.DRAFT, Cohort.State.OPEN}:
        return redirect("cohorts:staff_detail", slug=slug)
    is_draft = cohort.state == Cohort.State.DRAFT
    context = {
        "cohort": cohort,
        "missing": map_page.next_step(cohort, at=timezone.now()) if is_draft else None,
        "sessions": cohort.sessions.planned().in_order(),
        "address": absolute(reverse("cohorts:programme_detail", args=[cohort.programme.slug])),
        "step": 4 if is_draft else 5,
    }
    return render(request, "portal/starting/open.html", context)


def _open(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    cohort.state = Cohort.State.DRAFT  # as this page showed it
    try:
        cohorts.actions.move_cohort(cohort=cohort, to=Cohort.State.OPEN, by=current_user(request))
    except NotReady:
        messages.warning(request, _("Something must be put right first. This page says what."))
    except StateChanged:
        pass  # a second click, or a colleague was faster: the page says how it stands
    return redirect("portal:starting_open", slug=cohort.slug)
