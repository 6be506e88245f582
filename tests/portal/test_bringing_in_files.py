"""Files as people send them: every kind is read right or refused in words, and nothing is guessed in silence."""

import contextlib
import io
import json
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from portal.bringing_in import cells, reading, starting, workbook
from portal.bringing_in.columns import SHEETS
from portal.bringing_in.rows import NotATable
from tests.portal.bringing import as_csv, as_xlsx, bytes_of, heads, people

NAUGHTY = json.loads((Path(__file__).parent.parent / "config" / "naughty_cells.json").read_text())


class Seen:
    """What was made of a file."""

    def __init__(self, content: bytes, folder: Path, what: str = "people") -> None:
        place = folder / "table"
        place.write_bytes(content)
        with reading.table(place, SHEETS[what]) as table:
            self.head = [(problem.column or problem.value, problem.text) for problem in table.head_problems]
            rows = list(table.rows())
            self.said, self.letters, self.examples = table.opened.said, table.opened.letters, table.examples
        self.values = [row.values for row in rows]
        self.numbers = [row.number for row in rows]
        self.problems = [(found.row, found.column, found.text) for row in rows for found in row.problems]
        self.unsure = [written for row in rows for written in row.unsure_days]

    @property
    def names(self) -> list[str]:
        return [values["name"] for values in self.values]


@pytest.fixture
def seen(tmp_path: Path) -> Any:
    return lambda content, what="people": Seen(content, tmp_path, what)


def refused(content: bytes, folder: Path, what: str = "people") -> str:
    with pytest.raises(NotATable) as why:
        Seen(content, folder, what)
    return str(why.value)


# ---- CSV ----

