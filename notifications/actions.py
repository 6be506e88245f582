"""What can be done with mail: queue it, withdraw it, settle what is uncertain, lift a suppression, switch it off."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts import audit
from accounts.models import User
from notifications import delivery, kinds, ledger, reasons, wake
from notifications.desk import subscriptions_of
from notifications.models import LedgerRow, Subscription, Suppression

State = LedgerRow.State


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
    when: Any = due_at or Now()
    row = LedgerRow(
        kind=kind,
        recipient=recipient,
        address=address.strip().lower(),
        ids=ids or {},
        secret=secret,
        dedupe_key=dedupe_key,
        priority=mail_kind.priority,
        due_at=when,
        next_try_at=when,
        expires_at=expires_at,
    )
    LedgerRow.objects.bulk_create([row], ignore_conflicts=True)
    queued = LedgerRow.objects.filter(dedupe_key=dedupe_key, message_uuid=row.message_uuid).first()
    if queued is not None and (due_at is None or due_at <= timezone.now()):
        _send_after_commit(queued, mail_kind)
    return queued


def _send_after_commit(row: LedgerRow, kind: kinds.MailKind) -> None:
    """One wake-up a transaction, however many messages; a code somebody waits for is tried at once as well."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)
    if kind.is_urgent:
        transaction.on_commit(partial(delivery.deliver_at_once, row.pk), robust=True)


def _wake() -> None:
    wake.worker()


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
        .update(
            state=LedgerRow.State.VOID,
            reason=reason[:200],
            secret=None,
            address=ledger.kept_address(),
            lease_until=None,
            settled_at=Now(),
        )
    )


class AlreadySettled(Exception):
    """Somebody else decided about the message first."""


def send_again(*, row: LedgerRow, by: User) -> None:
    """Let an uncertain message go out once more, with the same Message-ID. A manager's decision.

    Raises AlreadySettled when it is no longer uncertain.
    """
    with transaction.atomic():
        _settle(row, was=State.UNCERTAIN, state=State.QUEUED, reason="", settled_at=None, next_try_at=Now())
        audit.record(verb="mail.sent_again", by=by, target=row)
        transaction.on_commit(_wake, robust=True)


@transaction.atomic
def leave(*, row: LedgerRow, by: User) -> None:
    """Leave an uncertain message as it is: it may have arrived, and will not be sent again. A manager's decision.

    Raises AlreadySettled when it is no longer uncertain.
    """
    _settle_for_good(row, was=State.UNCERTAIN, reason=reasons.LEFT_ALONE)
    audit.record(verb="mail.left", by=by, target=row)


@transaction.atomic
def stop(*, row: LedgerRow, by: User) -> None:
    """Withdraw a message that has not gone out. A manager's decision. Raises AlreadySettled when it is too late."""
    _settle_for_good(row, was=State.QUEUED, reason=reasons.STOPPED)
    audit.record(verb="mail.stopped", by=by, target=row)


def _settle_for_good(row: LedgerRow, *, was: str, reason: str) -> None:
    address = ledger.kept_address()
    _settle(row, was=was, state=State.VOID, reason=reason, settled_at=Now(), secret=None, address=address)


def _settle(row: LedgerRow, *, was: str, **changes: Any) -> None:
    if not LedgerRow.objects.filter(pk=row.pk, state=was).update(**changes):
        raise AlreadySettled


@transaction.atomic
def lift_suppression(*, suppression: Suppression, by: User) -> None:
    """Write to a refused address again from now on. A manager's decision. A second call changes nothing."""
    live = Suppression.objects.filter(pk=suppression.pk, lifted_at=None)
    if live.update(lifted_at=Now(), lifted_by=by):
        audit.record(verb="mail.suppression_lifted", by=by, target=suppression)


class UnknownToken(LookupError):
    """No optional mail of anybody has this link."""


def switch_off(*, token: str) -> Subscription:
    """Stop one category for the person whose link this is; no sign-in (RFC 8058). A second call changes nothing.

    Raises UnknownToken.
    """
    subscription = Subscription.objects.filter(token=token).first()
    if subscription is None:
        raise UnknownToken
    with transaction.atomic():
        _switch(subscription, is_on=False)
    return subscription


@transaction.atomic
def choose_mail(*, by: User, is_on: Mapping[str, bool]) -> None:
    """Switch optional categories on or off for oneself: category → wanted."""
    chosen = subscriptions_of({(by.pk, category) for category in is_on})
    for (_user_id, category), subscription in chosen.items():
        if category in is_on:
            _switch(subscription, is_on=is_on[category])


def _switch(subscription: Subscription, *, is_on: bool) -> None:
    changed = Subscription.objects.filter(pk=subscription.pk, is_on=not is_on).update(is_on=is_on, changed_at=Now())
    if changed and subscription.category not in kinds.UNRECORDED:
        audit.record(
            verb="mail.switched_on" if is_on else "mail.switched_off", by=subscription.user, target=subscription
        )
