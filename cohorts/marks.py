"""What a page showed of a row, so that a form left open does not undo what somebody else did meanwhile."""

import hashlib
from collections.abc import Iterable

from django.db import models


def mark_of(row: models.Model, names: Iterable[str]) -> str:
    """A fingerprint of these fields as they stand; the form carries it, and the action compares."""
    shown = repr([(name, getattr(row, name)) for name in sorted(names)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
