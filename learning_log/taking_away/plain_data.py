"""A book as data (JSON): everything in it, under the names that `book.py` gives."""

import base64
import json
from dataclasses import asdict
from datetime import date

from learning_log.taking_away.book import Book

# Counts up when a key changes its name or meaning; a new key leaves it.
SCHEMA = 1


def make(book: Book) -> bytes:
    """UTF-8, indented; dates in ISO 8601, a picture's bytes in base64. Texts are as typed."""
    whole = {"schema": SCHEMA, "kind": "alongside.learning_log", "entry_count": len(book.entries), **asdict(book)}
    return json.dumps(whole, default=_plain, ensure_ascii=False, indent=2).encode(errors="backslashreplace")


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a book holds no {type(value).__name__}")
