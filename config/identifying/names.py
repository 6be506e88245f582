"""Names that a pair listed, found in their text: their partners' and their own people's.

A listed name counts whole and by its parts: “Desmond Achebe” is found as “Desmond”, as “Achebe”, as “DESMOND’S”. Parts
of fewer than three letters, titles (“Dr”) and words for relations (“my sister Grace”) say nothing alone. A name that is
also an everyday word (“Will”, “May”, “Hope”), or has two letters only, counts where it is written as a name: with a
capital and small letters, not first in its sentence, and, if it is a month, not where a month stands (“in May”,
“3 May”).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from config.identifying.kinds import Kind
from config.identifying.plain import folded, is_letter

_EVERYDAY_WORDS = """
ace amber an angel april art august autumn baker bay bell bill black bless blue bond booth brook brown buck bush
butler carol cash chance charity christian clay cliff close constant cook cooper crystal dale dawn dean do dot drew
earl early earnest eve faith fern field fisher flora ford forest frank gene ginger glen good grace grant gray green
guy hall harmony haven hazel heath heather heaven hill holly hope hunt iris ivy jade jay jewel joy june keen kid
king kit lake lance lane law lily long love major march mark marsh mason may mead melody mercy merry mile miles
mills misty moor more moss nick noble north novel olive page park pat patience pearl penny piper poppy potter price
pride prudence ray read rich rick rob robin rock rose rowan ruby rush rusty sage sandy scarlet sharp short sky skye
sonny south spring stone storm street strong sue summer sunny swift tad temple troy tuck vale van victor violet wade
walker ward warren waters way weaver well wells west white will wills win winter wise wood woods worth york young
"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
_NEVER_ALONE_WORDS = """
and aunt auntie baby bin boss boy brother carer child colleague cousin dad dame daughter del den der doctor dr
father friend from girl gran grandad grandma grandson her his husband ibn lady lord manager miss mother mr mrs ms
mum mummy mx nan neighbour nephew niece nurse our partner patient prof professor rev reverend sir sister son the
their uncle von wife with
"""
NEVER_ALONE = frozenset(_NEVER_ALONE_WORDS.split())
_MONTHS = frozenset({"april", "august", "june", "march", "may"})
_BEFORE_MONTHS_WORDS = """
in of by since until till last next this every from to early late mid during before after and or through
"""
_BEFORE_MONTHS = frozenset(_BEFORE_MONTHS_WORDS.split())
_FEWEST_LETTERS = 3
_MOST_PARTS = 6
_BETWEEN = re.compile(r"[ .'\u2019-]{1,2}|\r?\n")
_ENDS_SENTENCE = ".!?:\n\r"
_PASSED_OVER = " \t\"'\u2018\u2019\u201c\u201d([*_>-\u2013\u2022"


class _Word(NamedTuple):
    start: int
    end: int
    folded: str


def _words(text: str) -> list[_Word]:
    """Runs of letters, folded for comparison."""
    words: list[_Word] = []
    same = {one: (is_letter(one), folded(one)) for one in set(text)}
    start = 0
    letters: list[str] = []
    for place, character in enumerate(f"{text} "):
        is_part, as_compared = same.get(character, (False, ""))
        if is_part:
            start = start if letters else place
            letters.append(as_compared)
        elif letters:
            words.append(_Word(start, place, "".join(letters)))
            letters = []
    return words


def _wanted(names: Sequence[str]) -> dict[str, set[tuple[str, ...]]]:
    """What to look for, by its first word: whole names, their parts, and double names written as one."""
    wanted: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        whole = tuple(word.folded for word in _words(name))[:_MOST_PARTS]
        doubles = [tuple(word.folded for word in _words(part)) for part in name.split()]
        parts = {*whole, *("".join(double) for double in doubles)} - NEVER_ALONE
        alone = {(part,) for part in parts if len(part) >= _FEWEST_LETTERS}
        for sequence in {whole, *alone, *(double for double in doubles if 1 < len(double) <= _MOST_PARTS)}:
            if len("".join(sequence)) > 1:
                wanted.setdefault(sequence[0], set()).add(sequence)
    return wanted


def _begins_sentence(text: str, place: int) -> bool:
    while place and text[place - 1] in _PASSED_OVER:
        place -= 1
    return not place or text[place - 1] in _ENDS_SENTENCE


def _has_capital(text: str, word: _Word) -> bool:
    """“Will”, not “will” and not “WILL”."""
    written = text[word.start : word.end]
    return written[0].isupper() and not written[1:2].isupper()


def _is_month(text: str, words: list[_Word], at: int) -> bool:
    word = words[at]
    around = text[max(0, word.start - 5) : word.start] + text[word.end : word.end + 3]
    return word.folded in _MONTHS and (
        any(one in "0123456789" for one in around) or (at > 0 and words[at - 1].folded in _BEFORE_MONTHS)
    )


def _is_meant(text: str, words: list[_Word], at: int, length: int) -> bool:
    """Whether words that could be everyday ones are written as a name."""
    taken = words[at : at + length]
    if any(word.folded not in EVERYDAY and len(word.folded) >= _FEWEST_LETTERS for word in taken):
        return True
    if length > 1:
        return all(_has_capital(text, word) for word in taken)
    return (
        _has_capital(text, taken[0]) and not _begins_sentence(text, taken[0].start) and not _is_month(text, words, at)
    )


def _stands(text: str, words: list[_Word], at: int, sequence: tuple[str, ...]) -> bool:
    taken = words[at : at + len(sequence)]
    return (
        tuple(word.folded for word in taken) == sequence
        and all(_BETWEEN.fullmatch(text[one.end : min(two.start, one.end + 3)]) for one, two in pairwise(taken))
        and _is_meant(text, words, at, len(sequence))
    )


def listed_names(text: str, names: Sequence[str]) -> Iterator[tuple[Kind, int, int]]:
    """Where one of `names` stands in `text` (as typed), the longest way of each; the possessive s is left outside."""
    wanted = _wanted(names)
    words = _words(text) if wanted else []
    for at, word in enumerate(words):
        lengths = [len(one) for one in wanted.get(word.folded, ()) if _stands(text, words, at, one)]
        if lengths:
            yield Kind.NAME, word.start, words[at + max(lengths) - 1].end
