"""What differs between two texts, in words. No ORM, no clock."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Beyond this many words on either side, a changed paragraph is shown whole: comparing takes the square of it.
MOST_WORDS = 600
# Beyond this many paragraphs, one text is shown after the other.
MOST_PARAGRAPHS = 1000

Kind = Literal["same", "gone", "new"]
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
# Vowel signs, points, accents (category M) and the joiners belong to the letter before them; `\w` leaves them out.
_MARKS = "".join(sign for sign in map(chr, range(0x300, 0x2000)) if unicodedata.category(sign)[0] == "M")
_WORD = re.compile(rf"\s+|\w[\w{_MARKS}\u200c\u200d]*|[^\w\s]+")


@dataclass(frozen=True)
class Part:
    """A run of text that stands in both (`same`), only in the first (`gone`) or only in the second (`new`)."""

    kind: Kind
    text: str


def difference(first: str, second: str) -> list[Part]:
    """The parts of both texts in reading order: paragraphs first, then words inside those that changed.

    Joined, the parts that are not `new` are `first`, and those that are not `gone` are `second`, letter by letter.
    """
    return list(_joined(_by_paragraphs(_PARAGRAPH.findall(first), _PARAGRAPH.findall(second))))


def _by_paragraphs(first: Sequence[str], second: Sequence[str]) -> Iterator[Part]:
    if max(len(first), len(second)) > MOST_PARAGRAPHS:
        yield from _replaced(first, second)
        return
    for verb, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if verb == "equal":
            yield Part("same", "".join(first[a:b]))
        else:
            yield from _by_words("".join(first[a:b]), "".join(second[c:d]))


def _by_words(first: str, second: str) -> Iterator[Part]:
    words, others = _WORD.findall(first), _WORD.findall(second)
    if max(len(words), len(others)) > MOST_WORDS:
        yield from _replaced(words, others)
        return
    for verb, a, b, c, d in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if verb == "equal":
            yield Part("same", "".join(words[a:b]))
        else:
            yield from _replaced(words[a:b], others[c:d])


def _replaced(first: Sequence[str], second: Sequence[str]) -> Iterator[Part]:
    yield Part("gone", "".join(first))
    yield Part("new", "".join(second))


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind become one part; empty ones go."""
    last: Part | None = None
    for part in parts:
        if not part.text:
            continue
        if last and last.kind == part.kind:
            last = Part(last.kind, last.text + part.text)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last
