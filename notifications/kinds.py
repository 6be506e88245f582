"""Every mail the system may send is a registered kind; the ledger refuses any other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from notifications.models import LedgerRow


class Category(TextChoices):
    """Service mail always comes; the others can be switched off with one click, each by itself."""

    SERVICE = "service", _("Messages you always get")
    REMINDER = "reminder", _("Reminders of sessions")
    NUDGE = "nudge", _("Reminders to write")
    DIGEST = "digest", _("Weekly digest")


OPTIONAL = (Category.REMINDER, Category.NUDGE, Category.DIGEST)
# That somebody is reminded of writing, or no longer, is theirs (DESIGN §2): switching it leaves no row in the trail.
UNRECORDED = (Category.NUDGE,)


class UnknownKind(LookupError):
    """No app registered a kind of this name."""


class DuplicateKind(RuntimeError):
    """Two apps registered a kind of the same name."""


class NotWanted(Exception):
    """Raised by `render` when there turns out to be nothing to say; its text is the reason staff read."""


def always_wanted(row: "LedgerRow", at: datetime) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class MailKind:
    """What the ledger must know about one kind of mail.

    `template` is a prefix: with "mail/pairs/invitation" the three templates are
    `templates/mail/pairs/invitation_subject.txt`, `…_message.txt` and `…_message.html`.
    `render(row)` gives their context, built from `row.ids` (and `row.secret`) when the mail goes out.
    `still_wanted(row, at)` is asked just before: None means send, a text is the reason it is skipped.
    `forgets_address`: of a reader who has no account, the address goes with the secret once the row is final.
    """

    name: str
    title: str
    template: str
    render: Callable[["LedgerRow"], dict[str, Any]]
    category: Category = Category.SERVICE
    is_private: bool = False
    is_urgent: bool = False
    forgets_address: bool = False
    late_after: timedelta | None = None
    on_lost_lease: Literal["requeue", "uncertain"] = "uncertain"
    still_wanted: Callable[["LedgerRow", datetime], str | None] = always_wanted

    @property
    def is_optional(self) -> bool:
        return self.category != Category.SERVICE

    @property
    def priority(self) -> int:
        """Codes pass everything; a person's own matters pass reminders; the digest waits."""
        if self.is_urgent:
            return 0
        return {Category.SERVICE: 1, Category.REMINDER: 2, Category.NUDGE: 2, Category.DIGEST: 3}[self.category]


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> MailKind:
    """Make `kind` known. Called while `AppConfig.ready` imports the app's `mail.py`.

    Raises DuplicateKind when the name is taken by another kind.
    """
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise DuplicateKind(kind.name)
    return kind


def get(name: str) -> MailKind:
    """The kind of this name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def forgetful() -> list[str]:
    """The names of those whose rows keep no address of a stranger."""
    return [kind.name for kind in _kinds.values() if kind.forgets_address]


def every() -> list[MailKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.title)
