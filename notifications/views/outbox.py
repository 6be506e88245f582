"""The staff outbox: every message, before, during and after."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from notifications import actions
from notifications import outbox as ledger_pages
from notifications.forms import OutboxFilters
from notifications.models import LedgerRow, Suppression
from notifications.outbox import Line

SUPPRESSIONS_SHOWN = 200


@staff_only(Role.MANAGER)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    form = OutboxFilters(request.GET)
    filters = {name: form.value(name) or "" for name in ("person", "state", "kind")}
    before = form.value("before")
    page = ledger_pages.page(**filters, before=before)
    asked = {name: value for name, value in filters.items() if value}
    older = urlencode(asked | {"before": page.older_than or ""})
    context = {
        "asked": urlencode(asked),
        "form": form,
        "filters": filters,
        "page": page,
        "older": older,
        "is_first_page": before is None,
    }
    context["figures"] = ledger_pages.figures()
    return render(request, "notifications/outbox.html", context)


@staff_only(Role.MANAGER)
@require_safe
def outbox_row(request: HttpRequest, row_id: int) -> HttpResponse:
    row = get_object_or_404(LedgerRow.objects.select_related("recipient"), pk=row_id)
    return render(request, "notifications/outbox_row.html", {"line": Line(row), "row": row})


@staff_only(Role.MANAGER)
@require_POST
def send_again(request: HttpRequest, row_id: int) -> HttpResponse:
    return _decide(request, row_id, actions.send_again, _("It is being sent again."))


@staff_only(Role.MANAGER)
@require_POST
def leave(request: HttpRequest, row_id: int) -> HttpResponse:
    return _decide(request, row_id, actions.leave, _("Left as it is. It will not be sent again."))


@staff_only(Role.MANAGER)
@require_POST
def stop(request: HttpRequest, row_id: int) -> HttpResponse:
    return _decide(request, row_id, actions.stop, _("Stopped. It will not be sent."))


def _decide(request: HttpRequest, row_id: int, action: Callable[..., None], done: str) -> HttpResponse:
    row = get_object_or_404(LedgerRow, pk=row_id)
    try:
        action(row=row, by=current_user(request))
    except actions.AlreadySettled:
        messages.warning(request, _("Nothing changed: this message was settled already. Its state is shown below."))
    else:
        messages.success(request, done)
    return redirect("notifications:outbox_row", row_id=row.pk)


@staff_only(Role.MANAGER)
@require_safe
def refused(request: HttpRequest) -> HttpResponse:
    """Addresses the mail server refused for good."""
    live = Suppression.objects.filter(lifted_at=None).select_related("row__recipient").order_by("-pk")
    lines = [(found, Line(found.row) if found.row else None) for found in live[:SUPPRESSIONS_SHOWN]]
    return render(request, "notifications/refused.html", {"lines": lines})


@staff_only(Role.MANAGER)
@require_POST
def lift(request: HttpRequest, suppression_id: int) -> HttpResponse:
    actions.lift_suppression(suppression=get_object_or_404(Suppression, pk=suppression_id), by=current_user(request))
    messages.success(request, _("Lifted. The next message to this address will be tried."))
    return redirect("notifications:refused")
