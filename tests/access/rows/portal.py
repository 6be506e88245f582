"""Pages that join several apps, health, and Django's admin."""

from tests.access.table import STAFF, row, staff_row

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
    "portal:staff_home": staff_row(*STAFF),
}
