"""What apps below this one do when an application ends: a registry, because nothing may be imported from below."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from applications.models import Application

Hook = Callable[[Application, User | None, datetime], None]

_hooks: dict[str, Hook] = {}


def register(name: str, hook: Hook) -> None:
    """`hook(application, by, at)` runs in the transaction of the step, after it."""
    _hooks[name] = hook


def run(application: Application, by: User | None, at: datetime) -> None:
    for hook in _hooks.values():
        hook(application, by, at)
