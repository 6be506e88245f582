"""Dates of birth: dates beside a word such as "born", and whole dates so long ago that an adult was born then."""

import re
from collections.abc import Iterator

from config.identifying.kinds import Kind

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_START, _END = r"(?<![A-Za-z0-9_/.ÿ-])", r"(?![A-Za-z0-9_/ÿ-])(?!\.[0-9])"
_YEAR = r"((?:19|20)?[0-9]{2})"
# Groups: day, separator, month, year. The months of the second and third are words.
_NUMBERS = re.compile(rf"{_START}([0-9]{{1,2}})( ?[/.-] ?| )([0-9]{{1,2}})\2{_YEAR}{_END}", re.ASCII)
_BY_YEAR = re.compile(rf"{_START}((?:19|20)[0-9]{{2}})([/.-])([0-9]{{1,2}})\2([0-9]{{1,2}}){_END}", re.ASCII)
_DAY_FIRST = re.compile(
    rf"{_START}{_DAY}[ /.-]{{0,2}}(?:of )?(?:{_MONTH})[ /.,-]{{1,3}}{_YEAR}{_END}", re.ASCII | re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"{_START}(?:{_MONTH})\.? (?:the )?{_DAY},? {{1,2}}((?:19|20)[0-9]{{2}}){_END}", re.ASCII | re.IGNORECASE
)
_BORN = re.compile(
    r"(?<![A-Za-z0-9_])(?:born|date of birth|birth ?date|birthdays?|d\.? ?o\.? ?b)(?![A-Za-z0-9_])",
    re.ASCII | re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"(?<![A-Za-z0-9_])(?:accessed|act|began|founded|launched|opened|published|qualified|retrieved|started)(?![A-Za-z0-9_])",
    re.ASCII | re.IGNORECASE,
)
_UNIT = re.compile(r" ?(?:mg|mcg|microgram|ml|mmol|g|kg|units?|%|per cent)(?![A-Za-z0-9_])", re.ASCII | re.IGNORECASE)
_NEARBY = 30
_ADULT_YEARS = 16


def _whole(year: str, this_year: int) -> int:
    number = int(year)
    if number > 99:
        return number
    return number + (1900 if number > this_year % 100 else 2000)


def _can_be(first: str, second: str) -> bool:
    """True for a day and a month, in either order."""
    low, high = sorted((int(first), int(second)))
    return 1 <= low <= 12 and high <= 31


def _dates(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Start, end, year as written, and whether the form alone says that it is a date."""
    for match in _NUMBERS.finditer(text):
        if _can_be(match[1], match[3]):
            clear = (match[2] == "/" or (len(match[4]) == 4 and match[2] != " ")) and not _UNIT.match(
                text[match.end() : match.end() + 16]
            )
            yield *match.span(), match[4], clear
    for match in _BY_YEAR.finditer(text):
        if _can_be(match[3], match[4]):
            yield *match.span(), match[1], True
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            yield *match.span(), match[1], True


def birth_dates(text: str, this_year: int) -> Iterator[tuple[Kind, int, int]]:
    """Dates of birth in plain text. A date said to be when something opened or was published is not one."""
    for start, end, year, clear in _dates(text):
        before, after = text[max(0, start - _NEARBY) : start], text[end : end + _NEARBY]
        is_old = clear and _whole(year, this_year) <= this_year - _ADULT_YEARS and not _OF_SOMETHING_ELSE.search(before)
        if is_old or _BORN.search(before) or _BORN.search(after):
            yield Kind.BIRTH_DATE, start, end
