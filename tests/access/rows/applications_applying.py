"""Applying: the people's own pages, the way in behind a link, and the staff's help."""

from typing import Any

from tests.access.table import Row, row, staff_row


def _open(world: Any) -> dict[str, Any]:
    return {"slug": world.open_cohort.slug}


def _draft(world: Any) -> dict[str, Any]:
    return {"reference": world.application.reference}


def _own(world: Any) -> dict[str, Any]:
    return _draft(world) | {"whose": "partner"}


def _question(world: Any) -> dict[str, Any]:
    return _own(world) | {"key": "about"}


def _asked(world: Any) -> dict[str, Any]:
    return _open(world) | {"key": "about"}


def _token(world: Any) -> dict[str, Any]:
    return {"token": world.application_token}


def own(kwargs: Any) -> Row:
    """One's own application: nobody else's, staff included, while it is written."""
    return row(404, visitor=302, applicant=200, kwargs=kwargs)


ROWS: dict[str, Row] = {
    "applications:start": row(302, visitor=200, kwargs=_open),
    "applications:start_code": row(302, kwargs=_open),
    "applications:begin": row(200, visitor=302, applicant=302, kwargs=_open),
    "applications:mine": row(200, visitor=302),
    "applications:tasks": own(_draft),
    "applications:about": own(_own),
    "applications:question": own(_question),
    "applications:check": own(_draft),
    "applications:take_back": row(405, visitor=302, kwargs=_own),
    "applications:change_kind": row(405, visitor=302, kwargs=lambda world: _draft(world) | {"kind": "pair"}),
    "applications:partner": own(_draft),
    "applications:partner_withdraw": row(405, visitor=302, kwargs=_draft),
    "applications:helper": own(_own),
    # The link opens for whoever holds it; what it leads to needs a code that goes to the address invited.
    "applications:invited": row(403, visitor=200, kwargs=_token),
    "applications:invited_code": row(403, visitor=302, kwargs=_token),
    "applications:staff_new": staff_row("manager", kwargs=_open),
    "applications:questions": staff_row("manager", kwargs=_open),
    "applications:question_new": staff_row("manager", kwargs=_open),
    "applications:question_edit": staff_row("manager", kwargs=_asked),
    "applications:question_remove": row(405, visitor=302, kwargs=_asked),
    "applications:question_move": row(405, visitor=302, kwargs=lambda world: _asked(world) | {"way": "up"}),
    "applications:questions_publish": row(405, visitor=302, kwargs=_open),
    "applications:questions_drop": row(405, visitor=302, kwargs=_open),
}
