"""The log: its author, the partner for what is shared, and nobody else of any role."""

from typing import Any

from tests.access.table import Row, row


def entry(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk}


def draft(world: Any) -> dict[str, Any]:
    return {"entry_id": world.draft.pk}


def response(world: Any) -> dict[str, Any]:
    return {"entry_id": world.entry.pk, "response_id": world.response.pk}


ROWS: dict[str, Row] = {
    "learning_log:list": row(200, visitor=302),
    "learning_log:new": row(404, visitor=302, professional=200, partner=200, other_pair=200),
    "learning_log:autosave_new": row(405),  # a POST of the page's script; tests/learning_log/test_autosave.py
    "learning_log:autosave": row(405, kwargs=draft),
    "learning_log:device": row(200, visitor=401),
    "learning_log:signed_in": row(200, visitor=302),
    "learning_log:detail": row(404, visitor=302, professional=200, partner=200, kwargs=entry),
    "learning_log:edit": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:delete": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:share": row(404, visitor=302, professional=200, kwargs=draft),
    "learning_log:take_back": row(404, visitor=302, professional=200, partner=403, kwargs=entry),
    "learning_log:respond": row(404, visitor=302, professional=200, partner=200, kwargs=entry),
    "learning_log:remove_response": row(404, visitor=302, professional=200, partner=200, kwargs=response),
}
