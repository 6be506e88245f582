"""The board of a cohort, and the list of boards."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from applications import board
from applications.board import Filters
from applications.board_page import board_page, systems_of
from applications.models import Application
from applications.models.selection import Verdict
from applications.querysets import ApplicationQuerySet
from applications.views.reading.doors import for_readers


@require_safe
@for_readers
def cohort_list(request: HttpRequest) -> HttpResponse:
    """The cohorts whose applications this person may read."""
    user = current_user(request)
    here = Application.objects.read_by(user).filter(cohort=OuterRef("pk"))
    cohorts = board.cohorts_read_by(user).exclude(state="archived")
    cohorts = cohorts.annotate(
        sent=_number(here.sent()),
        drafts=_number(here.filter(state=Application.State.DRAFT)),
        heard=_number(here.heard()),
        to_do=_number(here.filter(board.to_do(user))),
    )
    return render(request, "applications/reading/cohort_list.html", {"cohorts": cohorts})


def _number(applications: ApplicationQuerySet) -> Coalesce:
    counted = applications.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@require_safe
@for_readers
def cohort_board(request: HttpRequest, slug: str) -> HttpResponse:
    """What came in for one cohort."""
    user = current_user(request)
    cohort = get_object_or_404(board.with_offered(board.cohorts_read_by(user)), slug=slug)
    seat = board.seat_of(user, cohort)
    filters = Filters.of(request.GET, seat)
    place = board.read_place(request.GET.get("after", ""), filters)
    page = board_page(seat, filters, place)
    context = {
        "cohort": cohort,
        "seat": seat,
        "filters": filters,
        "page": page,
        "is_first_page": place is None,
        "address": filters.address(),
        "older": filters.address() + ("&" if filters.address() else ""),
        "states": [(state, Application.State(state).label) for state in board.state_choices(seat)],
        "kinds": Application.Kind.choices,
        "routes": Application.Route.choices,
        "verdicts": Verdict.choices,
        "mine": board.MINE.items(),
        "sorts": seat.sorts.items(),
        "systems": systems_of(seat),
        "other_names": filters.address(names="" if filters.hides_names else "hidden"),
    }
    return render(request, "applications/reading/board.html", context)
