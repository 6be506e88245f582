"""XLSX, read row by row. What a spreadsheet hides or works out is said, and limits hold before it is unpacked."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.bringing_in.cells import Formula
from portal.bringing_in.columns import Sheet
from portal.bringing_in.rows import Line, NotATable, Opened

MOST_UNPACKED = 200 * 1024 * 1024
MOST_TIMES_SMALLER = 200  # what a spreadsheet packs shrinks by ten to forty; a bomb by a thousand
MOST_PARTS = 500
MOST_COLUMNS = 60
MOST_LINES = 200_000
PIECE = 1 << 20
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)"')
HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"')
# All that a damaged package, or one with a password, makes its readers raise.
BROKEN = (
    BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    OSError,
)


def examine(package: ZipFile) -> None:
    """Raises NotATable for what is no workbook, holds macros, or is larger inside than it may be."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and b"opendocument" in package.read("mimetype")[:80]:
        raise NotATable(_("This is an OpenDocument file (.ods). Save it as “Excel workbook (.xlsx)” or as CSV."))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise NotATable(_("There are macros in this workbook (.xlsm). Save it as “Excel workbook (.xlsx)”."))
    if any(name.endswith(".bin") and name.startswith("xl/worksheets/sheet") for name in names):
        raise NotATable(_("This is a binary workbook (.xlsb). Save it as “Excel workbook (.xlsx)”."))
    if "xl/workbook.xml" not in names:
        raise NotATable(_("This is not a workbook. Send the table as Excel (.xlsx) or CSV."))
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    is_bomb = unpacked > 5 * PIECE and unpacked > MOST_TIMES_SMALLER * max(packed, 1)
    if unpacked > MOST_UNPACKED or is_bomb or len(parts) > MOST_PARTS:
        raise NotATable(
            _("This workbook is far larger inside than it looks. Copy the rows into a new one, and send that.")
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares(package, part.filename):
            raise NotATable(_("This workbook was not made by a spreadsheet. Save it there once more, and send that."))


def _declares(package: ZipFile, name: str) -> bool:
    """Whether a part begins with a document type, from which entities could grow; no spreadsheet writes one."""
    with package.open(name) as part:
        return b"<!DOCTYPE" in part.read(4096).replace(b"\x00", b"")


@contextmanager
def opened(file: IO[bytes], sheet: Sheet) -> Iterator[Opened]:
    """The sheet that is called as ours, else the first one with something in it. Raises NotATable."""
    with _damage_is_told():
        book = load_workbook(file, read_only=True, keep_links=False)
    try:
        named = [one for one in book.worksheets if one.title.strip().casefold() == str(sheet.title).casefold()]
        if not book.worksheets:
            raise NotATable(_("There is no sheet with rows in this workbook."))
        chosen = (named or book.worksheets)[0]
        said = []
        if len(book.worksheets) > 1 and not named:
            said.append(_("Only the first sheet was read: “%(name)s”.") % {"name": chosen.title})
        with _damage_is_told():
            merged, hidden = _kept_from_sight(file, chosen)
        if merged:
            text = _("Some cells are merged, for example %(cells)s. Undo that, so that each row has cells of its own.")
            raise NotATable(text % {"cells": ", ".join(merged[:3])})
        if hidden:
            text = ngettext(
                "%(n)s row is hidden in the file. It was read as well.",
                "%(n)s rows are hidden in the file. They were read as well.",
                hidden,
            )
            said.append(text % {"n": hidden})
        yield Opened(_lines(chosen), min(chosen.max_row or 0, MOST_LINES), said)
    finally:
        book.close()


def _kept_from_sight(file: IO[bytes], chosen: Any) -> tuple[list[str], int]:
    """The merged cells of a sheet, and how many of its rows are hidden: openpyxl, reading row by row, tells neither.

    Read piece by piece; the end of one is put before the next, for a mark that is cut in two.
    """
    merged: dict[str, None] = {}
    hidden, rest = 0, b""
    with ZipFile(file) as package, package.open(chosen._worksheet_path) as part:
        while piece := part.read(PIECE):
            window = rest + piece
            cut = max(window.rfind(b">") + 1, len(window) - 4096)
            seen, rest = window[:cut], window[cut:]
            hidden += len(HIDDEN.findall(seen))
            merged |= dict.fromkeys(found.decode() for found in MERGED.findall(seen))
    return list(merged), hidden


def _lines(chosen: Any) -> Iterator[Line]:
    with _damage_is_told():
        filled = 0  # a format far down makes many rows that hold nothing
        for number, row in enumerate(chosen.iter_rows(max_col=MOST_COLUMNS), start=1):
            values = [_value(cell) for cell in row]
            if all(value in (None, "") for value in values):
                continue
            filled += 1
            if filled > MOST_LINES:
                raise NotATable(_("There are more than 200,000 rows. Send the table in parts."))
            yield Line(number, values)


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(getattr(cell.value, "text", None) or str(cell.value))
    if cell.data_type == "e":
        return Formula(str(cell.value))
    return cell.value


@contextmanager
def _damage_is_told() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise NotATable(damaged()) from error


def damaged() -> str:
    return _(
        "The file is damaged or has a password, and cannot be opened. Save it once more without one, and send that."
    )
