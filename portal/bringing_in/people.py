"""People who are to take part in a cohort, with no pair yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import accounts.actions
import cohorts.actions
from accounts.models import User
from cohorts.models import Cohort, Participant
from pairs.models import Invitation
from portal.bringing_in.checking import Verdict
from portal.bringing_in.reading import Problem, Row


class People:
    """A row is a person by their address. Who is here already stays as they are."""

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self._seen: dict[str | int, int] = {}

    def refusal(self) -> str:
        return "" if self.cohort.takes_pairs else _("This cohort is over. It takes nobody in any more.")

    def look(self, rows: Sequence[Row]) -> list[Verdict]:
        addresses = [row.values["email"] for row in rows if row.values.get("email")]
        users = accounts.actions.people_with(addresses)
        parts = Participant.objects.filter(cohort=self.cohort, user__in=[user.pk for user in users.values()])
        live: dict[int, bool] = {}
        for user_id, ended_at in parts.values_list("user_id", "ended_at"):
            live[user_id] = live.get(user_id, False) or ended_at is None
        invited = Invitation.objects.waiting().filter(pair__cohort=self.cohort, email__in=addresses)
        asked = set(invited.values_list("email", flat=True))
        return [self._verdict(row, users.get(row.values.get("email", "")), live, asked) for row in rows]

    def _verdict(self, row: Row, user: User | None, live: dict[int, bool], asked: set[str]) -> Verdict:
        problems = [*row.problems, *self._twice(row, user)]
        if user is not None and not user.is_active:
            problems.append(_problem(row, _("This account is closed. Take the row out.")))
        elif row.values.get("email") in asked:
            problems.append(_problem(row, _("They are invited to a pair of this cohort. Take the row out.")))
        if problems:
            return Verdict(row, "wrong", problems)
        if user is None or user.pk not in live:
            return Verdict(row, "new")
        if not live[user.pk]:
            text = _("%(who)s has left this cohort, and stays out of it.")
            return Verdict(row, "differs", differences=[text % {"who": row.values["email"]}])
        return _compared(row, user)

    def _twice(self, row: Row, user: User | None) -> list[Problem]:
        """Whether the address stands further up already, or another of the same person."""
        address = row.values.get("email")
        if not address:
            return []
        first = self._seen.setdefault(user.pk if user else address, row.number)
        if first == row.number:
            return []
        return [_problem(row, _("This address stands in row %(row)s as well. Take one of them out.") % {"row": first})]

    def save(self, verdicts: Sequence[Verdict], *, by: User, at: datetime) -> None:
        wanted = [verdict.row.values for verdict in verdicts if verdict.outcome == "new"]
        users = accounts.actions.ensure_people([profile_of(values) for values in wanted], by=by)
        cohorts.actions.join_together(cohort=self.cohort, users=list(users.values()), by=by, at=at)


def profile_of(values: dict[str, Any]) -> dict[str, str]:
    return {name: values.get(name, "") for name in ("email", "name", "role_title", "organisation")}


def _problem(row: Row, text: str) -> Problem:
    return Problem(row.number, "Email", row.values.get("email", ""), text)


def _compared(row: Row, user: User) -> Verdict:
    """A person who is here, and whether the file calls them otherwise: what they say of themselves stands."""
    words = {"name": _("Name"), "role_title": _("Role"), "organisation": _("Organisation")}
    differences = [
        _("%(what)s of %(who)s: “%(here)s” here, “%(there)s” in the file.")
        % {"what": label, "who": user.email, "here": getattr(user, name), "there": row.values[name]}
        for name, label in words.items()
        if row.values.get(name) and row.values[name] != getattr(user, name)
    ]
    return Verdict(row, "differs" if differences else "same", differences=differences)
