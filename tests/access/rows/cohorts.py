"""Programmes and cohorts: one public page, a person's own sessions, and the console."""

from typing import Any

from tests.access.table import Row, row, staff_row


def _cohort(world: Any) -> dict[str, Any]:
    return {"slug": world.cohort.slug}


def _programme(world: Any) -> dict[str, Any]:
    return {"slug": world.programme.slug}


def _session(world: Any) -> dict[str, Any]:
    return {"session_id": world.session.pk}


def _assignment(world: Any) -> dict[str, Any]:
    return {"assignment_id": world.cohort.staff_assignments.get().pk}


ROWS: dict[str, Row] = {
    "cohorts:programme_detail": row(200, kwargs=_programme),
    "cohorts:my_sessions": row(200, visitor=302),
    # Each person's own part of the cohort, and nobody else's.
    "cohorts:break_take": row(404, visitor=302, professional=200, partner=200, other_pair=200, kwargs=_cohort),
    "cohorts:break_end": row(405, visitor=302, kwargs=_cohort),
    "cohorts:staff_programmes": staff_row("manager"),
    "cohorts:staff_programme_new": staff_row("manager"),
    "cohorts:staff_programme_edit": staff_row("manager", kwargs=_programme),
    "cohorts:staff_list": staff_row("manager", "facilitator"),
    "cohorts:staff_new": staff_row("manager"),
    "cohorts:staff_detail": staff_row("manager", "facilitator", kwargs=_cohort),
    "cohorts:staff_edit": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_applying": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_clone": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_move": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_facilitator_new": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_facilitator_end": staff_row("manager", kwargs=_assignment),
    "cohorts:staff_session_new": staff_row("manager", kwargs=_cohort),
    "cohorts:staff_session_edit": staff_row("manager", kwargs=_session),
    "cohorts:staff_session_cancel": staff_row("manager", kwargs=_session),
}
