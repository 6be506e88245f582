"""Finding what could point to a real person in a text. Pure: no ORM, no clock.

Everything here only asks the writer and tells the moderator; nothing is refused for it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from comments.reasons import Reason

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_NUMBER = re.compile(r"(?<![\w/.-])(?:\+|00)?\(?\d(?:[ ().-]{0,2}\d){8,14}(?![\w/-])")
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
    r" {0,2}\d[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ /.-]{{1,2}}(?:\d{{1,2}}|(?:{_MONTHS})[a-z]*)"
    r"[ /.,-]{1,2}(?P<year>(?:19|20)?\d\d)\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:born|birth|birthday|d\.?o\.?b)\b", re.IGNORECASE)
_NHS_NEARBY = re.compile(r"\b(?:nhs|chi)\b", re.IGNORECASE)
_NEARBY = 30
_ADULT_YEARS = 16


@dataclass(frozen=True)
class Found:
    """One stretch of the text, `text[start:end]`, and what it looks like."""

    reason: Reason
    start: int
    end: int
    text: str


def _plain(text: str) -> str:
    """`text` with full-width digits, odd spaces and dashes made plain, each character still at its place."""
    if text.isascii():
        return text
    letters = []
    for letter in text:
        simple = unicodedata.normalize("NFKC", letter)
        if unicodedata.category(letter) == "Pd" or letter == "\u2212":
            simple = "-"
        elif unicodedata.category(letter) == "Zs":
            simple = " "
        letters.append(simple if len(simple) == 1 else letter)
    return "".join(letters)


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last is the modulus 11 check digit (NHS Data Dictionary, "NHS NUMBER").

    ISBN-10 has the same rule, so this alone says little: see `_numbers` for the ranges.
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def _near(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return bool(pattern.search(text[max(0, start - _NEARBY) : end + _NEARBY]))


def _numbers(text: str) -> Iterator[Found]:
    """NHS numbers (those of England begin with 4, 6 or 7; others need the word beside them) and telephone numbers."""
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_nhs_number(digits) and (digits[0] in "467" or _near(_NHS_NEARBY, text, *match.span())):
            yield Found(Reason.NHS_NUMBER, *match.span(), match[0])
        elif re.fullmatch(r"0[1-357-9]\d{9}|0800\d{6}|(?:00)?440?[1-9]\d{8,9}", digits):
            yield Found(Reason.PHONE, *match.span(), match[0])


def _birth_dates(text: str, this_year: int) -> Iterator[Found]:
    """Dates beside a word such as "born", and dates so long ago that an adult was born then."""
    for match in _DATE.finditer(text):
        year = int(match["year"])
        year += 0 if year > 99 else (1900 if year > this_year % 100 else 2000)
        if year <= this_year - _ADULT_YEARS or _near(_BORN, text, *match.span()):
            yield Found(Reason.BIRTH_DATE, *match.span(), match[0])


def find(text: str, *, this_year: int) -> list[Found]:
    """Everything in `text` that looks like a personal detail, in reading order and without overlaps."""
    plain = _plain(text)
    found = [Found(Reason.EMAIL, *match.span(), match[0]) for match in _EMAIL.finditer(plain)]
    found += _birth_dates(plain, this_year)
    found += _numbers(plain)
    found += [Found(Reason.POSTCODE, *match.span(), match[0]) for match in _POSTCODE.finditer(plain)]
    kept: list[Found] = []
    for detail in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or detail.start >= kept[-1].end:
            kept.append(Found(detail.reason, detail.start, detail.end, text[detail.start : detail.end]))
    return kept