JOSE = people(["a@in.test", "José 👩🏽‍🦽", "Nurse", "Ward 3, by the sea; “north”"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_encoding_and_separator_is_read_alike(encoding: str, separator: str, seen: Any) -> None:
    if encoding in {"utf-16-le", "utf-16-be"} and separator != ",":
        pytest.skip("once is enough")
    found = seen(as_csv(JOSE, separator=separator, encoding=encoding))
    assert found.values == [
        {
            "email": "a@in.test",
            "name": "José 👩🏽‍🦽",
            "role_title": "Nurse",
            "organisation": "Ward 3, by the sea; “north”",
        }
    ]
    assert found.letters == ""


def test_windows_letters_are_read_and_said_to_be_a_guess(seen: Any) -> None:
    found = seen("Email,Name\na@in.test,José Œuvre\n".encode("cp1252"))
    assert (found.names, found.letters) == (["José Œuvre"], "Windows-1252")


def test_letters_that_no_encoding_knows_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(b"Email,Name\na@in.test,Jos\x81\xe9\n", tmp_path)


@pytest.mark.parametrize("name", ["JosÃ©", "Jos\ufffd", "Oâ€™Brien", "Ada ðŸ˜€", "ÄŒapek"])
def test_garbled_names_are_never_saved(name: str, seen: Any) -> None:
    [(row, column, text)] = seen(as_csv(people(["a@in.test", name, "", ""]))).problems
    assert (row, column) == (2, "Name")
    assert "garbled" in text


@pytest.mark.parametrize(
    "name",
    [
        "José",
        "Zoë Ångström",
        "Łukasz Żak",
        "שלום",
        "شريكة",
        "王小明",
        "Ñandú",
        "O’Brien",
        "“Café”’",
        "Ðóra Þórsdóttir",
        "Nguyễn Thị Ánh",
    ],
)
def test_names_that_are_right_are_not_called_garbled(name: str) -> None:
    assert cells.text(200)(name) == name


def test_excel_says_its_separator_in_the_first_line(seen: Any) -> None:
    found = seen(b"sep=;\r\nEmail;Name\r\na@in.test;Ada\r\n")
    assert (found.names, found.numbers) == (["Ada"], [3])


def test_lines_in_quotes_are_one_row_and_keep_the_sheets_numbers(seen: Any) -> None:
    content = b'Session,Day,Starts,Getting in\nOne,14/9/2027,14:00,"Step-free\nA break"\n\nTwo,15/9/2027,2pm,\n'
    found = seen(content, "sessions")
    assert [values["access_notes"] for values in found.values] == ["Step-free\nA break", ""]
    assert found.numbers == [2, 4]


def test_a_quotation_mark_that_does_not_close_is_said_with_its_row(tmp_path: Path) -> None:
    assert "From row 3 on" in refused(b'Email,Name\na@in.test,Ada\nb@in.test,"Bram\nc@in.test,Cyd\n', tmp_path)


def test_a_cell_beyond_the_last_column_is_a_line_and_not_lost(seen: Any) -> None:
    [(row, _column, text)] = seen(b"Email,Name\na@in.test,Birch, Ada\n").problems
    assert row == 2
    assert "right of the last column" in text


# ---- The first row ----


def test_heads_may_stand_in_any_order_and_any_case(seen: Any) -> None:
    found = seen(b"\n NAME *,organisation,E-MAIL:\nAda,Ward,a@in.test\n")
    assert found.values == [{"name": "Ada", "organisation": "Ward", "email": "a@in.test"}]
    assert found.numbers == [3]


def test_heads_that_are_missing_twice_or_unknown_are_said_each(seen: Any) -> None:
    found = seen(b"Email,Email,Shoe size\na@in.test,b@in.test,41\n")
    assert [what for what, _text in found.head] == ["Email", "Shoe size", "Name"]
    assert "two columns" in found.head[0][1]
    assert "no column of this name" in found.head[1][1]
    assert "missing" in found.head[2][1]


def test_a_table_without_heads_is_told_which_it_needs(seen: Any) -> None:
    assert seen(b"a@in.test,Ada\n").head == [
        ("", "The first row does not name the columns. Put these names there: Email, Name.")
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(content: bytes, tmp_path: Path) -> None:
    assert "empty" in refused(content, tmp_path) or "nothing in the file" in refused(content, tmp_path)


# ---- What is no table ----


def package(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in parts.items():
            into.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table><tr><td>Email", "not a table"),
        (b"{\\rtf1 Email}", "not a table"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not a table"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (package(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"), ".ods"),
        (package(xl__workbook_dot_xml=b"<x/>", xl__vbaProject_dot_bin=b"x"), "macros"),
        (package(word__document_dot_xml=b"<x/>"), "not a workbook"),
        (package(xl__workbook_dot_xml=b"<x/>"), "damaged"),
    ],
)
def test_what_is_no_table_is_told_what_to_send_instead(content: bytes, word: str, tmp_path: Path) -> None:
    assert word in refused(content, tmp_path)


def test_a_workbook_that_was_damaged_on_the_way_is_read_or_refused_in_words(tmp_path: Path) -> None:
    whole = as_xlsx(people(*([f"a{number}@in.test", f"Name {number}", "", ""] for number in range(60))))
    random = Random(4)
    said = []
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(random.choice([1, 30])):
            content[random.randrange(len(content))] = random.randrange(256)
        with contextlib.suppress(NotATable):
            said.append(len(Seen(bytes(content), tmp_path).values))
    assert 0 < len(said) < 100


def test_a_workbook_with_a_password_is_refused_in_words(tmp_path: Path) -> None:
    content = as_xlsx(people(["a@in.test", "Ada", "", ""]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark) + place
        content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
    assert "password" in refused(content, tmp_path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert "20 MB" in refused(b"a" * (reading.MOST_BYTES + 1), tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = package(xl__workbook_dot_xml=b"<x/>", xl__worksheets__sheet1_dot_xml=b" " * (30 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "larger inside" in refused(bomb, tmp_path)


def test_entities_are_refused_before_they_grow(tmp_path: Path) -> None:
    grows = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert "not made by a spreadsheet" in refused(package(xl__workbook_dot_xml=grows), tmp_path)


# ---- XLSX ----


def test_formulas_are_a_line_each_whatever_their_kind(seen: Any) -> None:
    book = Workbook()
    sheet = book.active
    for row in people(["=A1", "Ada", "", ""], ["b@in.test", "=HYPERLINK(A1)", "", ""], ["c@in.test", "Cyd", "", ""]):
        sheet.append(row)
    sheet["C4"] = ArrayFormula("C4:C4", "=SUM(A1:A2)")
    found = seen(bytes_of(book))
    assert [(row, column) for row, column, _text in found.problems] == [(2, "Email"), (3, "Name"), (4, "Role")]
    assert all("formula" in text for _row, _column, text in found.problems)


def test_text_that_begins_as_a_formula_is_a_line_in_csv(seen: Any) -> None:
    found = seen(as_csv(people(["a@in.test", "=cmd|' /C calc'!A0", "", ""], ["b@in.test", "'=1+1", "", ""])))
    assert [(row, column) for row, column, _text in found.problems] == [(2, "Name")]


def test_numbers_in_a_place_for_words_are_the_words_on_screen(seen: Any) -> None:
    found = seen(as_xlsx(people(["a@in.test", 447700900123, 12, 1.5], ["b@in.test", 1234567890123456789, "", ""])))
    assert found.values[0] | {"email": ""} == {
        "email": "",
        "name": "447700900123",
        "role_title": "12",
        "organisation": "1.5",
    }
    assert "15 digits" in found.problems[0][2]


def test_what_a_spreadsheet_took_for_a_date_is_a_line(seen: Any) -> None:
    [(row, column, text)] = seen(as_xlsx(people(["a@in.test", datetime(2026, 4, 3), "", ""]))).problems  # noqa: DTZ001
    assert (row, column) == (2, "Name")
    assert "has made a date" in text


def test_merged_cells_are_refused_and_hidden_rows_are_read_and_said(seen: Any, tmp_path: Path) -> None:
    book = Workbook()
    for row in people(["a@in.test", "Ada", "", ""], ["b@in.test", "Bram", "", ""]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    found = seen(bytes_of(book))
    assert (found.names, found.said) == (["Ada", "Bram"], ["1 row is hidden in the file. It was read as well."])
    book.active.merge_cells("C2:C3")
    assert "C2:C3" in refused(bytes_of(book), tmp_path)


def test_the_sheet_that_is_called_as_ours_is_read_else_the_first(seen: Any) -> None:
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["Email", "Name"])
    book.active.append(["first@in.test", "First"])
    ours = book.create_sheet("people")
    for row in people(["ours@in.test", "Ours", "", ""]):
        ours.append(row)
    assert seen(bytes_of(book)).names == ["Ours"]
    ours.title = "Other"
    found = seen(bytes_of(book))
    assert (found.names, found.said) == (["First"], ["Only the first sheet was read: “Notes”."])


def test_rows_and_columns_far_away_cost_nothing(seen: Any) -> None:
    book = Workbook()
    for row in people(["a@in.test", "Ada", "", ""]):
        book.active.append(row)
    book.active["XFD2"] = "far"
    assert seen(bytes_of(book)).names == ["Ada"]


# ---- Days and times ----


@pytest.mark.parametrize(
    "written",
    [
        "14/9/2027",
        "14.09.2027",
        "14-9-2027",
        "2027-09-14",
        "14 September 2027",
        "Tuesday 14th Sept 2027",
        "14 sep 2027",
    ],
)
def test_days_as_people_write_them(written: str) -> None:
    assert cells.day(written) == date(2027, 9, 14)


@pytest.mark.parametrize(
    "written",
    ["9/14/2027", "14/9/27", "31/2/2027", "soon", 46279, 46279.0, True, time(14), "2027-13-01", "14/9/2027 14:00"],
)
def test_days_that_are_none(written: Any) -> None:
    with pytest.raises(cells.Wrong):
        cells.day(written)


def test_a_real_date_is_one_and_a_time_beside_it_is_refused() -> None:
    assert cells.day(datetime(2027, 9, 14)) == date(2027, 9, 14)  # noqa: DTZ001
    with pytest.raises(cells.Wrong, match="time in this cell"):
        cells.day(datetime(2027, 9, 14, 14, 0))  # noqa: DTZ001


def test_days_that_could_be_read_the_other_way_are_counted(seen: Any) -> None:
    rows = [["A", day, "14:00", "", "", "", ""] for day in ("3/4/2027", "13/4/2027", "4/4/2027", "2027-04-05")]
    found = seen(as_csv([heads("sessions"), *rows]), "sessions")
    assert found.unsure == ["3/4/2027"]
    assert found.values[0]["held_on"] == date(2027, 4, 3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("14:00", time(14)), ("9.30", time(9, 30)), ("2pm", time(14)), ("12 am", time(0)), ("2:15 p.m.", time(14, 15)),
     (time(14, 0), time(14)), (timedelta(hours=14), time(14)), ("14:00:00", time(14))],
)  # fmt: skip
def test_times_as_people_write_them(written: Any, meant: time) -> None:
    assert cells.clock(written) == meant


@pytest.mark.parametrize("written", ["14", "25:00", "13pm", "noon", 0.583, 14, timedelta(days=2), "1400 hours"])
def test_times_that_are_none(written: Any) -> None:
    with pytest.raises(cells.Wrong):
        cells.clock(written)


@pytest.mark.parametrize("written", [4, 1441, "90 min", 1.5, float("inf"), True, "-5", "٩٠"])
def test_minutes_that_are_none(written: Any) -> None:
    with pytest.raises(cells.Wrong):
        cells.minutes(written)


# ---- Letters ----


def test_200_letters_fit_and_201_do_not() -> None:
    assert cells.text(200)("👩" * 200) == "👩" * 200
    with pytest.raises(cells.Wrong, match="201 letters"):
        cells.text(200)("x" * 201)


@pytest.mark.parametrize("letter", ["\x07", "\x1b", "\x85", "\x7f"])
def test_letters_that_nobody_sees_are_refused_and_nul_goes(letter: str) -> None:
    with pytest.raises(cells.Wrong, match="nobody can see"):
        cells.text(200)(f"Ada{letter}")
    assert cells.text(200)("A\x00da") == "Ada"


@pytest.mark.parametrize("cell", NAUGHTY)
def test_every_naughty_cell_is_a_value_or_a_line_and_never_an_error(cell: str) -> None:
    for reader in (cells.text(200), cells.email, cells.link, cells.day, cells.clock, cells.minutes):
        with contextlib.suppress(cells.Wrong):
            reader(cell)
        assert len(cells.shown(cell)) <= 80


# ---- The template ----


@pytest.mark.parametrize("what", SHEETS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_as_it_is_has_its_heads_and_no_row(what: str, kind: str, seen: Any) -> None:
    sheet = SHEETS[what]
    if kind == "csv":
        content = as_csv([starting.heads_of(sheet), starting.example_of(sheet)])
    else:
        with starting.workbook_of(sheet) as file:
            content = file.read()
    found = seen(content, what)
    assert (found.head, found.values, found.examples, found.said) == ([], [], 1, [])


def test_a_table_of_sessions_taken_away_can_be_brought_in(seen: Any) -> None:
    from portal.exports import session_heads

    row = ["One", date(2027, 9, 14), time(14), 60, "Quay", "", "", "Planned"]
    found = seen(as_xlsx([session_heads(None), row]), "sessions")
    assert (found.head, len(found.values), found.problems) == ([], 1, [])


def test_openpyxl_reads_as_we_count_on() -> None:
    """What is read of a sheet by hand is where openpyxl says it is."""
    assert workbook.MERGED.findall(b'<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>') == [b"A1:B2"]
    assert len(workbook.HIDDEN.findall(b'<row r="2" spans="1:2" hidden="1"><c/></row><row r="3"/>')) == 1
