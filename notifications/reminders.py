"""Reminder schedules: each app registers what looks for reminders that fall due; the minute sweep asks them all."""

import logging
from collections.abc import Callable
from datetime import datetime

logger = logging.getLogger(__name__)

Trigger = Callable[[datetime], None]

_triggers: dict[str, Trigger] = {}


def register(name: str, trigger: Trigger) -> None:
    """`trigger(at)` queues what falls due by `at`, with dedupe keys: it is called every minute, by several at once.

    Raises ValueError when the name is taken.
    """
    if _triggers.setdefault(name, trigger) is not trigger:
        raise ValueError(f"a reminder schedule named {name!r} is registered already")


def plan(at: datetime) -> list[str]:
    """Ask every schedule; one that breaks never holds up the others. Returns the names of those that broke."""
    broken = []
    for name, trigger in list(_triggers.items()):
        try:
            trigger(at)
        except Exception:
            logger.exception("a reminder schedule broke", extra={"schedule": name})
            broken.append(name)
    return broken
