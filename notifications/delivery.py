"""Sending what is due: claim a batch; for each message ask again, note that we ask the server, ask, note the answer.

*Submitting* is committed before the server is asked, and its answer right after, together with *submitting* of the
next message (docs/decisions/0002). So a worker that is killed leaves at most one message in doubt.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from notifications import ledger, reasons, wake
from notifications.desk import Desk, claimed_at
from notifications.kinds import NotWanted, UnknownKind
from notifications.ledger import Move
from notifications.message import BadMessage, Message
from notifications.models import LedgerRow
from notifications.transport import AT_ONCE_SECONDS, Accepted, MailerDown, Outcome, Refused, Transport, Unknown

logger = logging.getLogger(__name__)

State = LedgerRow.State

LEASE = timedelta(seconds=60)
BATCH_SIZE = 100
BATCH_SECONDS = 5
RUN_SECONDS = 20
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
GIVE_UP_AFTER = timedelta(hours=24)


def never() -> bool:
    return False


@dataclass(frozen=True)
class Ready:
    row: LedgerRow
    message: Message


def deliver_due(
    *, seconds: float = RUN_SECONDS, lease: timedelta = LEASE, should_stop: Callable[[], bool] = never
) -> int:
    """Send what is due, for `seconds` at most; how many rows were handled.

    A full batch wakes one more worker; what is left when time is up is left to the next wake-up.
    """
    ends, handled, has_called_for_help = time.monotonic() + seconds, 0, False
    with Transport() as transport:
        while not should_stop():
            rows = ledger.claim(most=BATCH_SIZE, lease=lease)
            if not rows:
                break
            if len(rows) == BATCH_SIZE and not has_called_for_help:
                has_called_for_help = wake.worker()
            try:
                Batch(rows, transport, lease, should_stop).send()
            except MailerDown as down:
                _stop(down)
                break
            handled += len(rows)
            if time.monotonic() > ends:
                wake.worker()
                break
    return handled


def deliver_at_once(row_id: int) -> None:
    """Try to send one row inside the request that queued it, for a few seconds. If it fails, the worker goes on.

    For codes a person is waiting for. Never raises: the row is safe in the ledger.
    """
    try:
        rows = ledger.claim(most=1, lease=LEASE, row_id=row_id)
        if rows:
            with Transport(timeout=AT_ONCE_SECONDS) as transport:
                Batch(rows, transport, LEASE, never).send()
    except MailerDown as down:
        _stop(down)
    except Exception:
        logger.exception("a code could not be sent at once", extra={"row": row_id})


def _stop(down: MailerDown) -> None:
    logger.warning("the mail server cannot be used; mail waits", extra={"reason": str(down)})
    ledger.stop_mailer(str(down))


class Batch:
    """Claimed rows on their way to the server, one after the other over one connection."""

    def __init__(
        self, rows: list[LedgerRow], transport: Transport, lease: timedelta, should_stop: Callable[[], bool]
    ) -> None:
        self._desk = Desk(rows)
        self._waiting = iter(rows)
        self._transport = transport
        self._lease = lease
        self._should_stop = should_stop
        self._ends = time.monotonic() + BATCH_SECONDS
        self._moves: list[Move] = []

    def send(self) -> None:
        """Send each row that is still wanted; give back what there was no time for. Raises MailerDown."""
        ready = self._next()
        while ready is not None:
            self._open_for(ready)
            if self._note(Move(row=ready.row, leaves=State.CLAIMED, enters=State.SUBMITTING), of=ready.row):
                following = self._next()
                self._submit(ready, following)
            else:
                following = self._next()
            ready = following
        self._give_back()

    def _next(self) -> Ready | None:
        """The next row that should go out, written and ready; those that should not are moved on the way."""
        for row in self._in_time():
            try:
                reason = self._desk.reason_to_skip(row)
                if reason is None:
                    return Ready(row, self._desk.message(row))
                self._moves.append(Move(row=row, leaves=State.CLAIMED, enters=State.SKIPPED, reason=reason))
            except NotWanted as unwanted:
                self._moves.append(Move(row=row, leaves=State.CLAIMED, enters=State.SKIPPED, reason=str(unwanted)))
            except Exception as error:
                logger.exception("a mail could not be written", extra={"row": row.pk, "kind": row.kind})
                self._moves.append(later(row, State.CLAIMED, f"{reasons.NOT_WRITABLE}: {type(error).__name__}"))
        return None

    def _in_time(self) -> Iterator[LedgerRow]:
        while time.monotonic() < self._ends and not self._should_stop():
            row = next(self._waiting, None)
            if row is None:
                return
            yield row

    def _open_for(self, ready: Ready) -> None:
        """A server that cannot be reached is nobody's attempt: everything goes back as it was."""
        try:
            if self._transport.open():
                ledger.start_mailer()
        except MailerDown:
            self._moves.append(Move(row=ready.row, leaves=State.CLAIMED, enters=State.QUEUED))
            self._give_back()
            raise

    def _submit(self, ready: Ready, following: Ready | None) -> None:
        try:
            outcome = self._transport.send(ready.message)
        except BadMessage as bad:
            self._moves.append(
                Move(
                    row=ready.row, leaves=State.SUBMITTING, enters=State.FAILED, reason=f"{reasons.NOT_WRITABLE}: {bad}"
                )
            )
        except MailerDown:
            self._moves.append(Move(row=ready.row, leaves=State.SUBMITTING, enters=State.QUEUED))
            if following is not None:
                self._moves.append(Move(row=following.row, leaves=State.CLAIMED, enters=State.QUEUED))
            self._give_back()
            raise
        else:
            self._moves.append(move_after(ready.row, outcome))

    def _note(self, move: Move, *, of: LedgerRow) -> bool:
        """Commit what is to be noted so far and this; whether `of` is still ours."""
        moved = ledger.record([*self._moves, move], lease=self._lease)
        self._moves = []
        return of.pk in moved

    def _give_back(self) -> None:
        rest = [Move(row=row, leaves=State.CLAIMED, enters=State.QUEUED) for row in self._waiting]
        ledger.record([*self._moves, *rest], lease=self._lease)
        self._moves = []


