from typing import Any

from tests.access.table import Row, row, staff_row


def _guide(world: Any) -> dict[str, Any]:
    return {"slug": world.guide.slug}


def _held(world: Any) -> dict[str, Any]:
    return {"comment_id": world.held_comment.pk}


ROWS: dict[str, Row] = {
    "comments:new": row(200, kwargs=_guide),
    "comments:send": row(302, kwargs=_guide),
    "comments:thanks": row(200, kwargs=_guide),
    "comments:permalink": row(302, kwargs=lambda world: {"slug": world.guide.slug, "comment_id": world.comment.pk}),
    "comments:feed": row(200, kwargs=_guide),
    "comments:policy": row(200),
    "comments:queue": staff_row("moderator"),
    "comments:publish": staff_row("moderator", status=405, kwargs=_held),
    "comments:answer": staff_row("moderator", kwargs=_held),
    "comments:refuse": staff_row("moderator", kwargs=_held),
    "comments:withdraw": staff_row("moderator", kwargs=lambda world: {"comment_id": world.comment.pk}),
    "comments:undo": staff_row("moderator", status=405, kwargs=_held),
}
