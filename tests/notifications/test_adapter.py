"""allauth's mail goes through the ledger: private, wiped, at once where somebody waits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from notifications import delivery, mail
from notifications.kinds import get
from notifications.models import LedgerRow
from notifications.sink import Keeper
from tests.notifications.factories import make_person
from tests.notifications.sinks import body, parsed

pytestmark = pytest.mark.django_db


def every_prefix() -> set[str]:
    """Every mail that the installed allauth can send, from its own templates."""
    templates = Path(allauth.__file__).parent / "templates"
    found = [path for app in ("account", "mfa") for path in (templates / app / "email").glob("*_subject.txt")]
    return {str(path.relative_to(templates)).removesuffix("_subject.txt") for path in found}


def test_every_mail_allauth_can_send_has_a_private_kind() -> None:
    kinds = [get(mail.account_kind(prefix)) for prefix in every_prefix()]

    assert len(kinds) > 15
    assert {(kind.is_private, kind.on_lost_lease, kind.is_optional) for kind in kinds} == {(True, "requeue", False)}


@pytest.fixture
def adapter(rf: Any) -> Any:
    from notifications.adapter import AccountAdapter

    return AccountAdapter(rf.get("/"))


@pytest.mark.parametrize("prefix", sorted(every_prefix()))
def test_each_is_written_in_our_words_with_nothing_left_open(adapter: Any, sink: Keeper, prefix: str) -> None:
    person = make_person()
    context = {
        "code": "ABC-DEF",
        "password_reset_url": "https://alongside.test/reset/",
        "activate_url": "https://alongside.test/confirm/",
        "from_email": "old@mail.test",
        "to_email": "new@mail.test",
        "deleted_email": "gone@mail.test",
        "timestamp": person.joined_at,
        "user": person,
        "request": object(),
        "key": None,
    }

    adapter.send_mail(prefix, person.email, context)
    row = LedgerRow.objects.get()
    assert (row.recipient, row.secret is None) == (person, False)
    delivery.deliver_due()

    raw = sink.received[0].raw
    row.refresh_from_db()
    assert (row.state, row.secret) == ("sent", None)
    assert "ABC-DEF" not in str(parsed(raw)["Subject"])
    for text in (body(raw), body(raw, "html")):
        assert "{{" not in text
        assert "example.com" not in text
    assert ("ABC-DEF" in body(raw)) == ("ABC-DEF" in body(raw, "html"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_sign_in_code_arrives_before_the_page_does(client: Client, sink: Keeper, is_known: bool) -> None:
    address = make_person().email if is_known else "nobody@mail.test"

    client.post(reverse("account_request_login_code"), {"email": address})

    row = LedgerRow.objects.get()
    assert [received.recipients for received in sink.received] == [[address]]
    assert (row.kind, row.state, row.secret) == (
        "account.login_code" if is_known else "account.unknown_account",
        "sent",
        None,
    )


def test_a_code_nobody_can_use_any_more_is_not_sent(adapter: Any, sink: Keeper) -> None:
    person = make_person()
    adapter.send_mail("account/email/login_code", person.email, {"code": "ABC", "user": person})
    LedgerRow.objects.update(expires_at=F("queued_at") - timedelta(minutes=1))

    delivery.deliver_due()

    row = LedgerRow.objects.get()
    assert (row.state, row.reason, row.secret, sink.received) == ("skipped", "expired", None, [])
