"""The console: the steps of a cohort along its map."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions, map_page
from cohorts.exceptions import NotReady, StateChanged
from cohorts.models import Cohort
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post


@get_and_post
@staff_only(Role.MANAGER)
def staff_move(request: HttpRequest, slug: str) -> HttpResponse:
    """What a step changes and what is missing for it, then the step. `?to=open` is the way back to applications."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user).with_history(), slug=slug)
    if request.method == "POST":
        return _move(request, cohort)
    step = map_page.next_step(cohort, to=request.GET.get("to", ""), at=timezone.now())
    if step is None:
        messages.info(request, ARCHIVED_TEXT)
        return redirect("cohorts:staff_detail", slug=cohort.slug)
    context = {"cohort": cohort, "map": map_page.map_of(cohort), "step": step}
    return render(request, "cohorts/staff_move.html", context)


def _move(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    wanted = request.POST.get("to", "")
    # The state the page was made in: a page left open must not open a cohort again that is choosing by now.
    cohort.state = request.POST.get("from", "")
    try:
        actions.move_cohort(cohort=cohort, to=wanted, by=current_user(request))
    except StateChanged:
        cohort.refresh_from_db(fields=["state"])
        if cohort.state != wanted:
            messages.warning(request, _("Somebody moved this cohort before you. It is now as you see it here."))
    except NotReady:
        messages.warning(request, _("Something must be put right first. This page says what."))
        return redirect(f"{request.path}?to={wanted}")
    else:
        messages.success(request, _("The cohort is now: %(state)s.") % {"state": cohort.get_state_display()})
    return redirect("cohorts:staff_detail", slug=cohort.slug)
