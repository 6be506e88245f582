"""Pages for everybody: home, what we promise, how to reach us."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from accounts.permissions import is_staff_member
from applications.models import Application
from cohorts.models import Cohort, Programme
from guides.models import Guide
from learning_log import stories
from pairs.models import Pair

STORIES_SHOWN = 3
COHORTS_SHOWN = 3


@login_not_required
@cache_control(no_cache=True)
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what to read first, what can be applied to now, and every programme one can ask about.

    It names stories, so no cache keeps it unasked.
    """
    guides = Guide.objects.published().select_related("current_edition")[:6]
    opened = Cohort.objects.filter(state=Cohort.State.OPEN).select_related("programme").order_by("starts_on", "pk")
    context = {
        "guides": guides,
        "cohorts": [cohort for cohort in opened if cohort.takes_applications_today][:COHORTS_SHOWN],
        "programmes": Programme.objects.public(),
        "stories": stories.newest(STORIES_SHOWN),
    }
    return render(request, "portal/home.html", context)


def start(request: HttpRequest) -> HttpResponse:
    """Where signing in leads: staff to the console, members to their pair, who applies to that, others home."""
    if is_staff_member(request.user):
        return redirect("portal:staff_home")
    if Pair.objects.live().of_member(request.user).exists():
        return redirect("portal:pair_home")
    if Application.objects.of_applicant(request.user).exists():
        return redirect("applications:mine")
    return redirect("portal:home")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/privacy.html")


@login_not_required
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about/contact.html")
