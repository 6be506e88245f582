"""Text made plain enough for patterns over ASCII: one character for each, so that every place stays what it was.

The browser does the same in `static/js/identifying.js`; a pattern that knows only ASCII reads alike in both.
"""

import re
import unicodedata

_DASHES_BETWEEN_WORDS = "\u2014\u2015"
_APOSTROPHES = "\u2018\u2019\u02bc\u2032"
_OTHER_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ",
}  # fmt: skip
_ACCENTS: dict[int, None] = dict.fromkeys(range(0x300, 0x370))
_WORD_CATEGORIES = "LMN"


def without_accents(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_ACCENTS)


def is_letter(character: str) -> bool:
    """True for a letter of any script, and for a mark that stands on one."""
    return unicodedata.category(character)[0] in "LM"


def folded(character: str) -> str:
    """`character` as it is compared: small, without accents; no letter at all for an accent typed on its own."""
    small = without_accents(character).lower()
    return _OTHER_LETTERS.get(small, small)


def _plain_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES_BETWEEN_WORDS:
        return " "
    if unicodedata.category(character) == "Pd" or character == "\u2212":
        return "-"
    simple = without_accents(character)
    if len(simple) == 1 and simple.isascii():
        return simple
    if unicodedata.category(character)[0] not in _WORD_CATEGORIES or re.match("[0-9]", simple):
        return " "
    return simple[0] if simple and simple[0].isascii() else "\u00ff"


def plain(text: str) -> str:
    """`text` in ASCII: full-width digits, odd spaces, dashes and accents made simple, other signs a space.

    A letter that has no such form becomes “ÿ”, which the patterns know as the letter of another script.
    """
    return text.translate({ord(one): _plain_character(one) for one in set(text) if not one.isascii()})
