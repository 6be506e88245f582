"""What differs between two texts, in words. No ORM, no clock."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

Kind = Literal["same", "gone", "new"]
# Vowel signs, points, accents (category M) and the joiners belong to the letter before them; `\w` leaves them out.
_MARKS = "".join(sign for sign in map(chr, range(0x300, 0x2000)) if unicodedata.category(sign)[0] == "M")
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
_SENTENCE = re.compile(r"[^.!?…。！？।؟\n]*[.!?…。！？।؟\n]+\s*|[^.!?…。！？।؟\n]+")
_WORD = re.compile(rf"\s+|\w[\w{_MARKS}\u200c\u200d]*|[^\w\s]+")
# Coarse to fine, each with the most pieces that are compared: beyond it one text is shown whole after the other, since
# comparing takes the square of it. What both begin and end with does not count.
_LEVELS = ((_PARAGRAPH, 1000), (_SENTENCE, 1000), (_WORD, 600))


@dataclass(frozen=True)
class Part:
    """A run of text that stands in both (`same`), only in the first (`gone`) or only in the second (`new`)."""

    kind: Kind
    text: str


def difference(first: str, second: str) -> list[Part]:
    """The parts of both texts in reading order: paragraphs first, then sentences and words inside those that changed.

    Joined, the parts that are not `new` are `first`, and those that are not `gone` are `second`, letter by letter.
    """
    return list(_joined(_compared(first, second, _LEVELS)))


def _compared(first: str, second: str, levels: Sequence[tuple[re.Pattern[str], int]]) -> Iterator[Part]:
    if not levels:
        yield from _replaced(first, second)
        return
    (pattern, most), *finer = levels
    pieces, others = pattern.findall(first), pattern.findall(second)
    start = _alike(pieces, others)
    end = _alike(pieces[start:][::-1], others[start:][::-1])
    yield Part("same", "".join(pieces[:start]))
    yield from _between(pieces[start : len(pieces) - end], others[start : len(others) - end], most, finer)
    yield Part("same", "".join(pieces[len(pieces) - end :]))


def _between(
    first: Sequence[str], second: Sequence[str], most: int, finer: Sequence[tuple[re.Pattern[str], int]]
) -> Iterator[Part]:
    if max(len(first), len(second)) > most:
        yield from _replaced("".join(first), "".join(second))
        return
    for verb, a, b, c, d in SequenceMatcher(None, first, second).get_opcodes():
        if verb == "equal":
            yield Part("same", "".join(first[a:b]))
        else:
            yield from _compared("".join(first[a:b]), "".join(second[c:d]), finer)


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many pieces both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return sum(1 for _pair in same)


def _replaced(first: str, second: str) -> Iterator[Part]:
    yield Part("gone", first)
    yield Part("new", second)


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