def move_after(row: LedgerRow, outcome: Outcome) -> Move:
    """Where the server's answer takes a row that was being submitted."""
    if isinstance(outcome, Accepted):
        return Move(row=row, leaves=State.SUBMITTING, enters=State.SENT)
    if isinstance(outcome, Refused):
        reason = f"{reasons.ADDRESS_REFUSED if outcome.is_mailbox else reasons.MESSAGE_REFUSED}: {outcome.reason}"
        return Move(row=row, leaves=State.SUBMITTING, enters=State.FAILED, reason=reason, suppresses=outcome.is_mailbox)
    if isinstance(outcome, Unknown) and row.mail_kind.on_lost_lease == "uncertain":
        return Move(row=row, leaves=State.SUBMITTING, enters=State.UNCERTAIN, reason=reasons.NO_ANSWER)
    return later(row, State.SUBMITTING, f"{reasons.TRY_LATER}: {outcome.reason}")


def later(row: LedgerRow, leaves: str, reason: str) -> Move:
    """Back to the queue for a while that grows, or failed when a whole day has passed."""
    if row.due_at + GIVE_UP_AFTER < claimed_at(row) and row.retries >= len(WAITS):
        return Move(row=row, leaves=leaves, enters=State.FAILED, reason=f"{reasons.GAVE_UP}: {reason}")
    wait = WAITS[min(row.retries, len(WAITS) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311  (spreads, guards nothing)
    return Move(row=row, leaves=leaves, enters=State.QUEUED, reason=reason, wait=wait, burns_a_retry=True)


def requeue_lost(*, lease: timedelta = LEASE) -> int:
    """Take back the rows of workers that have gone; how many.

    A row that was only claimed is queued again. For one whose server was being asked its kind decides: queued again
    with the same Message-ID, or uncertain, for a person to decide.
    """
    with transaction.atomic():
        rows = list(LedgerRow.objects.lost().select_for_update(skip_locked=True)[:1000])
        ledger.record([_after_loss(row) for row in rows], lease=lease)
    return len(rows)


def _after_loss(row: LedgerRow) -> Move:
    if row.state == State.CLAIMED or _goes_again(row):
        return Move(row=row, leaves=row.state, enters=State.QUEUED)
    return Move(row=row, leaves=row.state, enters=State.UNCERTAIN, reason=reasons.WORKER_LOST)


def _goes_again(row: LedgerRow) -> bool:
    try:
        return row.mail_kind.on_lost_lease == "requeue"
    except UnknownKind:
        return False
