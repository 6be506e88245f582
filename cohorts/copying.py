"""What apps below this one copy when a cohort is cloned: a registry, because nothing may be imported from below.

Copied is what was planned. People, pairs, applications and offers never are.
"""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from cohorts.models import Cohort

# Called with the source, whose row is held, the clone, who makes it, and when.
Copy = Callable[[Cohort, Cohort, User, datetime], None]

_copies: dict[str, Copy] = {}


def register(name: str, copy: Copy) -> None:
    _copies[name] = copy


def copy_all(source: Cohort, clone: Cohort, *, by: User, at: datetime) -> None:
    for copy in _copies.values():
        copy(source, clone, by, at)
