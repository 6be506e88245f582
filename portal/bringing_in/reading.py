"""From a file that somebody sent to rows: what kind it is, how large it may be, which columns it has.

Nothing is believed of a file but its bytes. Limits hold before anything is unpacked.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from django.utils.translation import gettext as _

from portal.bringing_in import cells, separated, workbook
from portal.bringing_in.columns import Column, Sheet, key_of
from portal.bringing_in.rows import Line, NotATable, Opened

MOST_BYTES = 20 * 1024 * 1024
MOST_HEADS = 60

# What else people send, by its first bytes, and what to do with it.
OLD_EXCEL, PDF, RICH, HTML = b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"<"


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, or in a row as a whole, and how to put it right."""

    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True)
class Row:
    """One row with what its cells say; `problems` when some of them say nothing that can be used."""

    number: int
    values: dict[str, Any]
    problems: Sequence[Problem] = ()
    unsure_days: Sequence[str] = ()


@dataclass
class Table:
    """A file that is open: its head is read, its rows come one by one."""

    opened: Opened
    sheet: Sheet
    columns: dict[int, Column] = field(default_factory=dict)
    width: int = 0
    head_problems: list[Problem] = field(default_factory=list)
    examples: int = 0

    def rows(self) -> Iterator[Row]:
        """Every row but empty ones and the template's example. Raises NotATable where the file itself breaks off."""
        for line in self.opened.lines:
            if all(cells.is_empty(value) for value in line.values):
                continue
            row = _row(line, self.columns, self.width)
            if self.sheet.is_example(row.values):
                self.examples += 1
            else:
                yield row


def examine(file: IO[bytes]) -> str:
    """What kind of table a file is, "csv" or "xlsx". Raises NotATable with words for whoever sent something else."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not size:
        raise NotATable(_("The file is empty. Choose it again, or another one."))
    if size > MOST_BYTES:
        raise NotATable(_("The file is larger than 20 MB. Send it in parts."))
    if start.startswith(OLD_EXCEL):
        raise NotATable(
            _("This is an old Excel file (.xls), or one with a password. Save it as “Excel workbook (.xlsx)”.")
        )
    if start.startswith(PDF):
        raise NotATable(_("This is a PDF. Send the table itself, as Excel (.xlsx) or CSV."))
    if start.startswith(RICH) or start.lstrip().startswith(HTML):
        raise NotATable(_("This is a page or a text, not a table. Save it as “Excel workbook (.xlsx)” or as CSV."))
    if start.startswith(b"PK"):
        _examine_package(file)
        return "xlsx"
    separated.examine(file)
    return "csv"


def _examine_package(file: IO[bytes]) -> None:
    try:
        with ZipFile(file) as package:
            workbook.examine(package)
    except workbook.BROKEN as error:
        raise NotATable(workbook.damaged()) from error
    finally:
        file.seek(0)


@contextmanager
def table(path: Path, sheet: Sheet) -> Iterator[Table]:
    """The table in a file, which is closed at the end. Raises NotATable."""
    with path.open("rb") as file:
        kind = examine(file)
        opener = workbook.opened if kind == "xlsx" else separated.opened
        with opener(file, sheet) as opened:
            yield _with_head(Table(opened, sheet))


def _with_head(found: Table) -> Table:
    """Read the first row that is not empty as the heads of the columns."""
    for line in found.opened.lines:
        if not all(cells.is_empty(value) for value in line.values):
            _read_head(found, line)
            return found
    raise NotATable(_("There is nothing in the file. Begin with the template: its first row names the columns."))


def _read_head(found: Table, line: Line) -> None:
    by_key = {column: number for number, column in found.columns.items()}
    for number, head in enumerate(line.values[:MOST_HEADS]):
        if cells.is_empty(head):
            continue
        found.width = number + 1
        column = found.sheet.heads.get(key_of(head))
        if column is None:
            if key_of(head) not in found.sheet.passed_over:
                found.head_problems.append(_unknown(line.number, head, found.sheet))
        elif column in by_key:
            text = _("There are two columns with this name. Take one of them out.")
            found.head_problems.append(Problem(line.number, column.head, cells.shown(head), text))
        else:
            by_key[column] = number
            found.columns[number] = column
    if not found.columns:
        text = _("The first row does not name the columns. Put these names there: %(names)s.")
        names = ", ".join(column.head for column in found.sheet.columns if column.needed)
        found.head_problems = [Problem(line.number, "", "", text % {"names": names})]
        return
    for column in found.sheet.columns:
        if column.needed and column not in by_key:
            text = _("The column “%(name)s” is missing. Add it, with this name in the first row.")
            found.head_problems.append(Problem(line.number, column.head, "", text % {"name": column.head}))


def _unknown(number: int, head: Any, sheet: Sheet) -> Problem:
    names = ", ".join(column.head for column in sheet.columns)
    text = _("There is no column of this name here. Take it out, or give it one of these names: %(names)s.")
    return Problem(number, "", cells.shown(head), text % {"names": names})


def _row(line: Line, columns: dict[int, Column], width: int) -> Row:
    values: dict[str, Any] = {column.name: column.usual for column in columns.values()}
    problems: list[Problem] = []
    unsure: list[str] = []
    for number, column in columns.items():
        value = line.values[number] if number < len(line.values) else None
        if cells.is_empty(value):
            if column.needed:
                problems.append(Problem(line.number, column.head, "", _("This cell is empty, and it is needed.")))
            continue
        try:
            values[column.name] = column.read(value)
        except cells.Wrong as error:
            problems.append(Problem(line.number, column.head, cells.shown(value), str(error)))
        else:
            if column.read is cells.day and cells.could_be_month_first(value):
                unsure.append(str(value).strip())
    if to_the_right := [value for value in line.values[width:] if not cells.is_empty(value)]:
        text = _("There is a cell to the right of the last column. Is a separator or a quotation mark missing?")
        problems.append(Problem(line.number, "", cells.shown(to_the_right[0]), text))
    return Row(line.number, values, problems, unsure)
