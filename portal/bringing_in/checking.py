"""What each row would do, asked of the database for many rows at a time. Nothing here writes."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort
from portal.bringing_in.reading import Problem, Row, Table
from portal.bringing_in.rows import NotATable

AT_A_TIME = 500
MOST_SAID = 50_000  # lines in a report
MOST_SAMPLES = 8

Done = Callable[[int, int], object]


@dataclass(frozen=True)
class Verdict:
    """What one row would do: "new", "same", "differs" or "wrong". What is different already stays as it is."""

    row: Row
    outcome: str
    problems: Sequence[Problem] = ()
    differences: Sequence[str] = ()


class Checker(Protocol):
    """Knows one cohort and one kind of row, and remembers the rows before."""

    def __init__(self, cohort: Cohort) -> None: ...

    def refusal(self) -> str:
        """Why this cohort takes none of these rows now; nothing when it does."""

    def look(self, rows: Sequence[Row]) -> list[Verdict]:
        """A verdict for each row, in a number of queries that does not depend on how many there are."""

    def save(self, verdicts: Sequence[Verdict], *, by: Any, at: Any) -> None:
        """Write what is new. Call it with the cohort locked."""


@dataclass
class Findings:
    """Counts over a whole file, and what its sender should know of how it was read."""

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: int = 0
    unsure_days: int = 0
    letters: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "new_count": self.outcomes["new"],
            "same_count": self.outcomes["same"],
            "differs_count": self.outcomes["differs"],
            "problem_count": self.problems,
            "letters": self.letters,
        }


class Report:
    """Writes down what is found, line by line, so that a file of any length needs no memory."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file, self._count = file, 0

    def write(self, kind: str, **said: Any) -> None:
        self._count += 1
        if self._file is not None and self._count <= MOST_SAID:
            self._file.write(json.dumps({"kind": kind, **said}) + "\n")

    def problem(self, found: Problem) -> None:
        self.write("problem", row=found.row, column=found.column, value=found.value, text=found.text)


def go_through(table: Table, checker: Checker, *, report: Report, on_done: Done) -> Iterator[list[Verdict]]:
    """Verdicts, AT_A_TIME, in the order of the file; `on_done` hears how many lines of how many. Raises NotATable."""
    if refusal := checker.refusal():
        raise NotATable(refusal)
    if table.head_problems:
        for problem in table.head_problems:
            report.problem(problem)
        raise WrongHead(len(table.head_problems))
    count = 0
    for rows in batched(table.rows(), AT_A_TIME, strict=False):
        count += len(rows)
        if count > table.sheet.most:
            text = _("There are more than %(most)s rows. Send the table in parts.")
            raise NotATable(text % {"most": f"{table.sheet.most:,}"})
        yield checker.look(rows)
        on_done(rows[-1].number, max(table.opened.total, rows[-1].number))


class WrongHead(Exception):
    """The first row does not name the columns; `count` is how many lines about it stand in the report."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def findings(table: Table, verdicts: Iterable[Sequence[Verdict]], report: Report) -> Findings:
    """Write down every problem and every difference, and count."""
    found = Findings(letters=table.opened.letters)
    samples = 0
    for some in verdicts:
        for verdict in some:
            found.outcomes[verdict.outcome] += 1
            found.problems += len(verdict.problems)
            found.unsure_days += len(verdict.row.unsure_days)
            for problem in verdict.problems:
                report.problem(problem)
            for difference in verdict.differences:
                report.write("difference", row=verdict.row.number, text=difference)
            if found.letters and samples < MOST_SAMPLES:
                samples += _sample(verdict.row, report)
    _say(table, found, report)
    return found


def _sample(row: Row, report: Report) -> int:
    """Show a word with letters that depend on the encoding; how many were shown."""
    words = [value for value in row.values.values() if isinstance(value, str) and not value.isascii()]
    for word in words[:1]:
        report.write("sample", row=row.number, text=word[:80])
    return len(words[:1])


def _say(table: Table, found: Findings, report: Report) -> None:
    for text in table.opened.said:
        report.write("said", text=text)
    if table.examples:
        report.write("said", text=_("The example row of the template was passed over."))
    if found.unsure_days:
        text = ngettext(
            "%(n)s day is written like 3/4/2027. It is read with the day first: 3 April.",
            "%(n)s days are written like 3/4/2027. They are read with the day first: 3 April.",
            found.unsure_days,
        )
        report.write("said", text=text % {"n": found.unsure_days})
