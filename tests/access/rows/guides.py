from tests.access.table import Row, row, staff_row

ROWS: dict[str, Row] = {
    "guides:list": row(200),
    "guides:detail": row(200, kwargs=lambda world: {"slug": world.guide.slug}),
    "guides:staff_list": staff_row("manager"),
    "guides:staff_new": staff_row("manager"),
    "guides:staff_edit": staff_row("manager", kwargs=lambda world: {"slug": world.draft_guide.slug}),
    "guides:staff_preview": staff_row("manager", kwargs=lambda world: {"slug": world.draft_guide.slug}),
    "guides:staff_publish": staff_row("manager", kwargs=lambda world: {"slug": world.draft_guide.slug}),
    "guides:staff_start_edition": staff_row("manager", status=405, kwargs=lambda world: {"slug": world.guide.slug}),
    "guides:staff_open_comments": staff_row("manager", status=405, kwargs=lambda world: {"slug": world.guide.slug}),
    "guides:staff_close_comments": staff_row("manager", status=405, kwargs=lambda world: {"slug": world.guide.slug}),
}
