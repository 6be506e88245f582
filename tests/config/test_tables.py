"""What is taken away runs in no spreadsheet, and says what it said on the page."""

import csv
import io
import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from config import tables

NAUGHTY = json.loads((Path(__file__).parent / "naughty_cells.json").read_text())
HEADS = ["Name", "Day", "At", "Number", "When", "Yes"]


def as_csv(rows: list[Any], heads: list[str]) -> list[list[str]]:
    text = b"".join(tables.csv_lines(rows, heads=heads)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def as_xlsx(rows: list[Any], heads: list[str]) -> Any:
    with tables.xlsx(rows, heads=heads) as file:
        return load_workbook(io.BytesIO(file.read())).active


@pytest.mark.parametrize("cell", NAUGHTY)
def test_no_cell_is_a_formula(cell: str) -> None:
    (_heads, [in_csv]) = as_csv([[cell]], ["x"])
    assert not in_csv.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.replace("\x00", "") in in_csv
    in_xlsx = as_xlsx([[cell]], ["x"])["A2"]
    assert in_xlsx.data_type != "f"


def test_numbers_days_and_times_stay_what_they_are() -> None:
    row = ["Ada", date(2027, 3, 1), time(14, 0), -3, datetime(2027, 3, 1, 14, 5, tzinfo=UTC), True]
    assert as_csv([row], HEADS) == [HEADS, ["Ada", "2027-03-01", "14:00", "-3", "2027-03-01 14:05", "yes"]]
    cells = [str(cell.value) for cell in as_xlsx([row], HEADS)[2]]
    assert cells == ["Ada", "2027-03-01 00:00:00", "14:00:00", "-3", "2027-03-01 14:05:00", "yes"]


def test_rows_are_asked_for_one_by_one() -> None:
    asked = []

    def endless() -> Any:
        for number in range(10**9):
            asked.append(number)
            yield [number]

    lines = tables.csv_lines(endless(), heads=["n"])
    for _line in range(5):
        next(lines)
    assert len(asked) < 10


def test_names_of_every_kind_arrive_whole() -> None:
    name = "‮شريكة‬ 👩🏽‍🦽 " + "x" * 200 + ', "quoted"\nand a line'
    assert as_csv([[name]], ["x"])[1] == [name]
    assert as_xlsx([[name]], ["x"])["A2"].value == name
