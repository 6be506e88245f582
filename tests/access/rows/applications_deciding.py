"""Deciding: the people's own offer and way out; everything else is the managers'."""

from typing import Any

from tests.access.table import Row, row, staff_row


def _cohort(world: Any) -> dict[str, Any]:
    return {"slug": world.open_cohort.slug}


def _offered(world: Any) -> dict[str, Any]:
    return {"reference": world.offered_application.reference}


def _sent(world: Any) -> dict[str, Any]:
    return {"reference": world.sent_application.reference}


def _letter(world: Any) -> dict[str, Any]:
    return _cohort(world) | {"verdict": "offer"}


def _side(world: Any) -> dict[str, Any]:
    return _offered(world) | {"side": "partner"}


def _decision(world: Any) -> dict[str, Any]:
    return {"decision_id": world.prepared_decision.pk}


def _prepared_letter(world: Any) -> dict[str, Any]:
    return {"letter_id": world.prepared_decision.letters.first().pk}


ROWS: dict[str, Row] = {
    # Whoever was offered the place, and nobody for them but on the staff's own pages.
    "pairs:offer": row(404, visitor=302, applicant=200, kwargs=_offered),
    "pairs:offer_yes": row(404, visitor=302, applicant=200, kwargs=_offered),
    "applications:leave": row(404, visitor=302, applicant=200, kwargs=_offered),
    "pairs:staff_offer_yes": staff_row("manager", kwargs=_side),
    "applications:leave_for": staff_row("manager", kwargs=_side),
    "applications:decisions": staff_row("manager", kwargs=_cohort),
    "applications:release": row(405, visitor=302, kwargs=_cohort),
    "applications:letters_anew": row(405, visitor=302, kwargs=_cohort),
    "applications:decide_several": staff_row("manager", kwargs=_cohort),
    "applications:letter_texts": staff_row("manager", kwargs=_cohort),
    "applications:letter_text": staff_row("manager", kwargs=_letter),
    "applications:letter_text_drop": row(405, visitor=302, kwargs=_letter),
    "applications:offers": staff_row("manager", kwargs=_cohort),
    "applications:reserve_list": staff_row("manager", kwargs=_cohort),
    "applications:decide": staff_row("manager", kwargs=_sent),
    "applications:reserve_up": row(405, visitor=302, kwargs=_sent),
    "applications:reserve_down": row(405, visitor=302, kwargs=_sent),
    "applications:put_back": row(405, visitor=302, kwargs=_sent),
    "applications:offer_now": staff_row("manager", kwargs=_sent),
    "applications:take_back_decision": row(405, visitor=302, kwargs=_decision),
    "applications:told": row(405, visitor=302, kwargs=_prepared_letter),
}
