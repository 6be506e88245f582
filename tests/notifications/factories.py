"""People and messages for tests of the ledger. Two kinds of our own stand for everybody else's."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from notifications import actions, kinds
from notifications.kinds import Category, MailKind
from notifications.models import LedgerRow

_numbers = itertools.count(1)


def render(row: LedgerRow) -> dict[str, Any]:
    link = ("Two new entries in your log", "https://alongside.test/log/")
    return {"sections": [{"heading": "Your log", "lines": [link]}]}


def wish_of_the_row(row: LedgerRow, at: datetime) -> str | None:
    """Not wanted when the row's own ids say why."""
    return str(row.ids["unwanted"]) if "unwanted" in row.ids else None


def kind(name: str, **traits: Any) -> MailKind:
    """A kind named tests.<name>, registered once for the whole run."""
    try:
        return kinds.get(f"tests.{name}")
    except kinds.UnknownKind:
        template = traits.pop("template", "mail/notifications/digest")
        full: dict[str, Any] = {"render": render, "still_wanted": wish_of_the_row, "title": f"Test {name}"} | traits
        return kinds.register(MailKind(name=f"tests.{name}", template=template, **full))


CAREFUL = kind("careful")
EAGER = kind("eager", on_lost_lease="requeue")
REMINDER = kind("reminder", category=Category.REMINDER, on_lost_lease="requeue")
LATE = kind("late", late_after=timedelta(hours=1))
SECRET = kind("secret", is_private=True)
FORGETFUL = kind("forgetful", is_private=True, on_lost_lease="requeue", forgets_address=True)


def make_person(**fields: Any) -> User:
    number = next(_numbers)
    fields = {"email": f"reader{number}@mail.test", "name": f"Reader {number}"} | fields
    return User.objects.create_user(**fields)


def queue(person: User | None = None, *, kind: MailKind = CAREFUL, **fields: Any) -> LedgerRow:
    """One message in the ledger, due now unless `due_at` says otherwise."""
    with transaction.atomic():
        person = person or make_person()
        given: dict[str, Any] = {"address": person.email, "recipient": person, "dedupe_key": f"test:{next(_numbers)}"}
        row = actions.queue_mail(kind=kind.name, **given | fields)
        assert row is not None
        return row


def state_of(row: LedgerRow) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason
