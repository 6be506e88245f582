"""Enquiries: one public page and its thanks; everything else is for managers."""

from typing import Any

from django.core import signing

from cohorts.enquiries.views.public import SALT
from tests.access.table import Row, row, staff_row


def _programme(world: Any) -> dict[str, Any]:
    return {"slug": world.programme.slug}


def _thanks(world: Any) -> dict[str, Any]:
    return {"slug": world.programme.slug, "token": signing.dumps(world.enquiry.pk, salt=SALT)}


def _enquiry(world: Any) -> dict[str, Any]:
    return {"enquiry_id": world.enquiry.pk}


def _manager(status: int = 200) -> Row:
    return staff_row("manager", status=status, kwargs=_enquiry)


ROWS: dict[str, Row] = {
    "cohorts:ask": row(200, kwargs=_programme),
    # Whoever holds the token, which is in nobody's hands but the enquirer's, and for an hour.
    "cohorts:ask_thanks": row(200, kwargs=_thanks),
    "cohorts:enquiry_new": staff_row("manager", kwargs=lambda world: {"slug": world.programme.slug}),
    "cohorts:enquiry_list": staff_row("manager"),
    "cohorts:enquiry_table": staff_row("manager", kwargs=lambda world: {"kind": "csv"}),
    "cohorts:enquiry_detail": _manager(),
    "cohorts:enquiry_take": _manager(),
    "cohorts:enquiry_hand": _manager(),
    "cohorts:enquiry_step": _manager(),
    "cohorts:enquiry_done": _manager(),
    "cohorts:enquiry_call": _manager(),
    "cohorts:enquiry_note": _manager(),
    "cohorts:enquiry_answer": _manager(),
    "cohorts:enquiry_answer_send": _manager(302),
    "cohorts:enquiry_close": _manager(),
    "cohorts:enquiry_reopen": _manager(),
    "cohorts:enquiry_forget": _manager(),
}
