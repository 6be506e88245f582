"""Who takes part in a cohort, for whoever runs it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.permissions import current_user, has_role, staff_only
from cohorts.models import Cohort
from pairs import people_listing
from pairs.models import Membership


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def staff_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody by name, with the pair they are in. Addresses are for managers."""
    user = current_user(request)
    cohort = get_object_or_404(Cohort.objects.run_by(user), slug=slug)
    filters, after = people_listing.Filters.of(request.GET), request.GET.get("after", "")
    context = {
        "cohort": cohort,
        "page": people_listing.page_of(cohort, user, filters, after),
        "filters": filters,
        "is_first_page": not after,
        "sees_addresses": has_role(user, Role.MANAGER),
        "sides": dict(Membership.Side.choices),
    }
    return render(request, "pairs/staff_people.html", context)
