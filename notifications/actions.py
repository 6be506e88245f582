"""What can be done with mail: queue it, withdraw it, settle what is uncertain, lift a suppression, switch it off."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from notifications import kinds, wake
from notifications.models import LedgerRow


class OutsideTransaction(RuntimeError):
    """Mail is queued by the transaction that makes it true, or a rollback would leave a mail about nothing."""


def queue_mail(
    *,
    kind: str,
    address: str,
    recipient: User | None,
    dedupe_key: str,
    ids: dict[str, int | str] | None = None,
    secret: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> LedgerRow | None:
    """Put one message to one address into the ledger, to go out at `due_at` (now when None).

    Called inside the transaction of what it tells. A second call with the same `dedupe_key` changes nothing and
    returns None. `ids` hold ids and states only; codes and tokens go into `secret`, which is wiped once the row is
    final. Raises UnknownKind, OutsideTransaction, and ValueError for optional mail without a `recipient`.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    mail_kind = kinds.get(kind)
    if mail_kind.is_optional and recipient is None:
        raise ValueError(f"{kind} can be switched off, so it needs a recipient")
    due_at = due_at or timezone.now()
    row = LedgerRow(
        kind=kind,
        recipient=recipient,
        address=address.strip().lower(),
        ids=ids or {},
        secret=secret,
        dedupe_key=dedupe_key,
        priority=mail_kind.priority,
        due_at=due_at,
        next_try_at=due_at,
        expires_at=expires_at,
    )
    LedgerRow.objects.bulk_create([row], ignore_conflicts=True)
    queued = LedgerRow.objects.filter(dedupe_key=dedupe_key, message_uuid=row.message_uuid).first()
    if queued is not None:
        transaction.on_commit(wake.worker, robust=True)
    return queued


def void_mail(
    *,
    dedupe_keys: Iterable[str] | None = None,
    recipient: User | None = None,
    kinds: Iterable[str] | None = None,
    reason: str,
) -> int:
    """Withdraw the unsent messages that match every filter given; how many were. What the server has stays sent.

    Raises ValueError without a filter or a reason.
    """
    filters: dict[str, Any] = {}
    if dedupe_keys is not None:
        filters["dedupe_key__in"] = list(dedupe_keys)
    if recipient is not None:
        filters["recipient"] = recipient
    if kinds is not None:
        filters["kind__in"] = list(kinds)
    if not filters or not reason:
        raise ValueError("say which mail to withdraw, and why")
    return (
        LedgerRow.objects.unsent()
        .filter(**filters)
        .update(state=LedgerRow.State.VOID, reason=reason[:200], secret=None, lease_until=None, settled_at=Now())
    )
