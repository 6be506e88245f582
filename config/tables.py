"""Tables people take away, as CSV or XLSX. No cell can run in a spreadsheet.

A text that begins with = + - @, a tab or a carriage return is a formula to Excel and LibreOffice (OWASP, CSV
injection). In XLSX every text is typed as text; in CSV it gets an apostrophe in front, as OWASP advises.
"""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any, BinaryIO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMATS = ("csv", "xlsx")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full-width signs, too
NOT_IN_XML = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ufffe\uffff]")  # XML 1.0, 2.2
MAX_CELL = 32_767  # letters in one cell of XLSX
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = Sequence[Any]


def response(rows: Iterable[Row], *, heads: Sequence[str], name: str, kind: str) -> HttpResponseBase:
    """`rows` under `heads` as a file called `name`; `kind` is one of FORMATS. Rows may come one by one."""
    filename = f"{slug_of(name)}.{kind}"
    if kind == "xlsx":
        return FileResponse(xlsx(rows, heads=heads), as_attachment=True, filename=filename, content_type=XLSX_TYPE)
    answer = StreamingHttpResponse(csv_lines(rows, heads=heads), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def slug_of(name: str) -> str:
    """What a file of this name is called, in letters that every system knows."""
    return slugify(name) or "table"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Row], *, heads: Sequence[str]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with the mark by which Excel knows it."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"
    for row in chain([heads], rows):
        yield writer.writerow([inert(cell) for cell in row]).encode()


def inert(cell: Any) -> str:
    """A cell of CSV: dates as 2027-03-01, times of day as 14:00, and nothing that runs."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, int | float):
        return str(cell)
    text = str(cell).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


@dataclass(frozen=True)
class Worksheet:
    """One sheet of a workbook; `widths` are of its columns, in letters."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Row]
    widths: Sequence[int] = ()


def xlsx(rows: Iterable[Row], *, heads: Sequence[str]) -> BinaryIO:
    """A workbook of one sheet, written row by row; the file goes when it is closed."""
    return workbook([Worksheet("Sheet", heads, rows)])


def workbook(sheets: Iterable[Worksheet]) -> BinaryIO:
    """A workbook, written row by row; the file goes when it is closed."""
    book = Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(one.title)
        sheet.freeze_panes = "A2"
        for number, width in enumerate(one.widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_typed(sheet, head, bold=True) for head in one.heads])
        for row in one.rows:
            sheet.append([_typed(sheet, cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    book.save(file)
    file.seek(0)
    return file


def _typed(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """Numbers, days and times as such; whatever else as text that no spreadsheet reads as a formula."""
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)  # XLSX knows no zones; the heading names it
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value is not None and not isinstance(value, int | float | date | time):
        value = NOT_IN_XML.sub("", str(value))[:MAX_CELL]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
