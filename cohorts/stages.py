"""What each state of a cohort allows: one table, read by the pages that say it and by the actions that hold to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    """Something that can be done with a cohort in some of its states, as staff are told it."""

    APPLY = "apply", _("People can apply on the programme’s public page.")
    HEAR = "hear", _("You can write down an application that somebody tells you.")
    INTRODUCE = "introduce", _("You can introduce people who look for a partner.")
    PAIR = "pair", _("Places can be offered, pairs made and invitations taken up.")
    FREE = "free", _("A pair that ends gives its place back.")
    PLAN = "plan", _("Sessions can be planned and changed, and people are reminded of them.")
    EDIT = "edit", _("Its name, days and places can be changed.")
    WRITE = "write", _("People write in their logs, and keep what they wrote.")


# The states as they are stored: the models import this module.
DRAFT, OPEN, SELECTING, RUNNING, ENDED, ARCHIVED = "draft", "open", "selecting", "running", "ended", "archived"

ALLOWED: dict[Act, frozenset[str]] = {
    Act.APPLY: frozenset({OPEN}),
    Act.HEAR: frozenset({OPEN, SELECTING}),
    Act.INTRODUCE: frozenset({OPEN, SELECTING}),
    Act.PAIR: frozenset({DRAFT, OPEN, SELECTING, RUNNING}),
    Act.FREE: frozenset({DRAFT, OPEN, SELECTING}),
    Act.PLAN: frozenset({DRAFT, OPEN, SELECTING, RUNNING, ENDED}),
    Act.EDIT: frozenset({DRAFT, OPEN, SELECTING, RUNNING, ENDED}),
    Act.WRITE: frozenset({DRAFT, OPEN, SELECTING, RUNNING, ENDED, ARCHIVED}),
}


def allows(state: str, act: Act) -> bool:
    return state in ALLOWED[act]


def allowed_in(state: str) -> list[Act]:
    return [act for act in Act if allows(state, act)]


def not_allowed_in(state: str) -> list[Act]:
    return [act for act in Act if not allows(state, act)]


def begins(before: str, after: str) -> list[Act]:
    """What a step makes possible."""
    return [act for act in allowed_in(after) if not allows(before, act)]


def stops(before: str, after: str) -> list[Act]:
    """What a step puts an end to."""
    return [act for act in allowed_in(before) if not allows(after, act)]
