"""Reading what came in: managers and the cohort's reviewers; criteria and reviewers are the managers'."""

from typing import Any

from tests.access.table import STAFF, Row, row, staff_row


def _open(world: Any) -> dict[str, Any]:
    return {"slug": world.open_cohort.slug}


def _sent(world: Any) -> dict[str, Any]:
    return {"reference": world.sent_application.reference}


def _conflict(world: Any) -> dict[str, Any]:
    return {"conflict_id": world.conflict.pk}


def _reviewer(world: Any) -> dict[str, Any]:
    return {"reviewer_id": world.reviewing.pk}


def _criterion(world: Any) -> dict[str, Any]:
    return {"criterion_id": world.criterion.pk}


REVIEW = row(404, visitor=302, **dict.fromkeys(STAFF, 403) | {"manager": 404, "reviewer": 302}, kwargs=_sent)
POST_ONLY = row(405, visitor=302, kwargs=_sent)

ROWS: dict[str, Row] = {
    "applications:cohort_list": staff_row("manager", "reviewer"),
    "applications:board": staff_row("manager", "reviewer", kwargs=_open),
    "applications:detail": staff_row("manager", "reviewer", kwargs=_sent),
    "applications:conflict_declare": staff_row("manager", "reviewer", kwargs=_sent),
    "applications:reviewers": staff_row("manager", kwargs=_open),
    "applications:criteria": staff_row("manager", kwargs=_open),
    "applications:criteria_suggested": row(405, visitor=302, kwargs=_open),
    # A GET, after a session that ended, leads back to the page the form stands on.
    "applications:review": REVIEW,
    "applications:review_hand_in": REVIEW,
    "applications:note_add": staff_row("manager", status=302, kwargs=_sent),
    "applications:review_begin": POST_ONLY,
    "applications:review_take_back": POST_ONLY,
    "applications:conflict_end": staff_row("manager", kwargs=_conflict),
    "applications:reviewer_end": staff_row("manager", kwargs=_reviewer),
    "applications:criterion_edit": staff_row("manager", kwargs=_criterion),
    "applications:criterion_retire": staff_row("manager", kwargs=_criterion),
    "applications:criterion_move": row(405, visitor=302, kwargs=_criterion),
}
