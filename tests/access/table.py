"""The access table: every address × every kind of person → the status of a plain GET.

Each app keeps its rows in tests/access/rows/<app>.py as `ROWS`. A URL without a row fails the build.
`world` (tests/access/world.py) holds one of everything, made by the actions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PEOPLE = (
    "visitor",  # not signed in
    "stranger",  # signed in, in no pair and with no role
    "professional",  # one side of the pair that owns world.entry
    "partner",  # the other side
    "other_pair",  # a member of another pair of the same cohort
    "facilitator",  # of that cohort
    "moderator",
    "manager",
    "finance",
    "evaluator",
    "reviewer",  # of world.open_cohort
    "applicant",  # one side of world.application there
    "admin",  # superuser with no role
)


@dataclass(frozen=True)
class Row:
    """What one URL answers. `kwargs` fills its path from the world; `statuses` has one entry a kind of person."""

    statuses: dict[str, int]
    kwargs: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})

    def __post_init__(self) -> None:
        if set(self.statuses) != set(PEOPLE):
            missing = set(PEOPLE) ^ set(self.statuses)
            raise ValueError(f"a row names every kind of person once; look at {sorted(missing)}")


def row(everyone: int | None = None, *, kwargs: Any = None, **some: int) -> Row:
    """`row(200)`, `row(404, visitor=302, manager=200, kwargs=lambda world: {"slug": world.cohort.slug})`."""
    statuses = {person: some.pop(person, everyone) for person in PEOPLE}
    if some:
        raise ValueError(f"unknown kinds of person: {sorted(some)}")
    if None in statuses.values():
        raise ValueError("a row names every kind of person, or a status for everyone else")
    return Row(
        {person: int(status) for person, status in statuses.items() if status is not None}, kwargs or (lambda world: {})
    )


STAFF = ("facilitator", "moderator", "manager", "finance", "evaluator", "reviewer", "admin")


def staff_row(*roles: str, status: int = 200, kwargs: Callable[[Any], dict[str, Any]] | None = None) -> Row:
    """A console page for `roles`: they get `status`, other staff 403, signed-in people 404, a visitor the sign-in."""
    statuses = dict.fromkeys(PEOPLE, 404) | dict.fromkeys(STAFF, 403) | {"visitor": 302}
    return Row(statuses | dict.fromkeys(roles, status), kwargs or (lambda world: {}))
