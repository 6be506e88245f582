"""What apps below this one do when an application ends, and what they say of it before.

A registry, because nothing may be imported from below.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from accounts.models import User
from applications.models import Application

Hook = Callable[[Application, User | None, datetime], None]
Foresees = Callable[[Application], Sequence[str]]

_hooks: dict[str, Hook] = {}
_foresee: dict[str, Foresees] = {}


def register(name: str, hook: Hook, *, foresees: Foresees) -> None:
    """`hook(application, by, at)` runs in the transaction of the step, after it.

    `foresees(application)` says in sentences what it would do to other people.
    """
    _hooks[name] = hook
    _foresee[name] = foresees


def foreseen(application: Application) -> list[str]:
    """What would come to other people if this application ended now."""
    return [sentence for foresees in _foresee.values() for sentence in foresees(application)]


def run(application: Application, by: User | None, at: datetime) -> None:
    for hook in _hooks.values():
        hook(application, by, at)
