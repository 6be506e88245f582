"""What the ledger holds about a person, and how it forgets them."""

from typing import Any

from django.db.models import Q

from accounts.actions import addresses_of
from accounts.models import User
from notifications.actions import void_mail
from notifications.models import LedgerRow
from notifications.outbox import Line


def mail_to(user: User) -> list[dict[str, Any]]:
    """Every message to a person: what it was, and what became of it. What it said was never kept."""
    rows = LedgerRow.objects.filter(Q(recipient=user) | Q(address__in=addresses_of(user))).order_by("pk")
    return [
        {
            "what": str(Line(row).title),
            "address": row.address,
            "due_at": row.due_at.isoformat(),
            "state": row.state,
            "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        }
        for row in rows
    ]


def forget(user: User) -> None:
    """Stop what has not gone out, and empty the address of every row; rows and states stay for the totals."""
    theirs = LedgerRow.objects.filter(Q(recipient=user) | Q(address__in=addresses_of(user)))
    void_mail(dedupe_keys=theirs.unsent().values_list("dedupe_key", flat=True), reason="left")
    theirs.update(address=f"erased-{user.pk}@erased.invalid", secret=None)
