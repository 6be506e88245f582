"""Offers and the reserve list of a cohort, for managers."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import current_user
from applications import offers_page
from applications.actions import deciding, offering
from applications.exceptions import (
    AlreadyApplying,
    AlreadyDecided,
    ApplicationMoved,
    ConflictOfInterest,
    NeedsPartner,
    OffersClosed,
)
from applications.models import Application
from applications.views.deciding.doors import (
    ARCHIVED_TEXT,
    MOVED_TEXT,
    OWN_TEXT,
    for_managers,
    get_and_post,
    run_application_or_404,
    run_cohort_or_404,
    today_of,
)
from cohorts.exceptions import CohortArchived, NoPlaceLeft

PAGE_ROWS = 100
NO_PLACE_TEXT = gettext_lazy("There is no free place. One comes free when an offer is declined or runs out.")


@require_safe
@never_cache
@for_managers
def offers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was offered a place, who has said yes, how many days are left; whom to ring."""
    cohort = run_cohort_or_404(request, slug)
    rows = Paginator(offers_page.offers_of(cohort), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = offers_page.rows_of(list(rows), today_of(cohort))
    return render(request, "applications/deciding/offers.html", {"cohort": cohort, "page": rows, "rows": shown})


@require_safe
@never_cache
@for_managers
def reserve_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list in its order, and those whose offer ran out."""
    cohort = run_cohort_or_404(request, slug)
    applications = Application.objects.filter(cohort=cohort).prefetch_related("applicants")
    page = Paginator(applications.on_reserve(), PAGE_ROWS).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "cohort": cohort,
        "page": page,
        "lapsed": list(applications.filter(state=Application.State.LAPSED).order_by("-closed_at")[:PAGE_ROWS]),
        "next_up": offering.next_on_list(cohort),
        "by_itself": offering.offers_by_itself(cohort, now),
        "last": page.paginator.count,
    }
    return render(request, "applications/deciding/reserve_list.html", context)


@require_POST
@for_managers
def reserve_move(request: HttpRequest, reference: str, way: str) -> HttpResponse:
    """Up or down by one."""
    application = run_application_or_404(request, reference)
    return _act(
        request,
        application,
        lambda: offering.move_on_list(application=application, by=current_user(request), up=way == "up"),
    )


@require_POST
@for_managers
def put_back(request: HttpRequest, reference: str) -> HttpResponse:
    """At the end of the list, after an offer that ran out."""
    application = run_application_or_404(request, reference)
    return _act(
        request,
        application,
        lambda: offering.put_back(application=application, by=current_user(request)),
        done=_("They are at the end of the reserve list again. Tell them: no message goes out for it."),
    )


def _act(request: HttpRequest, application: Application, act: Callable[[], object], done: str = "") -> HttpResponse:
    try:
        act()
    except ApplicationMoved:
        messages.warning(request, MOVED_TEXT)
    except AlreadyApplying:
        messages.warning(request, _("One of the two has another application in this cohort by now."))
    except ConflictOfInterest:
        messages.warning(request, OWN_TEXT)
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        if done:
            messages.success(request, done)
    return redirect("applications:reserve_list", slug=application.cohort.slug)


@get_and_post
@for_managers
def offer_now(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer a free place by hand, after a look at what is sent."""
    application = run_application_or_404(request, reference)
    cohort = application.cohort
    if request.method == "POST":
        try:
            offering.offer_now(application=application, by=current_user(request))
        except NoPlaceLeft:
            messages.warning(request, NO_PLACE_TEXT)
        except AlreadyDecided:
            messages.warning(request, _("A decision about them is prepared. Release it, or take it back first."))
        except NeedsPartner:
            messages.warning(request, _("They look for a partner, and a place is for two. Introduce them first."))
        except ConflictOfInterest:
            messages.warning(request, OWN_TEXT)
        except (ApplicationMoved, OffersClosed):
            messages.warning(request, MOVED_TEXT)
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The place is offered."))
            return redirect("applications:offers", slug=cohort.slug)
        return redirect("applications:reserve_list", slug=cohort.slug)
    context = {
        "application": application,
        "people": list(application.applicants.live()),
        "cohort": cohort,
        "answer_by": deciding.default_answer_by(cohort, timezone.now()),
        "is_on_list": application.state == Application.State.RESERVE,
    }
    return render(request, "applications/deciding/offer_now.html", context)
