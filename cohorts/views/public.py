"""What everybody may read of a programme."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cohorts.models import Cohort, Programme


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
