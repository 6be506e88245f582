"""The console: who leads a cohort."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.exceptions import CohortArchived, NotAFacilitator
from cohorts.forms import FacilitatorForm
from cohorts.models import Cohort, StaffAssignment
from cohorts.views.doors import ARCHIVED_TEXT, archived, get_and_post


@get_and_post
@staff_only(Role.MANAGER)
def staff_facilitator_new(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if away := archived(request, cohort):
        return away
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
    if away := archived(request, assignment.cohort):
        return away
    if request.method == "POST":
        try:
            actions.end_assignment(assignment=assignment, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Done. They no longer see this cohort."))
        return redirect("cohorts:staff_detail", slug=assignment.cohort.slug)
    return render(request, "cohorts/staff_facilitator_end.html", {"assignment": assignment})
