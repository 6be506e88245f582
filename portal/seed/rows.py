"""How seeded rows reach their tables."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from django.db import connection, models
from psycopg import sql

# A fixed day, so that the same seed gives the same rows.
BASE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

Progress = Callable[[int], object]


def first_free_id(model: type[models.Model]) -> int:
    highest = model._default_manager.aggregate(highest=models.Max("pk"))["highest"]
    return (highest or 0) + 1


def copy(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]], progress: Progress) -> None:
    """COPY `rows`, whose values stand in the order of `fields`, into the table; then set its sequence right."""
    table = sql.Identifier(model._meta.db_table)
    names = [cast("models.Field[Any, Any]", model._meta.get_field(name)).column or "" for name in fields]
    columns = sql.Composed([sql.Identifier(name) for name in names]).join(", ")
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as into:
            for count, row in enumerate(rows, start=1):
                into.write_row(row)
                if count % 1000 == 0:
                    progress(1000)
        progress(count % 1000)
        if "id" in fields:
            highest = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))")
            cursor.execute(highest.format(sql.Literal(model._meta.db_table), table))


def nothing(count: int) -> None:
    """Progress that nobody watches: rows that come along with others."""
