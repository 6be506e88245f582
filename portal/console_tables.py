"""Tables of the whole console to take away: cohorts, programmes, roles, the outbox. Each by its page’s rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import Role, RoleAssignment
from accounts.permissions import current_user, has_role, staff_only
from cohorts.models import Cohort, Programme
from config import tables
from notifications import outbox
from notifications.forms import OutboxFilters

Rows = Iterator[tables.Row]
CHUNK = 500


@dataclass(frozen=True)
class ConsoleTable:
    """A table by its name in the address: what it is called, its heads, its rows for this reader, and who reads it."""

    title: Any
    heads: Callable[[], list[str]]
    rows: Callable[[HttpRequest], Rows]
    roles: tuple[Role, ...] = (Role.MANAGER,)


def cohort_heads() -> list[str]:
    return [_("Cohort"), _("Programme"), _("State"), _("Places taken"), _("Places"), _("First day"), _("Last day")]


def cohorts(request: HttpRequest) -> Rows:
    for one in Cohort.objects.run_by(request.user).select_related("programme").iterator(CHUNK):
        state, places = one.get_state_display(), (one.places_taken, one.places)
        yield [one.name, one.programme.name, state, *places, one.starts_on, one.ends_on]


def programme_heads() -> list[str]:
    return [_("Programme"), _("Charity"), _("Cohorts"), _("Running")]


def programmes(request: HttpRequest) -> Rows:
    running = Count("cohorts", filter=Q(cohorts__state=Cohort.State.RUNNING))
    counted = Programme.objects.visible_to(request.user).annotate(cohort_count=Count("cohorts"), running=running)
    for name, charity, many, now in counted.values_list("name", "charity", "cohort_count", "running"):
        yield [name, charity, many, now]


def role_heads() -> list[str]:
    return [_("Name"), _("Email"), _("Role"), _("Since"), _("Given by")]


def roles(request: HttpRequest) -> Rows:
    live = RoleAssignment.objects.filter(revoked_at=None).select_related("user", "granted_by")
    for one in live.order_by("user__name", "user__email", "granted_at").iterator(CHUNK):
        yield [one.user.name, one.user.email, one.get_role_display(), one.granted_at.date(), one.granted_by]


def outbox_heads() -> list[str]:
    return [_("Message"), _("State"), _("When (UTC)"), _("To"), _("What"), _("Note")]


def messages(request: HttpRequest) -> Rows:
    """With the filters of the page; of private kinds that all is well, not who."""
    form = OutboxFilters(request.GET)
    filters = {name: form.value(name) or "" for name in ("person", "state", "kind")}
    for row in outbox.matching(**filters).iterator(CHUNK):
        line = outbox.Line(row)
        to = _("Private") if line.is_private else line.to
        when = row.settled_at or row.next_try_at
        yield [row.pk, row.get_state_display(), when, to, str(line.title), str(line.note)]


CONSOLE_TABLES = {
    "cohorts": ConsoleTable(gettext_lazy("Cohorts"), cohort_heads, cohorts, (Role.MANAGER, Role.FACILITATOR)),
    "programmes": ConsoleTable(gettext_lazy("Programmes"), programme_heads, programmes),
    "roles": ConsoleTable(gettext_lazy("People and roles"), role_heads, roles),
    "outbox": ConsoleTable(gettext_lazy("Outbox"), outbox_heads, messages),
}


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def console_table(request: HttpRequest, what: str, kind: str) -> HttpResponseBase:
    """One table of the console as a file. That it was taken, and by whom, is written down; what it held is not."""
    user, wanted = current_user(request), CONSOLE_TABLES.get(what)
    if wanted is None or kind not in tables.FORMATS or not has_role(user, *wanted.roles):
        raise Http404
    audit.record(verb="table.taken", by=user, table=what)
    return tables.response(wanted.rows(request), heads=wanted.heads(), name=str(wanted.title), kind=kind)
