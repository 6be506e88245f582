"""The staff outbox: what a manager sees, decides and never sees."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Role, User
from notifications import actions, delivery, ledger, reasons
from notifications.models import LedgerRow, Suppression
from notifications.sink import Keeper
from tests.notifications import factories
from tests.notifications.factories import make_person, queue, state_of

pytestmark = pytest.mark.django_db

OUTBOX = "/staff/outbox/"


@pytest.fixture
def manager() -> User:
    person = make_person(name="Nerys Holloway")
    person.role_assignments.create(role=Role.MANAGER, granted_at=timezone.now())
    return person


@pytest.fixture
def staff(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def settle(row: LedgerRow, state: str, reason: str = "", **fields: Any) -> LedgerRow:
    LedgerRow.objects.filter(pk=row.pk).update(
        state=state, reason=reason, attempt=1, settled_at=timezone.now(), **fields
    )
    row.refresh_from_db()
    return row


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_a_manager_reads_who_what_when_and_why(staff: Client) -> None:
    sent = settle(queue(make_person(name="Imogen Achterberg")), "sent")
    skipped = settle(queue(make_person(name="Maud Everard")), "skipped", reasons.SWITCHED_OFF)

    page = text_of(staff, OUTBOX)

    assert {"Imogen Achterberg", "Maud Everard", "switched this kind of message off"} <= {
        words for words in ("Imogen Achterberg", "Maud Everard", "switched this kind of message off") if words in page
    }
    assert sent.recipient is not None
    assert sent.recipient.email in text_of(staff, f"{OUTBOX}{sent.pk}/")
    assert "switched" in text_of(staff, f"{OUTBOX}{skipped.pk}/")


@pytest.mark.parametrize(
    "address", ["", "?person=canary", "?person=canary@mail.test", "?kind=tests.secret", "?state=uncertain"]
)
def test_of_private_kinds_nobody_sees_who(staff: Client, address: str) -> None:
    person = make_person(name="Canary Quill", email="canary@mail.test")
    row = settle(queue(person, kind=factories.SECRET, secret={"code": "CANARY-CODE"}), "uncertain", reasons.WORKER_LOST)
    ledger.suppress(person.email, row=row, reason="550 5.1.1")

    pages = [
        text_of(staff, OUTBOX + address),
        text_of(staff, f"{OUTBOX}{row.pk}/"),
        text_of(staff, f"{OUTBOX}refused/"),
    ]

    found = [page.lower().replace(address.rpartition("=")[2], "") for page in pages]
    assert [
        ("quill" in page, "canary@mail" in page, "canary-code" in page, row.message_uuid.hex in page) for page in found
    ] == [(False, False, False, False)] * 3
    assert "Private" in pages[1]


def test_looking_for_a_person_leaves_private_messages_out(staff: Client) -> None:
    person = make_person(name="Canary Quill")
    queue(person, kind=factories.SECRET)
    public = queue(person)

    page = text_of(staff, f"{OUTBOX}?person=canary")

    assert f"{OUTBOX}{public.pk}/" in page
    assert page.count("<tr>") == 2


def test_uncertain_ones_stand_first_and_pages_are_by_key(staff: Client) -> None:
    uncertain = settle(queue(), "uncertain", reasons.WORKER_LOST)
    rows = [queue() for _ in range(60)]

    first = text_of(staff, OUTBOX)
    second = text_of(staff, f"{OUTBOX}?before={rows[10].pk}")

    shown = [f"/{row.pk}/" in first for row in [uncertain, *rows]]
    assert shown == [True, *[False] * 10, *[True] * 50]
    assert first.index(f"/{uncertain.pk}/") < first.index(f"/{rows[-1].pk}/")
    assert [f"/{row.pk}/" in second for row in rows] == [True] * 10 + [False] * 50


def test_filters_that_make_no_sense_are_left_out(staff: Client) -> None:
    queue(make_person(name="Imogen Achterberg"))

    assert "Imogen Achterberg" in text_of(staff, f"{OUTBOX}?state=nonsense&kind=x&before=minus")


def test_a_page_asks_the_same_number_of_queries_at_one_row_and_at_many(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    queue()
    staff.get(OUTBOX)
    with django_assert_max_num_queries(12) as one:
        staff.get(OUTBOX)
    for _ in range(30):
        settle(queue(), "uncertain", reasons.WORKER_LOST)
        queue()

    with django_assert_max_num_queries(12) as many:
        staff.get(OUTBOX)

    assert len(one) == len(many)


def test_send_again_goes_out_once_more_with_the_same_message_id(staff: Client, manager: User, sink: Keeper) -> None:
    row = settle(queue(secret={"token": "kept"}), "uncertain", reasons.WORKER_LOST)

    staff.post(f"{OUTBOX}{row.pk}/send-again/")
    second = staff.post(f"{OUTBOX}{row.pk}/send-again/", follow=True)
    delivery.deliver_due()

    assert [mail.message_id for mail in sink.received] == [row.message_id]
    assert state_of(row) == ("sent", "")
    assert "settled already" in second.content.decode()
    assert list(AuditEvent.objects.filter(target_id=row.pk).values_list("verb", "actor")) == [
        ("mail.sent_again", manager.pk)
    ]


def test_leave_it_is_final_and_wipes_the_secret(staff: Client, sink: Keeper) -> None:
    row = settle(queue(secret={"token": "kept"}), "uncertain", reasons.WORKER_LOST)

    staff.post(f"{OUTBOX}{row.pk}/leave/")
    staff.post(f"{OUTBOX}{row.pk}/send-again/")
    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.reason, row.secret, sink.received) == ("void", reasons.LEFT_ALONE, None, [])


def test_a_queued_message_can_be_stopped(staff: Client, sink: Keeper) -> None:
    row = queue()

    staff.post(f"{OUTBOX}{row.pk}/stop/")
    delivery.deliver_due()

    assert (state_of(row), sink.received) == (("void", reasons.STOPPED), [])


def test_an_address_is_written_to_again_once_lifted(staff: Client, sink: Keeper, manager: User) -> None:
    row = settle(queue(), "failed", "address_refused: 550 5.1.1")
    ledger.suppress(row.address, row=row, reason=row.reason)
    suppression = Suppression.objects.get()
    assert row.address in text_of(staff, f"{OUTBOX}refused/")

    for _ in range(2):
        staff.post(f"{OUTBOX}refused/{suppression.pk}/lift/")
    later = queue(row.recipient)
    delivery.deliver_due()

    suppression.refresh_from_db()
    assert (state_of(later), suppression.lifted_by) == (("sent", ""), manager)
    assert AuditEvent.objects.filter(verb="mail.suppression_lifted").count() == 1


@pytest.mark.parametrize("verb", ["send-again", "leave", "stop"])
def test_only_managers_decide(client: Client, verb: str) -> None:
    row = settle(queue(), "uncertain", reasons.WORKER_LOST)
    outsider, moderator = make_person(), make_person()
    moderator.role_assignments.create(role=Role.MODERATOR, granted_at=timezone.now())

    statuses = []
    for person in (outsider, moderator):
        client.force_login(person)
        statuses.append(client.post(f"{OUTBOX}{row.pk}/{verb}/").status_code)

    assert (statuses, state_of(row)[0]) == ([404, 403], "uncertain")


def test_an_uncertain_row_left_by_two_managers_at_once_is_settled_once(manager: User) -> None:
    row = settle(queue(), "uncertain", reasons.WORKER_LOST)

    actions.leave(row=row, by=manager)

    with pytest.raises(actions.AlreadySettled):
        actions.send_again(row=row, by=manager)
