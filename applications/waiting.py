"""What an app below this one waits to hear from an applicant: a registry, as nothing may be imported from below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import User
from applications.models import Application


@dataclass(frozen=True)
class Waiting:
    """One thing to answer, in words, what its link says, and where it leads."""

    words: str
    link: str
    path: str


Finder = Callable[[User, Sequence[Application]], dict[int, Waiting]]

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """`finder(user, applications)` answers by the id of the application; it is asked once for a page."""
    _finders[name] = finder


def waiting_for(user: User, applications: Sequence[Application]) -> dict[int, Waiting]:
    """What waits for this person, by the id of the application it is about."""
    found: dict[int, Waiting] = {}
    for finder in _finders.values():
        found |= finder(user, applications)
    return found
