"""Who comes in: people with their own part, and managers."""

from datetime import date

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.models import Applicant, Application
from cohorts.models import Cohort

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
for_managers = staff_only(Role.MANAGER)

ARCHIVED_TEXT = _("This cohort is archived. Its records are kept as they are.")
OWN_TEXT = _(
    "This one is your own, or you help with it, or it is written down that you should not read it. "
    "Ask another manager to decide."
)
MOVED_TEXT = _("Somebody else was first: it is no longer where you saw it. Here is how it stands now.")


def own_part_or_404(request: HttpRequest, reference: str) -> Applicant:
    """This person's own part in an application; else the part of the one who lets them help."""
    user = current_user(request)
    live = Applicant.objects.live().filter(application__reference=reference.upper(), joined_at__isnull=False)
    live = live.select_related("application__cohort__programme", "user")
    found = live.filter(user=user).first() or live.filter(helper=user).first()
    if found is None:
        raise Http404
    return found


def other_of(applicant: Applicant) -> Applicant | None:
    """The other of the two, if they have joined."""
    live = applicant.application.applicants.live().exclude(joined_at=None)
    return live.exclude(pk=applicant.pk).select_related("user").first()


def run_cohort_or_404(request: HttpRequest, slug: str) -> Cohort:
    cohorts = Cohort.objects.run_by(current_user(request)).select_related("programme")
    return get_object_or_404(cohorts, slug=slug)


def run_application_or_404(request: HttpRequest, reference: str) -> Application:
    """Managers decide about what was sent."""
    run = Application.objects.run_by(current_user(request)).select_related("cohort__programme")
    return get_object_or_404(run, reference=reference.upper())


def run_part_or_404(request: HttpRequest, reference: str, side: str) -> Applicant:
    """One person of an application, for a manager who has spoken with them."""
    application = run_application_or_404(request, reference)
    people = application.applicants.live().exclude(joined_at=None)
    return get_object_or_404(people.select_related("application__cohort__programme", "user"), side=side)


def today_of(cohort: Cohort) -> date:
    """Today in the cohort's zone."""
    return timezone.now().astimezone(cohort.zone).date()
