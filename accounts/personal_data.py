"""Where each app says what it holds about a person, and how it forgets them.

An app registers both in its `AppConfig.ready`. A collector returns plain JSON values; an eraser empties personal values
and keeps rows, ids and totals. Both are called with the person, in the order in which they were registered; mail, which
the others may still stop or send, is forgotten after them, and the account last of all.
"""

from collections.abc import Callable
from typing import Any

from accounts.models import User

Collector = Callable[[User], Any]
Eraser = Callable[[User], None]

LAST = ["mail", "account"]

_collectors: dict[str, Collector] = {}
_erasers: dict[str, Eraser] = {}


def register_collector(name: str, collector: Collector) -> None:
    """`name` becomes the key in the export, such as "learning_log"."""
    _collectors[name] = collector


def register_eraser(name: str, eraser: Eraser) -> None:
    _erasers[name] = eraser


def collect(user: User) -> dict[str, Any]:
    """Everything every app holds about this person."""
    return {name: collector(user) for name, collector in _collectors.items()}


def erase(user: User) -> None:
    """Have every app forget this person. Call it inside a transaction."""
    for name in [*(name for name in _erasers if name not in LAST), *LAST]:
        _erasers[name](user)
