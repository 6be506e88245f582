"""What apps below this one know of somebody who asked: a registry, because nothing may be imported from below."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from cohorts.enquiries.models import Enquiry


@dataclass(frozen=True)
class Trace:
    """Something of theirs that the reader may open."""

    words: str
    path: str


Finder = Callable[[User, Enquiry], list[Trace]]

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """`finder(reader, enquiry)` gives only what this reader may see; its queries count towards the page's."""
    _finders[name] = finder


def traces_of(enquiry: Enquiry, reader: User) -> list[Trace]:
    return [trace for finder in _finders.values() for trace in finder(reader, enquiry)]
