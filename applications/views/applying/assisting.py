"""Staff begin an application for somebody on the telephone or on paper; they go on through the person's own pages."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.actions import assisting
from applications.exceptions import AlreadyApplying, ApplicationsClosed
from applications.forms.applying import AssistedForm
from applications.models import Applicant, Application
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from cohorts.stages import Act


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(Role.MANAGER)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Who it is and how it reaches the team; below it, what has been begun this way and not sent yet."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)
    form = AssistedForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            application = assisting.start_for(
                cohort=cohort,
                by=current_user(request),
                kind=form.application_kind,
                route=form.cleaned_data["route"],
                people=form.people,
            )
        except (ApplicationsClosed, CohortArchived):
            form.add_error(None, _("This cohort takes no applications now. It is neither open nor choosing."))
        except AlreadyApplying:
            form.add_error(None, _("The two people have the same address. Leave one empty if they share it."))
        else:
            return redirect("applications:tasks", reference=application.reference)
    begun = Application.objects.run_by(request.user).heard().filter(cohort=cohort)
    people = Prefetch("applicants", Applicant.objects.live(), to_attr="people")
    context = {
        "form": form,
        "cohort": cohort,
        "hears": cohort.allows(Act.HEAR),
        "begun": begun.prefetch_related(people).order_by("-pk")[:50],
    }
    return render(request, "applications/applying/staff_new.html", context)
