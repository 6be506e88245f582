"""Applications on a cohort's console page: how many there are, and the ways to what can be done with them."""

from django.db.models import Count
from django.http import HttpRequest

from accounts.models import Role
from accounts.permissions import has_role
from applications.models import Application
from cohorts.models import Cohort
from cohorts.panels import Panel
from cohorts.stages import Act


def applications_panel(request: HttpRequest, cohort: Cohort) -> Panel:
    """Managers only; for a facilitator the panel is empty. Two queries."""
    if not has_role(request.user, Role.MANAGER):
        return Panel("applications/panel.html", {})
    here = Application.objects.run_by(request.user).filter(cohort=cohort).order_by().values("state")
    by_state = {one["state"]: one["number"] for one in here.annotate(number=Count("pk"))}
    drafts = by_state.pop(Application.State.DRAFT, 0)
    context = {
        "is_shown": True,
        "hears": cohort.allows(Act.HEAR),
        "drafts": drafts,
        "heard": Application.objects.run_by(request.user).heard().filter(cohort=cohort).count() if drafts else 0,
        "sent": sum(by_state.values()),
        "waiting": by_state.get(Application.State.SENT, 0),
        "offered": by_state.get(Application.State.OFFERED, 0),
        "on_reserve": by_state.get(Application.State.RESERVE, 0),
    }
    return Panel("applications/panel.html", context)
