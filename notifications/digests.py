"""The weekly digest: each app registers a section, which counts what is new for one reader."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class DigestSection:
    """A heading and its lines: (text, path on this site). Counts and links only, never what somebody wrote."""

    heading: str
    lines: list[tuple[str, str]] = field(default_factory=list)


Section = Callable[[User, datetime, datetime], DigestSection | None]

_sections: list[Section] = []


def register(section: Section) -> None:
    """`section(user, since, until)` reads through `visible_to(user)` as the digest goes out; None: nothing new."""
    if section not in _sections:
        _sections.append(section)


def sections_for(user: User, since: datetime, until: datetime) -> list[DigestSection]:
    """What is new for `user` in [since, until), in the order of registration; empty sections are left out."""
    found = (section(user, since, until) for section in _sections)
    return [section for section in found if section is not None and section.lines]
