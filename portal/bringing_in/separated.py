"""CSV as programs write it: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.utils.translation import gettext as _

from portal.bringing_in.columns import Sheet, key_of
from portal.bringing_in.rows import Line, NotATable, Opened

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 131_072
PIECE = 1 << 16
WINDOWS = "cp1252"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NO_TEXT = b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"OggS", b"ID3"


def examine(file: IO[bytes]) -> None:
    """Raises NotATable for what cannot be text."""
    start = file.read(8)
    file.seek(0)
    if start.startswith(NO_TEXT):
        raise NotATable(_("This is not a table. Send it as Excel (.xlsx) or CSV."))
    encoding_of(file)


@contextmanager
def opened(file: IO[bytes], sheet: Sheet) -> Iterator[Opened]:
    encoding = encoding_of(file)
    total = _count_lines(file)
    with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        separator, skipped = _separator_of(text, sheet)
        lines = _lines(text, separator, skipped)
        yield Opened(lines, total, letters="Windows-1252" if encoding == WINDOWS else "")


def encoding_of(file: IO[bytes]) -> str:
    """The encoding by its mark, else UTF-8 where it is right throughout, else Windows-1252. Raises NotATable."""
    start = file.read(4)
    file.seek(0)
    marked = next((name for mark, name in MARKS if start.startswith(mark)), "")
    zeros = [place % 2 for place, byte in enumerate(_first(file)) if byte == 0]
    if not marked and len(zeros) > 8:
        marked = "utf-16-le" if sum(zeros) * 2 > len(zeros) else "utf-16-be"
    for encoding in [marked] if marked else ["utf-8", WINDOWS]:
        if _reads_as(file, encoding):
            return encoding
    raise NotATable(_("The letters of this file cannot be read. Save it as “CSV UTF-8”, or as Excel (.xlsx)."))


def _first(file: IO[bytes]) -> bytes:
    start = file.read(4096)
    file.seek(0)
    return start


def _reads_as(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _count_lines(file: IO[bytes]) -> int:
    count = 0
    while piece := file.read(PIECE):
        count += piece.count(b"\n")
    file.seek(0)
    return count


def _separator_of(text: IO[str], sheet: Sheet) -> tuple[str, int]:
    """The separator with which most heads are known, and how many rows stand before the head.

    Excel writes “sep=;” into the first line where it is not a comma.
    """
    said = text.readline(64)
    declared = said.strip().removeprefix("sep=") if said.startswith("sep=") else ""
    if declared in SEPARATORS:
        return declared, 1
    start = said + text.read(8192)
    text.seek(0)
    return max(SEPARATORS, key=lambda separator: _known_heads(start, separator, sheet)), 0


def _known_heads(start: str, separator: str, sheet: Sheet) -> tuple[int, int]:
    for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
        if any(cell.strip() for cell in row):
            return sum(key_of(cell) in sheet.heads for cell in row), len(row)
    return 0, 0


def _lines(text: IO[str], separator: str, skipped: int) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    reader: Any = csv.reader(text, delimiter=separator, strict=True)
    number = skipped
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            text_of_it = _(
                "From row %(row)s on the file cannot be read: a quotation mark opens there and does not close."
            )
            raise NotATable(text_of_it % {"row": number}) from error
        yield Line(number, values)
