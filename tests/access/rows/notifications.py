"""Who may open which page about mail."""

from tests.access.table import Row, row, staff_row

ROWS: dict[str, Row] = {
    "notifications:preferences": row(200, visitor=302),
    "notifications:unsubscribe": row(200, kwargs=lambda world: {"token": world.unsubscribe_token}),
    "notifications:outbox": staff_row("manager"),
    "notifications:refused": staff_row("manager"),
    "notifications:outbox_row": staff_row("manager", kwargs=lambda world: {"row_id": world.ledger_row.pk}),
    "notifications:send_again": staff_row(
        "manager", status=405, kwargs=lambda world: {"row_id": world.uncertain_row.pk}
    ),
    "notifications:leave": staff_row("manager", status=405, kwargs=lambda world: {"row_id": world.uncertain_row.pk}),
    "notifications:stop": staff_row("manager", status=405, kwargs=lambda world: {"row_id": world.ledger_row.pk}),
    "notifications:lift": staff_row("manager", status=405, kwargs=lambda world: {"suppression_id": 1}),
    "notifications:demo_mail": row(404),
    "notifications:demo_message": row(404, kwargs=lambda world: {"name": "0" * 20 + "-000000"}),
    "notifications:demo_message_html": row(404, kwargs=lambda world: {"name": "0" * 20 + "-000000"}),
}
