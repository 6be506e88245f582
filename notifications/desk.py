"""What a worker needs to know about a batch before it sends: who left, who switched off, which address is refused.

Four queries a batch, whatever its size; the kinds' own questions are asked row by row.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse

from config.links import absolute
from notifications import reasons
from notifications.kinds import MailKind, NotWanted
from notifications.ledger import address_hash
from notifications.message import Message
from notifications.models import LedgerRow, Subscription, Suppression

NOWHERE = ".invalid"  # RFC 2606: of people who have no e-mail address, or were erased
_TOKEN = "x" * 22  # stands for each reader's own until the link is written


class Desk:
    """One batch, looked up at once."""

    def __init__(self, rows: Sequence[LedgerRow]) -> None:
        prefetch_related_objects(rows, "recipient")
        self._preferences_url = absolute(reverse("notifications:preferences"))
        self._unsubscribe_url = absolute(reverse("notifications:unsubscribe", kwargs={"token": _TOKEN}))
        self._hashes = {row.pk: address_hash(row.address) for row in rows}
        live = Suppression.objects.filter(lifted_at=None, address_hash__in=self._hashes.values())
        self._suppressed = set(live.values_list("address_hash", flat=True))
        optional = [row for row in rows if row.recipient_id and row.is_optional]
        self._subscriptions = subscriptions_of({(row.recipient_id or 0, row.mail_kind.category) for row in optional})

    def reason_to_skip(self, row: LedgerRow) -> str | None:
        """Why `row` should not go out now; None when it should."""
        kind, at = row.mail_kind, claimed_at(row)
        if row.address.endswith(NOWHERE):
            return reasons.NO_ADDRESS
        if row.expires_at is not None and row.expires_at <= at:
            return reasons.EXPIRED
        if kind.late_after is not None and row.due_at + kind.late_after < at:
            return reasons.TOO_LATE
        if row.recipient is not None and not row.recipient.is_active:
            return reasons.INACTIVE
        if kind.is_optional and not self._subscription(row, kind).is_on:
            return reasons.SWITCHED_OFF
        if self._hashes[row.pk] in self._suppressed:
            return reasons.SUPPRESSED
        return kind.still_wanted(row, at)

    def message(self, row: LedgerRow) -> Message:
        """`row` as it will be read. Raises NotWanted, BadMessage, and whatever its kind's `render` may."""
        kind = row.mail_kind
        link = None
        if kind.is_optional:
            link = self._unsubscribe_url.replace(_TOKEN, self._subscription(row, kind).token)
        context = {
            "site_url": settings.SITE_URL,
            "recipient": row.recipient,
            "address": row.address,
            "unsubscribe_url": link,
            "preferences_url": self._preferences_url,
        } | kind.render(row)
        return Message(
            message_id=row.message_id,
            sender=settings.DEFAULT_FROM_EMAIL,
            to=row.address,
            subject=rendered(f"{kind.template}_subject.txt", context).strip(),
            text=rendered(f"{kind.template}_message.txt", context),
            html=rendered(f"{kind.template}_message.html", context),
            dated=datetime.now(UTC),
            unsubscribe_url=link,
        )

    def _subscription(self, row: LedgerRow, kind: MailKind) -> Subscription:
        if row.recipient_id is None:
            raise NotWanted(reasons.INACTIVE)
        return self._subscriptions[row.recipient_id, kind.category]


def claimed_at(row: LedgerRow) -> datetime:
    """The database's time when `row` was claimed."""
    at: datetime = row.claimed_at  # type: ignore[attr-defined]  # the claim's RETURNING adds it
    return at


def rendered(name: str, context: dict[str, object]) -> str:
    """A `.txt` template is plain text: nothing in it is escaped."""
    return compiled(name).render(Context(context, autoescape=name.endswith(".html")))


def compiled(name: str) -> Template:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # the Django engine's own
    return template


def subscriptions_of(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Subscription]:
    """The subscription of each (user id, category), made where there is none yet."""
    if not wanted:
        return {}
    users = {user_id for user_id, _category in wanted}
    found = _subscriptions(users)
    missing = wanted - found.keys()
    if missing:
        new = [Subscription(user_id=user_id, category=category) for user_id, category in sorted(missing)]
        Subscription.objects.bulk_create(new, ignore_conflicts=True)
        found = _subscriptions(users)
    return found


def _subscriptions(users: set[int]) -> dict[tuple[int, str], Subscription]:
    rows = Subscription.objects.filter(user_id__in=users)
    return {(subscription.user_id, subscription.category): subscription for subscription in rows}
