"""The console: a new cohort from the plan of another. Choose, look at the new days, confirm."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from cohorts import actions
from cohorts.actions import CloneTerms
from cohorts.forms import CloneForm
from cohorts.models import Cohort
from cohorts.planned_days import days_of
from cohorts.shifting import days_between, moved
from cohorts.views.doors import get_and_post, made_key


@get_and_post
@staff_only(Role.MANAGER)
def staff_clone(request: HttpRequest, slug: str) -> HttpResponse:
    """What was chosen stands in the address. When it is right, the page shows every day, and POST makes the clone."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)
    leading = cohort.staff_assignments.live().count()
    form = CloneForm(request.GET if "name" in request.GET else None, cohort=cohort, has_facilitators=leading > 0)
    if not form.is_valid() or "change" in request.GET:
        context = {"form": form, "cohort": cohort, "made_key": uuid4()}
        return render(request, "cohorts/staff_clone.html", context)
    if request.method == "POST":
        return _make(request, cohort, form.terms())
    return _check(request, cohort, form.terms())


def _make(request: HttpRequest, cohort: Cohort, terms: CloneTerms) -> HttpResponse:
    key = _key_of(request, cohort, terms)
    clone = actions.clone_cohort(cohort=cohort, by=current_user(request), terms=terms, made_key=key)
    said = _("“%(name)s” is here, as a draft that only managers see. Nobody was told.")
    if clone.opens_on:
        said = _("“%(name)s” is here, as a draft. The programme’s page tells when applications open.")
    messages.success(request, said % {"name": clone.name})
    return redirect("cohorts:staff_detail", slug=clone.slug)


def _key_of(request: HttpRequest, cohort: Cohort, terms: CloneTerms) -> UUID:
    """One page makes one of what was chosen on it; whoever comes back and chooses otherwise gets another."""
    return uuid5(made_key(request), repr((cohort.pk, terms)))


def _check(request: HttpRequest, cohort: Cohort, terms: CloneTerms) -> HttpResponse:
    made = Cohort.objects.run_by(request.user).filter(made_key=_key_of(request, cohort, terms))
    there = made.first()
    if there:
        messages.info(request, _("This copy is made already. Here it is."))
        return redirect("cohorts:staff_detail", slug=there.slug)
    days = days_between(cohort.starts_on, terms.starts_on, keeps_weekdays=terms.keeps_weekdays)
    sessions = list(cohort.sessions.planned().in_order())
    context = {
        "cohort": cohort,
        "terms": terms,
        "ends_on": moved(cohort.ends_on, days),
        "apply_by": moved(cohort.apply_by, days) if cohort.apply_by else None,
        "opens_on": moved(cohort.opens_on, days) if cohort.opens_on and terms.tells_opens_on else None,
        "sessions": days_of(sessions, days=days, time_zone=cohort.time_zone, today=cohort.today),
        "has_links": any(session.online_link for session in sessions),
        "made_key": made_key(request),
        "change": f"{request.path}?{request.GET.urlencode()}&change=1",
    }
    return render(request, "cohorts/staff_clone_check.html", context)
