"""NHS numbers and telephone numbers among all the other numbers of a text.

A number is a few groups of digits. Each candidate is one to six neighbouring groups, so the work for a group is bounded
and the whole is linear. Ranges: NHS Data Dictionary, "NHS NUMBER"; Ofcom's National Telephone Numbering Plan.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from config.identifying.kinds import Kind

_DIGITS = re.compile(r"[0-9]+")
_GAP = re.compile(r"[ ().-]{0,3}")
_OPENING = re.compile(r"\(?\+?\(?\Z")
_BEFORE = re.compile(r"[A-Za-z0-9_/.=&%ÿ-]\Z")
_AFTER = re.compile(r"[A-Za-z0-9_/ÿ]|[.-][0-9]")
_MOST_GROUPS = 6
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15

# As people write ten digits; other groupings are taken for an NHS number only beside the words.
_NHS_SHAPES = {(10,), (3, 3, 4), (3, 7), (6, 4)}
_NHS_WORD = r"(?<![A-Za-z0-9_])(?:nhs|chi|h ?& ?c|hcn)(?![A-Za-z0-9_])"
_NHS_NUMBER_WORD = r"[ .-]{0,3}(?:num|nr|(?:no|id|is)(?![A-Za-z0-9_])|[#:(=])"
_NHS_BEFORE = re.compile(rf"{_NHS_WORD}(?:{_NHS_NUMBER_WORD}|[ .-]{{0,3}}\Z)", re.IGNORECASE | re.ASCII)
_NHS_AFTER = re.compile(rf"{_NHS_WORD}{_NHS_NUMBER_WORD}", re.IGNORECASE | re.ASCII)
_NEARBY = 30

_UK_PHONE = re.compile(r"0[1-357-9][0-9]{9}|0[58]00[0-9]{6}|(?:00)?440?[1-9][0-9]{8,9}")
_LIBRARY = re.compile(
    r"(?<![A-Za-z0-9_])(?:isbns?|issn|ean|pmids?|pubmed|pmc|doi|orcid|isrctn|nct)(?![A-Za-z_])",
    re.IGNORECASE | re.ASCII,
)
_LIBRARY_NEARBY = 40
_REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_])(?:ref|refs|reference|grant|award|order|invoice|account|acct|charity|policy|serial|barcode|ticket)"
    r"(?: (?:number|code|no|id))?(?: is| was)?[ .:#(-]{0,3}\Z",
    re.IGNORECASE | re.ASCII,
)
_REFERENCE_NEARBY = 40


class _Group(NamedTuple):
    """A run of digits. `gap` is what stands between it and the run before, None where that is not a separator."""

    start: int
    end: int
    gap: str | None


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last is the modulus 11 check digit (NHS Data Dictionary, "NHS NUMBER").

    ISBN-10 has the same rule, so this alone says little: see `is_from_england` and the words beside the number.
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def is_from_england(digits: str) -> bool:
    """The ranges given out in England, Wales and the Isle of Man, which need no word beside them.

    Scotland's begin with a birth date (CHI, 010 101 000 to 311 299 999) as English books' ISBN-10 begin with 0 or 1;
    Northern Ireland's are 320 000 001 to 399 999 999; test numbers begin with 9.
    """
    return 400_000_000 <= int(digits[:9]) <= 499_999_999 or 600_000_000 <= int(digits[:9]) <= 799_999_999


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    for match in _DIGITS.finditer(text):
        gap = text[groups[-1].end : match.start()] if groups and match.start() - groups[-1].end <= 3 else None
        groups.append(_Group(*match.span(), gap if gap and _GAP.fullmatch(gap) else None))
    return groups


def _opens(text: str, groups: list[_Group], first: int) -> bool:
    """A number may begin at this group: no letter or decimal point before it, and not the inside of an ISBN-13."""
    group = groups[first]
    if group.gap in ("-", ".") or (
        group.gap and text[groups[first - 1].start : groups[first - 1].end] in ("978", "979")
    ):
        return False
    return not _BEFORE.search(text[max(0, _start(text, group) - 1) : _start(text, group)])


def _start(text: str, group: _Group) -> int:
    """Where the number begins that has this group first: at its plus sign or bracket."""
    opening = _OPENING.search(text[max(0, group.start - 3) : group.start])
    return group.start - (len(opening[0]) if opening else 0)


def _kind(text: str, start: int, end: int, sizes: tuple[int, ...], digits: str) -> Kind | None:
    before = text[max(0, start - _NEARBY) : start]
    if is_nhs_number(digits) and (
        (sizes in _NHS_SHAPES and is_from_england(digits))
        or _NHS_BEFORE.search(before)
        or _NHS_AFTER.search(text[end : end + _NEARBY])
    ):
        wanted: Kind | None = Kind.NHS_NUMBER
    elif "+" in text[start : start + 3] or (sizes[0] > 1 and _UK_PHONE.fullmatch(digits)):
        wanted = None if _REFERENCE.search(text[max(0, start - _REFERENCE_NEARBY) : start]) else Kind.PHONE
    else:
        return None
    return None if _LIBRARY.search(text[max(0, start - _LIBRARY_NEARBY) : start]) else wanted


def _longest(text: str, groups: list[_Group], first: int) -> tuple[Kind, int, int, int] | None:
    """Kind, start, end and the number of groups of the longest number that begins at this group."""
    best = None
    digits, sizes = "", tuple[int, ...]()
    start = _start(text, groups[first])
    for taken, group in enumerate(groups[first : first + _MOST_GROUPS], start=1):
        size = group.end - group.start
        if (taken > 1 and group.gap is None) or len(digits) + size > _MOST_DIGITS:
            break
        digits, sizes = digits + text[group.start : group.end], (*sizes, size)
        if len(digits) >= _FEWEST_DIGITS and not _AFTER.match(text[group.end : group.end + 2]):
            kind = _kind(text, start, group.end, sizes, digits)
            best = (kind, start, group.end, taken) if kind else best
    return best


def numbers(text: str) -> Iterator[tuple[Kind, int, int]]:
    """NHS numbers and telephone numbers in plain text, in reading order."""
    groups = _groups(text)
    first = 0
    while first < len(groups):
        found = _longest(text, groups, first) if _opens(text, groups, first) else None
        if found:
            yield found[:3]
        first += found[3] if found else 1
