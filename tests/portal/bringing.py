"""Tables that somebody sends, in few words."""

import csv
import io
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Role, User
from cohorts.models import Cohort
from portal.bringing_in import actions, files, working
from portal.bringing_in.columns import SHEETS
from portal.bringing_in.models import Import
from tests.accounts.factories import make_staff

Rows = Sequence[Sequence[Any]]


def heads(what: str) -> list[str]:
    return [column.head for column in SHEETS[what].columns]


def as_csv(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(rows: Rows, title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return bytes_of(book)


def bytes_of(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def people(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [["Email", "Name", "Role", "Organisation"], *rows]


def pair_row(number: int, challenge: str = "Going home on a Friday") -> list[str]:
    return [challenge, f"pro{number}@in.test", f"Pro {number}", f"partner{number}@in.test", f"Partner {number}", "", ""]


def pairs(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [heads("pairs"), *rows]


def sessions(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [heads("sessions"), *rows]


def upload(content: bytes, name: str = "table.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(cohort: Cohort, what: str, content: bytes | Rows, *, by: User | None = None) -> Import:
    """A table as it stands once it was sent."""
    content = content if isinstance(content, bytes) else as_csv(content)
    by = by or make_staff(Role.MANAGER)
    return actions.send_table(cohort=cohort, what=what, upload=upload(content), form_key=uuid.uuid4(), by=by)


def work() -> Import:
    """What the worker makes of the import that waits longest."""
    claimed = working.claim()
    assert claimed is not None
    working.work_on(claimed)
    return Import.objects.get(pk=claimed.pk)


def read(cohort: Cohort, what: str, content: bytes | Rows, **how: Any) -> Import:
    """A table that was sent and read."""
    send(cohort, what, content, **how)
    return work()


def bring_in(cohort: Cohort, what: str, content: bytes | Rows, **how: Any) -> Import:
    """A table that was sent, read, agreed to and brought in."""
    one = read(cohort, what, content, **how)
    assert one.problem_count == 0, problems(one)
    if not one.new_count:
        return one
    actions.agree(one=one, by=one.owner, letters_are_right=True)
    return work()


def problems(one: Import) -> list[tuple[int, str, str]]:
    """Row, column and what is said, of every problem."""
    return [(found["row"], found["column"], found["text"]) for found in files.found(one, "problem")]


def said(one: Import) -> list[str]:
    return [found["text"] for found in files.found(one, "said")]


def differences(one: Import) -> list[str]:
    return [found["text"] for found in files.found(one, "difference")]
