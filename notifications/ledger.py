"""The ledger's own moves, each one statement and one commit: claim, record, stop and start the mailer.

Every move names the row, the attempt and the state it leaves, so a worker that wakes up after its lease has ended
changes nothing. All times are the database's.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, EmailField, F, Value, When

from notifications import kinds
from notifications.models import LedgerRow, Mailer, Suppression

State = LedgerRow.State


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row from one state to the next, as the holder of `attempt`."""

    row: LedgerRow
    leaves: str
    enters: str
    reason: str = ""
    wait: timedelta | None = None
    burns_a_retry: bool = False
    suppresses: bool = False


_CLAIM = """
    UPDATE notifications_ledgerrow
       SET state = 'claimed', attempt = attempt + 1, lease_until = statement_timestamp() + %(lease)s
     WHERE id = ANY(ARRAY(
           SELECT id FROM notifications_ledgerrow
            WHERE state = 'queued' AND next_try_at <= statement_timestamp() {only}
              AND NOT EXISTS (SELECT 1 FROM notifications_mailer WHERE stopped_until > statement_timestamp())
            ORDER BY priority, next_try_at, id
            LIMIT %(most)s
              FOR UPDATE SKIP LOCKED))
 RETURNING *, statement_timestamp() AS claimed_at
"""

_RECORD = """
    UPDATE notifications_ledgerrow AS row
       SET state = move.enters,
           reason = move.reason,
           lease_until = CASE WHEN move.enters = 'submitting' THEN statement_timestamp() + %s END,
           settled_at = CASE WHEN move.enters IN ('sent', 'failed', 'uncertain', 'skipped', 'void')
                             THEN statement_timestamp() END,
           secret = CASE WHEN move.enters IN ('sent', 'failed', 'skipped', 'void') THEN NULL ELSE row.secret END,
           address = CASE WHEN move.enters IN ('sent', 'failed', 'skipped', 'void')
                               AND row.recipient_id IS NULL AND row.kind = ANY(%s) THEN '' ELSE row.address END,
           next_try_at = CASE WHEN move.wait IS NULL THEN row.next_try_at ELSE statement_timestamp() + move.wait END,
           retries = row.retries + move.burnt
      FROM (VALUES {rows}) AS move (id, attempt, leaves, enters, reason, wait, burnt)
     WHERE row.id = move.id AND row.attempt = move.attempt AND row.state = move.leaves
 RETURNING row.id
"""
_RECORD_ROW = "(%s::bigint, %s::integer, %s::text, %s::text, %s::text, %s::interval, %s::integer)"


def claim(*, most: int, lease: timedelta, row_id: int | None = None) -> list[LedgerRow]:
    """Take up to `most` due rows, the most urgent first; nobody else gets them until `lease` has passed.

    Each has `claimed_at`, the database's time. Nothing while the mailer is stopped.
    """
    only = "" if row_id is None else "AND id = %(row_id)s"
    query = _CLAIM.format(only=only)
    rows = LedgerRow.objects.raw(query, {"lease": lease, "most": most, "row_id": row_id})
    return sorted(rows, key=lambda row: (row.priority, row.next_try_at, row.pk))


def record(moves: Iterable[Move], *, lease: timedelta) -> set[int]:
    """Write these moves in one commit; the ids of rows that were still ours to move."""
    moves = list(moves)
    if not moves:
        return set()
    if not any(move.suppresses for move in moves):
        return _record(moves, lease)
    with transaction.atomic():
        moved = _record(moves, lease)
        for move in moves:
            if move.suppresses and move.row.pk in moved:
                suppress(move.row.address, row=move.row, reason=move.reason)
        return moved


def _record(moves: list[Move], lease: timedelta) -> set[int]:
    query = _RECORD.format(rows=", ".join([_RECORD_ROW] * len(moves)))
    values: list[Any] = [lease, kinds.forgetful()]
    for move in moves:
        values += [
            move.row.pk,
            move.row.attempt,
            move.leaves,
            move.enters,
            move.reason[:200],
            move.wait,
            int(move.burns_a_retry),
        ]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return {pk for (pk,) in cursor.fetchall()}


def kept_address() -> Case:
    """What stands as the address of a row that is final from now on; see `MailKind.forgets_address`."""
    strangers = When(recipient=None, kind__in=kinds.forgetful(), then=Value(""))
    return Case(strangers, default=F("address"), output_field=EmailField())


def address_hash(address: str) -> str:
    """How a refused address is remembered: keyed, so that the list alone tells nobody whom we write to."""
    key = f"suppression:{settings.SECRET_KEY}".encode()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()


def suppress(address: str, *, row: LedgerRow | None, reason: str) -> None:
    """Nothing goes to `address` from now on. A second call changes nothing."""
    Suppression.objects.bulk_create(
        [Suppression(address_hash=address_hash(address), row=row, reason=reason[:200])], ignore_conflicts=True
    )


def stop_mailer(reason: str) -> None:
    """Nobody claims for a while: 5 seconds, twice as long after each failure in a row, at most a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notifications_mailer AS mailer (name, failures, reason, stopped_until)
            VALUES (%s, 1, %s, statement_timestamp() + interval '5 seconds')
                ON CONFLICT (name) DO UPDATE
               SET failures = mailer.failures + 1,
                   reason = excluded.reason,
                   stopped_until = statement_timestamp()
                                 + least(5 * power(2, least(mailer.failures, 10)), 60) * interval '1 second'
            """,
            [Mailer.DEFAULT, reason[:200]],
        )


def start_mailer() -> None:
    """The server answers again."""
    Mailer.objects.filter(name=Mailer.DEFAULT, failures__gt=0).update(failures=0, reason="", stopped_until=None)
