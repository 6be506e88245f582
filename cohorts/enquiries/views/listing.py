"""The list of enquiries, and the same list to take away."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.permissions import current_user
from cohorts.enquiries import board, days, waiting
from cohorts.enquiries.board import Filters, Place
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.doors import for_managers, today
from cohorts.models import Programme
from config import tables

CHUNK = 500


@require_safe
@for_managers
def enquiry_list(request: HttpRequest) -> HttpResponse:
    """What came in, what is due first at the top."""
    user, filters = current_user(request), Filters.of(request.GET)
    place = Place.read(request.GET.get("after", ""), filters)
    context = {
        "page": board.page_of(user, filters, place, today()),
        "waiting": waiting.waiting_now(user),
        "filters": filters,
        "is_first_page": place is None,
        "today": today(),
        "whose": board.WHOSE.items(),
        "due": board.DUE.items(),
        "states": board.STATES.items(),
        "kinds": Enquiry.Kind.choices,
        "programmes": Programme.objects.visible_to(user),
    }
    return render(request, "cohorts/enquiries/list.html", context)


@require_safe
@for_managers
def enquiry_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows with these filters, in its order. That it was taken is written down; what it held is not."""
    if kind not in tables.FORMATS:
        raise Http404
    user, filters = current_user(request), Filters.of(request.GET)
    audit.record(verb="table.taken", by=user, table="enquiries")
    found = board.in_order(board.matching(user, filters, today()), filters)
    rows = found.select_related("programme", "cohort", "owner").iterator(CHUNK)
    return tables.response(_cells(rows), heads=_heads(), name=_("Enquiries"), kind=kind)


def _heads() -> list[str]:
    who = [_("Name"), _("Email"), _("Telephone"), _("How to reach them"), _("Organisation")]
    what = [_("Number"), _("Came on"), _("About"), _("Programme"), _("Cohort"), *who, _("What they asked")]
    return [*what, _("Who has it"), _("Next step"), _("By"), _("Closed on"), _("What came of it")]


def _cells(rows: Iterator[Enquiry]) -> Iterator[tables.Row]:
    for one in rows:
        came, closed = days.today_at(one.came_at), days.today_at(one.closed_at) if one.closed_at else None
        about = [one.reference, came, one.get_kind_display(), one.programme.name, one.cohort and one.cohort.name]
        who = [one.name, one.email, one.phone, one.reach, one.organisation]
        owner = str(one.owner) if one.owner else ""
        yield [*about, *who, one.text, owner, one.next_step, one.next_step_on, closed, one.get_outcome_display()]
