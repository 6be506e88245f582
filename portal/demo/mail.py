"""Mail that needs somebody: one whose fate is not known, one to an address that bounced."""

from datetime import datetime, timedelta

from notifications import ledger, reasons
from notifications.models import LedgerRow
from pairs.models import Invitation
from portal.demo.cohorts import Scene


def build(*, scene: Scene, at: datetime) -> None:
    """The two open invitations: a worker was killed over one, the mail server refused the other for good."""
    waiting = Invitation.objects.waiting().filter(pair__cohort=scene.running).order_by("pk")
    for invitation, state, reason in zip(
        waiting,
        (LedgerRow.State.UNCERTAIN, LedgerRow.State.FAILED),
        (reasons.WORKER_LOST, "550 no such mailbox"),
        strict=True,
    ):
        row = LedgerRow.objects.get(kind="pairs.invitation", ids__invitation=invitation.pk)
        row.state, row.reason, row.attempt = state, reason, 1
        row.settled_at = at - timedelta(hours=2)
        if row.is_final:
            row.secret = None
        row.save(update_fields=["state", "reason", "attempt", "settled_at", "secret"])
        if state == LedgerRow.State.FAILED:
            ledger.suppress(row.address, row=row, reason=reason)
