"""What every kind of file becomes: numbered lines of cells, and what had to be guessed about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


class NotATable(Exception):
    """The file cannot be read as a table; the message says what to send instead."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file under the number that a spreadsheet shows beside it."""

    number: int
    values: Sequence[Any]


@dataclass
class Opened:
    """A file that is being read. `total` is about how many lines there are; `said` is what its sender should know.

    `letters` names the encoding that was assumed, when the file does not say.
    """

    lines: Iterator[Line]
    total: int
    said: list[str] = field(default_factory=list)
    letters: str = ""
