"""The pairs on a cohort's console page: people, challenge and who has yet to answer; never anything about writing."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.permissions import has_role
from cohorts.models import Cohort
from cohorts.panels import Panel
from pairs import listing
from pairs.listing import Filters


def pairs_panel(request: HttpRequest, cohort: Cohort) -> Panel:
    filters, after = Filters.of(request.GET), request.GET.get("after", "")
    page = listing.page_of(cohort, filters, after, at=timezone.now())
    context = {
        "page": page,
        "filters": filters,
        "is_first_page": not after,
        "needs": listing.NEEDS_WORDS.items(),
        "sorts": listing.SORTS.items(),
        "may_match": has_role(request.user, Role.MANAGER)
        and cohort.state in {Cohort.State.OPEN, Cohort.State.SELECTING},
        "may_make": has_role(request.user, Role.MANAGER) and cohort.takes_pairs,
    }
    unanswered = page.counts.get("expired", 0) + page.counts.get("waiting", 0)
    figures = [
        (str(cohort.places_taken), _("pairs, of %(places)s places") % {"places": cohort.places}),
        (str(unanswered), _("waiting for an answer")),
    ]
    return Panel("pairs/panel.html", context, figures)
