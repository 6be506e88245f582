"""Sessions of a cohort, at wall-clock times in its zone."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils.translation import gettext as _

import cohorts.actions
from accounts.models import User
from cohorts.models import Cohort, Session
from cohorts.schedules import is_skipped
from portal.bringing_in.checking import Verdict
from portal.bringing_in.columns import SESSIONS
from portal.bringing_in.reading import Problem, Row

Key = tuple[date, time, str]
COMPARED = ("duration_minutes", "place", "online_link", "access_notes")


class Sessions:
    """A row is a session by its day, time and title. One that is planned already stays as it is."""

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self._seen: dict[Key, int] = {}

    def refusal(self) -> str:
        return _("This cohort is archived. Its records are kept as they are.") if self.cohort.is_archived else ""

    def look(self, rows: Sequence[Row]) -> list[Verdict]:
        days = [row.values["held_on"] for row in rows if row.values.get("held_on")]
        planned: dict[Key, Session] = {}
        for session in self.cohort.sessions.filter(held_on__in=days).order_by("-cancelled_at", "pk"):
            planned.setdefault((session.held_on, session.starts_at, _title_key(session.title)), session)
        return [self._verdict(row, planned) for row in rows]

    def _verdict(self, row: Row, planned: dict[Key, Session]) -> Verdict:
        key = _key(row)
        if key is None:
            return Verdict(row, "wrong", row.problems)
        problems = [*row.problems, *self._twice(row, key)]
        if is_skipped(held_on=key[0], starts_at=key[1], time_zone=self.cohort.time_zone):
            text = _("The clocks go forward on that day, so this time does not exist. Choose another.")
            problems.append(Problem(row.number, "Starts", f"{key[1]:%H:%M}", text))
        if problems:
            return Verdict(row, "wrong", problems)
        return _compared(row, planned[key]) if key in planned else Verdict(row, "new")

    def _twice(self, row: Row, key: Key) -> list[Problem]:
        first = self._seen.setdefault(key, row.number)
        if first == row.number:
            return []
        text = _("This session stands in row %(row)s as well. Take one of them out.") % {"row": first}
        return [Problem(row.number, "Session", row.values["title"][:80], text)]

    def save(self, verdicts: Sequence[Verdict], *, by: User, at: datetime) -> None:
        for verdict in verdicts:
            if verdict.outcome == "new":
                values = {"duration_minutes": 60} | verdict.row.values
                cohorts.actions.add_session(cohort=self.cohort, by=by, at=at, **values)


def _key(row: Row) -> Key | None:
    values = row.values
    if not (values.get("held_on") and values.get("title") and isinstance(values.get("starts_at"), time)):
        return None
    return values["held_on"], values["starts_at"], _title_key(values["title"])


def _title_key(title: str) -> str:
    """A title as it is compared: one way to write a letter, single spaces, no capitals."""
    return " ".join(unicodedata.normalize("NFC", title).split()).casefold()


def _compared(row: Row, session: Session) -> Verdict:
    title = session.title
    if session.is_cancelled:
        text = _("“%(title)s” was cancelled, and stays cancelled.") % {"title": title}
        return Verdict(row, "differs", differences=[text])
    heads = {column.name: column.head for column in SESSIONS.columns}
    differences = [
        _("%(what)s of “%(title)s”: “%(here)s” here, “%(there)s” in the file.")
        % {"what": heads[name], "title": title, "here": getattr(session, name), "there": row.values[name]}
        for name in COMPARED
        if name in row.values and row.values[name] != getattr(session, name)
    ]
    return Verdict(row, "differs" if differences else "same", differences=differences)
