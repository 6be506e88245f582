"""What a page showed of a row, so that a form left open does not undo what somebody else did meanwhile."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from cohorts.exceptions import ChangedMeanwhile


def mark_of(row: object, names: Iterable[str]) -> str:
    """A fingerprint of these fields as they stand; the form carries it, and the action compares."""
    shown = repr([(name, getattr(row, name)) for name in sorted(names)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def refuse_if_changed(row: object, fields: Mapping[str, Any], *, seen: str) -> bool:
    """Whether these fields are to be written; False when the row stands so already.

    The row is held. `seen` is the mark of what the page showed of them, empty for no page. Raises ChangedMeanwhile.
    """
    if all(getattr(row, name) == value for name, value in fields.items()):
        return False
    if seen and seen != mark_of(row, fields):
        raise ChangedMeanwhile(row)
    return True
