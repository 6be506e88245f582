"""A book: what one person takes away, as plain values. Whoever makes one has already asked what its owner may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Side = Literal["professional", "partner", ""]


@dataclass(frozen=True)
class Part:
    """One question (or none) and what was written under it, in Markdown."""

    question: str
    markdown: str


@dataclass(frozen=True)
class BookAttachment:
    """A file somebody added. `words` is its description or transcript; `data` the picture itself, where it fits."""

    file_name: str
    kind: Literal["picture", "sound", "film"]
    words: str = ""
    data: bytes | None = None


@dataclass(frozen=True)
class BookVoice:
    """One version of one person's text or, with `is_together`, of the text that both wrote and nobody signs."""

    author_name: str
    side: Side
    role_words: str
    is_own: bool
    version: int
    saved_at: datetime
    parts: Sequence[Part]
    next_step: str = ""
    next_step_on: date | None = None
    attachments: Sequence[BookAttachment] = ()
    is_together: bool = False


@dataclass(frozen=True)
class BookResponse:
    """An answer to an entry, in plain text."""

    author_name: str
    written_at: datetime
    text: str


@dataclass(frozen=True)
class BookEntry:
    """One moment, its voices in the order in which its reader sees them. `audience` is a sentence."""

    number: int
    title: str
    happened_on: date
    audience: str
    approaches: Sequence[str] = ()
    tags: Sequence[str] = ()
    voices: Sequence[BookVoice] = ()
    responses: Sequence[BookResponse] = ()

    @property
    def spread(self) -> Sequence[BookVoice]:
        """The voices that stand side by side."""
        return [voice for voice in self.voices if not voice.is_together]

    @property
    def together(self) -> Sequence[BookVoice]:
        return [voice for voice in self.voices if voice.is_together]


@dataclass(frozen=True)
class Book:
    """Entries in reading order. `made_at` and all other times are aware and already in `zone_name`."""

    title: str
    owner_name: str
    made_at: datetime
    zone_name: str
    purpose: str
    entries: Sequence[BookEntry]
    language: str = "en"
