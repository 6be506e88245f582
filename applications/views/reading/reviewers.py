"""Who reviews a cohort's applications, and against what."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import returning
from accounts.permissions import current_user
from applications.actions import reviewing
from applications.exceptions import CriterionScored, NotAReviewer
from applications.forms.reading import CriterionForm, ReviewerForm
from applications.models import Criterion, Review, Reviewer
from applications.views.reading.doors import ARCHIVED_TEXT, for_managers, get_and_post, run_cohort_or_404
from cohorts.exceptions import ChangedMeanwhile, CohortArchived
from cohorts.models import Cohort
from cohorts.views.doors import changed_meanwhile, seen_mark

# ---- Reviewers ----


@get_and_post
@for_managers
def reviewer_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who reviews, how far they are, and the form that adds somebody."""
    cohort = run_cohort_or_404(request, slug)
    form = ReviewerForm(request.POST or returning.data(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.assign_reviewer(cohort=cohort, user=form.cleaned_data["user"], by=current_user(request))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        except NotAReviewer:
            form.add_error("user", _("Their role has ended in the meantime. Choose somebody else."))
        else:
            messages.success(request, _("Added. They can read this cohort’s applications now."))
            return redirect("applications:reviewers", slug=cohort.slug)
    theirs = Review.objects.counted().filter(user=OuterRef("user"), application__cohort=cohort)
    handed_in = theirs.order_by().values("user").annotate(n=Count("pk")).values("n")
    reviewers = cohort.reviewers.live().select_related("user").order_by("user__name", "user__email")
    reviewers = reviewers.annotate(handed_in=Coalesce(Subquery(handed_in, output_field=IntegerField()), 0))
    context = {"cohort": cohort, "form": form, "reviewers": reviewers}
    return render(request, "applications/reading/reviewer_list.html", context)


@get_and_post
@for_managers
def reviewer_end(request: HttpRequest, reviewer_id: int) -> HttpResponse:
    run = Cohort.objects.run_by(current_user(request))
    reviewers = Reviewer.objects.live().filter(cohort__in=run).select_related("cohort", "user")
    reviewer = get_object_or_404(reviewers, pk=reviewer_id)
    if request.method == "POST":
        try:
            reviewing.end_reviewing(reviewer=reviewer, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Done. They no longer see these applications."))
        return redirect("applications:reviewers", slug=reviewer.cohort.slug)
    return render(request, "applications/reading/reviewer_end.html", {"reviewer": reviewer, "cohort": reviewer.cohort})


# ---- Criteria ----


@get_and_post
@for_managers
def criterion_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The criteria in their order, and the form that adds one."""
    cohort = run_cohort_or_404(request, slug)
    form = CriterionForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.add_criterion(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Added."))
            return redirect("applications:criteria", slug=cohort.slug)
    criteria = list(cohort.criteria.annotate(score_count=Count("scores")))
    context: dict[str, Any] = {
        "cohort": cohort,
        "form": form,
        "live": [one for one in criteria if one.retired_at is None],
        "retired": [one for one in criteria if one.retired_at is not None],
        "suggested": [] if criteria else reviewing.suggested_criteria(),
    }
    return render(request, "applications/reading/criterion_list.html", context)


@require_POST
@for_managers
def criteria_suggested(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin with the suggested ones."""
    cohort = run_cohort_or_404(request, slug)
    try:
        reviewing.add_suggested_criteria(cohort=cohort, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return redirect("applications:criteria", slug=cohort.slug)


def _criterion_or_404(request: HttpRequest, criterion_id: int) -> Criterion:
    run = Cohort.objects.run_by(current_user(request))
    criteria = Criterion.objects.filter(cohort__in=run, retired_at=None).select_related("cohort")
    return get_object_or_404(criteria, pk=criterion_id)


@get_and_post
@for_managers
def criterion_edit(request: HttpRequest, criterion_id: int) -> HttpResponse:
    criterion = _criterion_or_404(request, criterion_id)
    form = CriterionForm(request.POST or returning.data(request), initial=CriterionForm.of(criterion))
    seen = seen_mark(request, criterion, form.fields)
    context = {"cohort": criterion.cohort, "criterion": criterion, "form": form, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.edit_criterion(criterion=criterion, by=current_user(request), seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
        except CriterionScored:
            form.add_error(
                None, _("Somebody has scored against it, so its words stay. Retire it, and add it anew in other words.")
            )
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved."))
            return redirect("applications:criteria", slug=criterion.cohort.slug)
    return render(
        request, "applications/reading/criterion_edit.html", context, status=409 if "stands" in context else 200
    )


@require_POST
@for_managers
def criterion_move(request: HttpRequest, criterion_id: int) -> HttpResponse:
    """Up, or with `down` in the form, down."""
    criterion = _criterion_or_404(request, criterion_id)
    try:
        reviewing.move_criterion(criterion=criterion, by=current_user(request), down="down" in request.POST)
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return redirect("applications:criteria", slug=criterion.cohort.slug)


@get_and_post
@for_managers
def criterion_retire(request: HttpRequest, criterion_id: int) -> HttpResponse:
    criterion = _criterion_or_404(request, criterion_id)
    if request.method == "POST":
        try:
            reviewing.retire_criterion(criterion=criterion, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Retired. Nobody is asked for it any more."))
        return redirect("applications:criteria", slug=criterion.cohort.slug)
    context = {"criterion": criterion, "cohort": criterion.cohort}
    return render(request, "applications/reading/criterion_retire.html", context)
