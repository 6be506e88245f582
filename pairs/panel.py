"""The pairs on a cohort's console page: people, challenge and who has yet to answer; never anything about writing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.permissions import has_role
from cohorts.models import Cohort
from cohorts.panels import Panel
from cohorts.stages import Act
from pairs.models import Invitation, Membership, Pair


@dataclass(slots=True)
class Row:
    """One pair in the table."""

    pk: int
    challenge: str
    has_ended: bool
    people: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)

    @property
    def flag(self) -> str:
        """What needs somebody, in a word; nothing when both have joined."""
        if self.has_ended:
            return "ended"
        if "expired" in self.waiting.values():
            return "expired"
        if self.waiting:
            return "waiting"
        return "" if len(self.people) == 2 else "alone"

    @property
    def order(self) -> tuple[int, int]:
        return ({"expired": 0, "alone": 1, "waiting": 2, "": 3, "ended": 4}[self.flag], self.pk)


def rows_of(cohort: Cohort, *, at: datetime, query: str = "") -> list[Row]:
    """Every pair of a cohort in three queries, those who need somebody first."""
    rows = {
        pk: Row(pk, challenge, ended_at is not None)
        for pk, challenge, ended_at in Pair.objects.filter(cohort=cohort).values_list("pk", "challenge", "ended_at")
    }
    members = Membership.objects.live().filter(cohort=cohort)
    for pair, side, name, email in members.values_list(
        "pair_id", "side", "participant__user__name", "participant__user__email"
    ):
        rows[pair].people[side] = name or email
    invitations = Invitation.objects.waiting().filter(pair__cohort=cohort)
    for pair, side, name, email, expires_at in invitations.values_list(
        "pair_id", "side", "name", "email", "expires_at"
    ):
        rows[pair].people[side] = name or email
        rows[pair].waiting[side] = "expired" if expires_at <= at else "waiting"
    wanted = query.casefold().strip()
    found = (
        row
        for row in rows.values()
        if not wanted or wanted in " ".join([row.challenge, *row.people.values()]).casefold()
    )
    return sorted(found, key=lambda row: row.order)


def pairs_panel(request: HttpRequest, cohort: Cohort) -> Panel:
    query = request.GET.get("q", "")[:200]
    rows = rows_of(cohort, at=timezone.now(), query=query)
    flags: dict[str, int] = defaultdict(int)
    for row in rows:
        flags[row.flag] += 1
    context = {
        "rows": rows,
        "query": query,
        "may_match": has_role(request.user, Role.MANAGER) and cohort.allows(Act.INTRODUCE),
        "may_make": has_role(request.user, Role.MANAGER) and cohort.takes_pairs,
    }
    figures = [
        (str(cohort.places_taken), _("pairs, of %(places)s places") % {"places": cohort.places}),
        (str(flags["expired"] + flags["waiting"]), _("waiting for an answer")),
    ]
    return Panel("pairs/panel.html", context, figures)
