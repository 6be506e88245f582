"""Pages that join several apps, health, and Django's admin."""

from typing import Any

from tests.access.table import STAFF, row, staff_row


def _import(world: Any) -> dict[str, Any]:
    return {"import_id": world.sent_table.pk}


ROWS = {
    "healthz": row(200),
    "readyz": row(200),
    "portal:home": row(200),
    "portal:accessibility": row(200),
    "portal:privacy": row(200),
    "portal:contact": row(200),
    "portal:sitemap": row(200),
    "portal:robots": row(200),
    "portal:gallery": row(404, **dict.fromkeys(STAFF, 200)),
    "portal:start": row(302),
    "portal:pair_home": row(200, visitor=302),
    "portal:pair_detail": row(
        404, visitor=302, professional=200, partner=200, kwargs=lambda world: {"pair_id": world.pair.pk}
    ),
    "portal:console_table": staff_row(
        "manager", "facilitator", kwargs=lambda world: {"what": "cohorts", "kind": "csv"}
    ),
    "portal:import": staff_row("manager", kwargs=lambda world: {"slug": world.cohort.slug}),
    "portal:import_template": staff_row(
        "manager", kwargs=lambda world: {"slug": world.cohort.slug, "what": "people", "kind": "csv"}
    ),
    "portal:import_detail": staff_row("manager", kwargs=_import),
    "portal:import_problems": staff_row("manager", kwargs=lambda world: _import(world) | {"kind": "csv"}),
    "portal:import_agree": row(405, visitor=302, kwargs=_import),
    "portal:import_again": row(405, visitor=302, kwargs=_import),
    "portal:import_throw_away": row(405, visitor=302, kwargs=_import),
    "portal:staff_home": staff_row(*STAFF),
    "portal:starting": staff_row("manager"),
    "portal:starting_programme": staff_row("manager"),
    "portal:starting_plan": staff_row("manager", kwargs=lambda world: {"slug": world.programme.slug}),
    "portal:starting_applying": staff_row("manager", status=302, kwargs=lambda world: {"slug": world.open_cohort.slug}),
    "portal:starting_open": staff_row("manager", kwargs=lambda world: {"slug": world.open_cohort.slug}),
}
