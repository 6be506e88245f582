"""What stands in one cell, as a value or as a sentence that says how to put it right. No ORM, no clock."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from accounts.addresses import as_mailed
from cohorts.dates import YEARS, NotADate, date_of
from config import tables

Reader = Callable[[Any], Any]

CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?::00)?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)
DAY_IN_NUMBERS = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})")
DAY_IN_WORDS = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-]+(?P<month>[a-z]{3,9})\.?,?[\s\-]+(?P<year>\d{4})"
)
BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
SURE_DIGITS = 10**15  # a spreadsheet keeps fifteen digits of a number

_is_email, _is_link = EmailValidator(), URLValidator(schemes=["http", "https"])


class Wrong(ValueError):
    """What is wrong with a cell, in words that say how to put it right."""


class Formula(str):
    """A cell that is worked out by the spreadsheet, as it is written there."""


def text(most: int, *, lines: bool = False) -> Reader:
    """Words of up to `most` letters; `lines` keeps the line breaks."""

    def read(value: Any) -> str:
        words = _words(value, lines=lines)
        if len(words) > most:
            raise Wrong(
                _("It has %(has)s letters. Shorten it to %(most)s at most.") % {"has": len(words), "most": most}
            )
        return words

    return read


def email(value: Any) -> str:
    """An address as mail knows it."""
    address = _words(value)
    try:
        _is_email(address)
        return as_mailed(address)
    except (ValidationError, ValueError) as error:
        raise Wrong(_("This is not an email address. Enter one, such as name@example.org.")) from error


def link(value: Any) -> str:
    address = _words(value)
    try:
        _is_link(address)
    except ValidationError as error:
        raise Wrong(_("Enter a web address that starts with https://")) from error
    if len(address) > 500:
        raise Wrong(_("A web address has 500 letters at most."))
    return address


def day(value: Any) -> date:
    """A real date, or one written as 14/9/2027, 2027-09-14 or 14 September 2027: the day first, the year in full."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise Wrong(_("There is a time in this cell, too. Put it into the column Starts."))
        value = value.date()
    if isinstance(value, date):
        return _within_years(value)
    if isinstance(value, bool | int | float | time | timedelta):
        raise Wrong(_("This is a number, not a date. Format the cell as a date, or write it as 14/9/2027."))
    written = _words(value)
    try:
        is_iso = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written)
        return _within_years(date.fromisoformat(written) if is_iso else _day_of(written))
    except ValueError as error:
        raise Wrong(_("Enter a real date with the day first and the year in full, such as 14/9/2027.")) from error


def could_be_month_first(value: Any) -> bool:
    """Whether a date was written so that somebody could take its day for its month: 3/4/2026."""
    found = DAY_IN_NUMBERS.fullmatch(value.strip()) if isinstance(value, str) else None
    return found is not None and int(found["day"]) <= 12 and found["day"].lstrip("0") != found["month"].lstrip("0")


def clock(value: Any) -> time:
    """A time of day: a real one, or written as 14:00, 14.00 or 2pm."""
    if isinstance(value, datetime):
        value = value.time() if value.year < 1905 else None
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(days=1):
        value = (datetime(1900, 1, 1, tzinfo=UTC) + value).time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = CLOCK.fullmatch(_words(value)) if isinstance(value, str) else None
    try:
        if found is None or not (found["minute"] or found["half"]):
            raise ValueError
        return _time_of(int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()[:1])
    except ValueError as error:
        raise Wrong(_("Enter a time of day, such as 14:00 or 2pm.")) from error


def minutes(value: Any) -> int:
    """A whole number from 5 to 1,440."""
    if isinstance(value, str):
        written = _words(value)
        value = int(written) if re.fullmatch(r"[0-9]{1,6}", written) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1:
        raise Wrong(_("Enter how many minutes it takes as a whole number, such as 90."))
    if not 5 <= value <= 24 * 60:
        raise Wrong(_("Enter a number of minutes from 5 to 1,440, which is one day."))
    return int(value)


def is_empty(value: Any) -> bool:
    return value is None or (
        isinstance(value, str) and not isinstance(value, Formula) and not value.strip(" \t\r\n\x00")
    )


def shown(value: Any, most: int = 80) -> str:
    """A cell in a line about it: short, on one line, with what cannot be seen made visible."""
    if isinstance(value, datetime):
        value = value.strftime("%-d %B %Y, %H:%M")
    seen = "".join("·" if unicodedata.category(letter) == "Cc" else letter for letter in str(value))
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"


def _words(value: Any, *, lines: bool = False) -> str:
    """The words of a cell. Raises Wrong for what no person meant: formulas, dates made of words, garbled letters."""
    if isinstance(value, Formula):
        raise Wrong(_("There is a formula in this cell. Put its result there: copy the cell, and paste values only."))
    if isinstance(value, date | time | timedelta):
        raise Wrong(_("The spreadsheet has made a date or a time of this. Format the cell as text and enter it again."))
    if isinstance(value, bool | int | float):
        return _digits(value)
    written = str(value).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if written.lstrip().startswith("="):
        raise Wrong(_("It begins with =, as a formula does. Take the = away."))
    if written.startswith("'") and written[1:].lstrip(" ").startswith(tables.DANGEROUS):
        written = written[1:]  # as we write such a cell when a table is taken away
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in written):
        raise Wrong(_("There are characters in it that nobody can see. Enter it again by hand."))
    if is_garbled(written):
        raise Wrong(
            _("The letters are garbled, as if a file had been read the wrong way. Save it as “CSV UTF-8” anew.")
        )
    return written.strip() if lines else " ".join(written.split())


def _digits(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if abs(value) >= SURE_DIGITS:
        raise Wrong(_("The spreadsheet keeps only 15 digits of a number. Format the cell as text and enter it again."))
    return str(value) if value % 1 else str(int(value))


def is_garbled(written: str) -> bool:
    """Whether letters were lost, or UTF-8 was read as Windows-1252 and saved: “JosÃ©” for “José”."""
    if written.isascii():
        return False
    if "\ufffd" in written:
        return True
    found = "".join(_decoded(run) for run in BEYOND_ASCII.findall(written))
    # One Chinese character may come of é and two quotation marks; Latin letters, dashes and emoji do not by chance.
    return len(found) > 1 or any(not ("\u0250" <= one < "\u2000" or "\u2c00" <= one <= "\uffff") for one in found)


def _decoded(run: str) -> str:
    """What a run of letters says when its Windows-1252 bytes are UTF-8 after all; nothing when they are not."""
    try:
        return run.encode("cp1252").decode()
    except ValueError:
        return ""


def _day_of(written: str) -> date:
    found = DAY_IN_NUMBERS.fullmatch(written) or DAY_IN_WORDS.fullmatch(written.lower())
    if found is None:
        raise NotADate
    return date_of(found["day"], found["month"], found["year"])


def _within_years(found: date) -> date:
    if found.year not in YEARS:
        raise Wrong(_("Enter a year from 1900 to 2200."))
    return found


def _time_of(hour: int, minute: int, half: str) -> time:
    if half and not 1 <= hour <= 12:
        raise ValueError
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)
