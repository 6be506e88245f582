"""Tables of one cohort to take away: each from the rule its page uses, each column only what the reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import current_user, has_role, staff_only
from applications import board
from applications.models import Application
from cohorts.models import Cohort, Session
from config import tables
from pairs import listing, people_listing
from pairs.models import Invitation, Membership
from portal import choosing_tables as choosing

Rows = Iterable[tables.Row]
CHUNK = 500


@dataclass(frozen=True)
class Table:
    """A table by its name in the address: what it is called, its heads and its rows for one reader."""

    title: Any
    heads: Callable[[User], list[str]]
    rows: Callable[[HttpRequest, User, Cohort], Rows]
    roles: tuple[Role, ...] = (Role.MANAGER, Role.FACILITATOR)


def _sees_addresses(user: User) -> bool:
    return has_role(user, Role.MANAGER)


# ---- People ----


def people_heads(user: User) -> list[str]:
    names = [_("Name"), _("Side"), _("Pair"), _("Joined")]
    return [*names, _("Email")] if _sees_addresses(user) else names


def people(request: HttpRequest, user: User, cohort: Cohort) -> Rows:
    """Everybody who takes part now, in a pair or in none yet, with the filters of the address."""
    sides = {
        member.participant_id: (member.get_side_display(), member.pair.challenge)
        for member in Membership.objects.live().filter(cohort=cohort).select_related("pair")
    }
    filters = people_listing.Filters.of(request.GET)
    for part in people_listing.in_order(cohort, user, filters).iterator(CHUNK):
        row = [
            part.user.name or _("No name yet"),
            *sides.get(part.pk, ("", "")),
            part.joined_at.astimezone(cohort.zone).date(),
        ]
        yield [*row, part.user.email] if _sees_addresses(user) else row


# ---- Pairs ----


def pair_heads(_user: User) -> list[str]:
    return [_("Challenge"), _("Professional"), _("Patient partner"), _("Funding"), _("Made on"), _("Ended on")]


def pairs(request: HttpRequest, user: User, cohort: Cohort) -> Rows:
    """A pair a row, with the filters of the address; somebody invited who has not answered stands in brackets."""
    names: dict[tuple[int, str], str] = {}
    invitations = Invitation.objects.visible_to(user).waiting().filter(pair__cohort=cohort)
    for pair_id, side, name in invitations.values_list("pair_id", "side", "name"):
        names[pair_id, side] = f"({name or _('invited')})"
    members = Membership.objects.live().visible_to(user).filter(cohort=cohort).select_related("participant__user")
    for member in members:
        names[member.pair_id, member.side] = member.user.name or _("No name yet")
    filters = listing.Filters.of(request.GET)
    for pair in listing.in_order(cohort, filters, at=timezone.now()).iterator(CHUNK):
        professional, partner = (names.get((pair.pk, side), "") for side in ("professional", "partner"))
        ended = pair.ended_at.astimezone(cohort.zone).date() if pair.ended_at else None
        made = pair.created_at.astimezone(cohort.zone).date()
        yield [pair.challenge, professional, partner, pair.funding, made, ended]


# ---- Sessions ----


def session_heads(_user: User) -> list[str]:
    heads = [_("Session"), _("Day"), _("Starts"), _("Minutes"), _("Where"), _("Online"), _("Getting in"), _("State")]
    return [str(head) for head in heads]


def sessions(request: HttpRequest, user: User, cohort: Cohort) -> Rows:
    for one in Session.objects.visible_to(user).filter(cohort=cohort).in_order().iterator(CHUNK):
        state = _("Cancelled") if one.is_cancelled else _("Planned")
        where = [one.place, one.online_link, one.access_notes]
        yield [one.title, one.held_on, one.starts_at, one.duration_minutes, *where, state]


# ---- Applications ----


def application_heads(user: User) -> list[str]:
    heads = [_("Reference"), _("Challenge"), _("Local system"), _("Who applies"), _("State"), _("Sent on"), _("Names")]
    return [*heads, _("Email"), _("Telephone")] if _sees_addresses(user) else heads


def applications(request: HttpRequest, user: User, cohort: Cohort) -> Rows:
    """What the board shows with the filters of the address, in the board's order; no score and no answer."""
    seat = board.seat_of(user, get_object_or_404(board.cohorts_read_by(user), pk=cohort.pk))
    filters = board.Filters.of(request.GET, seat)
    is_barred = filters.mine == "cannot" and not seat.runs  # then the page shows references alone
    keyed = board.with_key(board.matching(seat, filters), seat, filters)
    ordered = (
        board.in_order(keyed, downward=board.is_downward(filters))
        .select_related("cohort")
        .prefetch_related("applicants")
    )
    for one in ordered.iterator(CHUNK):
        yield _application_row(one, user, hides_names=filters.hides_names, is_barred=is_barred)


def _application_row(one: Application, user: User, *, hides_names: bool, is_barred: bool) -> list[Any]:
    if is_barred:
        return [one.reference, *([""] * (len(application_heads(user)) - 1))]
    live = [person for person in one.applicants.all() if person.left_at is None]
    names = "" if hides_names else " · ".join(person.name or person.get_side_display() for person in live)
    sent = one.sent_at.astimezone(one.cohort.zone).date() if one.sent_at else None
    row = [one.reference, one.challenge, one.local_system, one.get_kind_display(), one.get_state_display(), sent, names]
    if not _sees_addresses(user):
        return row
    reach = ("" if hides_names else " · ".join(getattr(person, what) for person in live) for what in ("email", "phone"))
    return [*row, *reach]


TABLES = {
    "people": Table(gettext_lazy("People"), people_heads, people),
    "pairs": Table(gettext_lazy("Pairs"), pair_heads, pairs),
    "sessions": Table(gettext_lazy("Sessions"), session_heads, sessions),
    "applications": Table(gettext_lazy("Applications"), application_heads, applications, (Role.MANAGER, Role.REVIEWER)),
    "offers": Table(gettext_lazy("Offers"), choosing.offer_heads, choosing.offers, (Role.MANAGER,)),
    "reserve-list": Table(gettext_lazy("Reserve list"), choosing.reserve_heads, choosing.reserve_list, (Role.MANAGER,)),
    "looking": Table(gettext_lazy("Looking for a partner"), choosing.looking_heads, choosing.looking, (Role.MANAGER,)),
}


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR, Role.REVIEWER)
def table(request: HttpRequest, slug: str, what: str, kind: str) -> HttpResponseBase:
    """One table of one cohort as a file. That it was taken, and by whom, is written down; what it held is not."""
    user = current_user(request)
    wanted = TABLES.get(what)
    if wanted is None or kind not in tables.FORMATS or not has_role(user, *wanted.roles):
        raise Http404
    readable = board.cohorts_read_by(user) if what == "applications" else Cohort.objects.run_by(user)
    cohort = get_object_or_404(readable, slug=slug)
    audit.record(verb="table.taken", by=user, target=cohort, table=what)
    name = f"{cohort.name} {wanted.title}"
    return tables.response(wanted.rows(request, user, cohort), heads=wanted.heads(user), name=name, kind=kind)
