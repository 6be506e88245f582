"""From the ledger to a real mail server: what it answers decides where a row goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications import actions, delivery, ledger, reasons
from notifications.models import LedgerRow, Mailer, Subscription, Suppression
from notifications.sink import Fault, Keeper
from tests.notifications import factories
from tests.notifications.factories import make_person, queue, state_of
from tests.notifications.sinks import closed_port, mailer, silent_server

pytestmark = pytest.mark.django_db


def test_what_is_due_goes_out_once_to_one_recipient(sink: Keeper) -> None:
    row = queue()

    delivery.deliver_due()
    delivery.deliver_due()

    assert [(mail.recipients, mail.message_id) for mail in sink.received] == [([row.address], row.message_id)]
    assert state_of(row) == ("sent", "")


def test_what_is_not_due_waits(sink: Keeper) -> None:
    row = queue(due_at=timezone.now() + timedelta(minutes=1))

    delivery.deliver_due()

    assert (sink.received, state_of(row)) == ([], ("queued", ""))


def test_the_same_key_is_one_row() -> None:
    person = make_person()
    queue(person, dedupe_key="once")

    with transaction.atomic():
        second = actions.queue_mail(
            kind=factories.CAREFUL.name, address=person.email, recipient=person, dedupe_key="once"
        )

    assert second is None
    assert LedgerRow.objects.filter(dedupe_key="once").count() == 1


def test_codes_pass_a_backlog(sink: Keeper) -> None:
    digests = [queue(kind=factories.REMINDER) for _ in range(3)]
    code = queue(kind=factories.kind("code", is_urgent=True, is_private=True))

    delivery.deliver_due()

    assert [mail.message_id for mail in sink.received] == [row.message_id for row in [code, *digests]]


def test_secrets_are_wiped_when_the_mail_has_gone(sink: Keeper) -> None:
    row = queue(kind=factories.SECRET, secret={"code": "ABC-123"})

    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.secret) == ("sent", None)


@pytest.mark.parametrize("state", LedgerRow.FINAL)
def test_the_database_refuses_a_secret_in_a_final_row(state: str) -> None:
    row = queue(secret={"code": "ABC-123"})

    with pytest.raises(IntegrityError, match="no_secret_in_a_final_row"), transaction.atomic():
        LedgerRow.objects.filter(pk=row.pk).update(
            state=state, reason="x", attempt=1, settled_at=timezone.now(), lease_until=None
        )


def forgotten(person: Any = None, **fields: Any) -> LedgerRow:
    """A message of a kind that forgets a stranger's address; to a stranger, unless a person is named."""
    row = queue(person, kind=factories.FORGETFUL, **fields)
    if person is None:
        LedgerRow.objects.filter(pk=row.pk).update(recipient=None)
        row.recipient = None
    return row


def test_of_a_stranger_no_address_is_kept_once_the_message_has_gone_or_been_given_up(sink: Keeper) -> None:
    sent, refused, unwanted, later = forgotten(), forgotten(), forgotten(ids={"unwanted": "too_late"}), forgotten()
    known, careful = forgotten(make_person()), queue()
    sink.faults = {
        refused.address: Fault("rcpt", "550 5.1.1 no such user"),
        later.address: Fault("rcpt", "451 4.7.1 later"),
    }
    kept = {row.pk: row.address for row in (later, known, careful)}

    delivery.deliver_due()

    rows = LedgerRow.objects.filter(pk__in=[sent.pk, refused.pk, unwanted.pk, *kept])
    assert {row.pk: row.address for row in rows if row.address} == kept
    assert [mail.recipients for mail in sink.received if mail.message_id == sent.message_id] == [[sent.address]]
    assert Suppression.objects.get().address_hash == ledger.address_hash(refused.address)


def test_of_a_stranger_no_address_is_kept_when_somebody_stops_the_message() -> None:
    manager = make_person()
    stopped, voided, left = forgotten(), forgotten(), forgotten()
    LedgerRow.objects.filter(pk=left.pk).update(
        state="uncertain", reason="no_answer", attempt=1, settled_at=timezone.now()
    )

    actions.stop(row=stopped, by=manager)
    actions.void_mail(dedupe_keys=[voided.dedupe_key], reason="left")
    actions.leave(row=left, by=manager)

    rows = LedgerRow.objects.filter(kind=factories.FORGETFUL.name)
    assert {(row.state, row.address) for row in rows} == {("void", "")}


# ---- the last question before sending ----


def test_skipped_with_its_reason_when_no_longer_wanted(sink: Keeper) -> None:
    late = queue(kind=factories.LATE, due_at=timezone.now() - timedelta(hours=2))
    expired = queue(expires_at=timezone.now() - timedelta(seconds=1))
    left = queue(make_person(is_active=False))
    unwanted = queue(ids={"unwanted": "session_moved"})
    reader = make_person()
    Subscription.objects.create(user=reader, category="reminder", is_on=False)
    off = queue(reader, kind=factories.REMINDER)
    always = queue(reader)
    bounced = queue()
    ledger.suppress(bounced.address.upper(), row=None, reason="550")

    delivery.deliver_due()

    assert {state_of(row) for row in (late, expired, left, unwanted, off, bounced)} == {
        ("skipped", reasons.TOO_LATE),
        ("skipped", reasons.EXPIRED),
        ("skipped", reasons.INACTIVE),
        ("skipped", "session_moved"),
        ("skipped", reasons.SWITCHED_OFF),
        ("skipped", reasons.SUPPRESSED),
    }
    assert [mail.message_id for mail in sink.received] == [always.message_id]


def test_a_choice_changed_between_planning_and_sending_counts(sink: Keeper) -> None:
    reader = make_person()
    row = queue(reader, kind=factories.REMINDER)
    actions.choose_mail(by=reader, is_on={"reminder": False})

    delivery.deliver_due()

    assert (sink.received, state_of(row)) == ([], ("skipped", reasons.SWITCHED_OFF))


def test_withdrawn_mail_does_not_go(sink: Keeper) -> None:
    row, other = queue(secret={"token": "x"}), queue()

    assert actions.void_mail(dedupe_keys=[row.dedupe_key], reason="replaced_by_a_new_link") == 1
    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.reason, row.secret) == ("void", "replaced_by_a_new_link", None)
    assert [mail.message_id for mail in sink.received] == [other.message_id]


def test_withdrawing_needs_a_filter_and_a_reason() -> None:
    with pytest.raises(ValueError, match="which mail"):
        actions.void_mail(reason="why")
    with pytest.raises(ValueError, match="which mail"):
        actions.void_mail(kinds=["x"], reason="")


# ---- what the server answers ----


def test_a_mailbox_refused_for_good_is_never_written_to_again(sink: Keeper) -> None:
    row = queue()
    sink.faults[row.address] = Fault("rcpt", "550 5.1.1 no such user <secret@mail.test>")

    delivery.deliver_due()
    again = queue(row.recipient)
    delivery.deliver_due()

    assert state_of(row) == ("failed", "address_refused: 550 5.1.1")
    assert state_of(again) == ("skipped", reasons.SUPPRESSED)
    assert Suppression.objects.get().address_hash == ledger.address_hash(row.address)


def test_a_message_refused_for_good_fails_and_its_address_stays_good(sink: Keeper) -> None:
    row = queue()
    sink.faults[row.address] = Fault("data", "554 5.7.1 not liked")

    delivery.deliver_due()

    assert state_of(row) == ("failed", "message_refused: 554 5.7.1")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "fault", [Fault("rcpt", "451 4.7.1 later"), Fault("data", "452 4.3.1 full"), Fault("rcpt", "421 4.3.2 bye")]
)
def test_not_now_waits_a_minute_and_holds_up_nobody_else(sink: Keeper, fault: Fault) -> None:
    row, other = queue(), queue()
    sink.faults[row.address] = fault

    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.retries, row.reason) == ("queued", 1, f"try_later: {fault.answer.rsplit(' ', 1)[0]}")
    assert timedelta(seconds=40) < row.next_try_at - timezone.now() < timedelta(seconds=80)
    assert state_of(other) == ("sent", "")


def test_given_up_after_a_whole_day(sink: Keeper) -> None:
    row = queue(due_at=timezone.now() - timedelta(hours=25))
    LedgerRow.objects.filter(pk=row.pk).update(retries=5)
    sink.faults[row.address] = Fault("rcpt", "451 4.7.1 later")

    delivery.deliver_due()

    assert state_of(row) == ("failed", "gave_up: try_later: 451 4.7.1")


def test_silence_after_the_text_is_in_doubt_and_its_kind_decides(sink: Keeper) -> None:
    careful, eager = queue(), queue(kind=factories.EAGER)
    sink.faults = {row.address: Fault("drop") for row in (careful, eager)}

    delivery.deliver_due()

    assert state_of(careful) == ("uncertain", reasons.NO_ANSWER)
    assert state_of(eager)[0] == "queued"
    LedgerRow.objects.filter(pk=eager.pk).update(next_try_at=eager.due_at)
    sink.faults = {}
    delivery.deliver_due()
    assert [mail.message_id for mail in sink.received].count(eager.message_id) == 2


def test_a_server_that_hangs_is_left_in_time(sink: Keeper, settings: Any) -> None:
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.3
    row, other = queue(), queue()
    sink.faults[row.address] = Fault("hang")

    delivery.deliver_due()

    assert state_of(row) == ("uncertain", reasons.NO_ANSWER)
    assert state_of(other) == ("sent", "")


# ---- a server that cannot be reached ----


def test_a_closed_port_stops_the_mailer_and_burns_no_attempt(settings: Any, sink: Keeper) -> None:
    reachable = settings.MAILERS
    settings.MAILERS = mailer(closed_port())
    rows = [queue() for _ in range(3)]

    delivery.deliver_due()

    assert {(*state_of(row), row.retries) for row in rows} == {("queued", "", 0)}
    assert Mailer.objects.get().failures == 1
    settings.MAILERS = reachable
    assert delivery.deliver_due() == 0
    Mailer.objects.update(stopped_until=timezone.now() - timedelta(minutes=1))
    assert delivery.deliver_due() == 3
    assert Mailer.objects.get().failures == 0


@pytest.mark.parametrize("greeting", [b"", b"421 4.3.2 busy\r\n"])
def test_a_server_that_will_not_begin_stops_the_mailer(settings: Any, greeting: bytes) -> None:
    row = queue()
    with silent_server(greeting) as port:
        settings.MAILERS = mailer(port, timeout=0.3)
        delivery.deliver_due()

    assert (state_of(row), row.retries, Mailer.objects.get().failures) == (("queued", ""), 0, 1)


def test_each_failure_in_a_row_stops_the_mailer_for_longer_up_to_a_minute() -> None:
    waits = []
    for _ in range(6):
        ledger.stop_mailer("refused")
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM stopped_until - now()) FROM notifications_mailer")
            waits.append(int(cursor.fetchone()[0]))

    assert waits == [5, 10, 20, 40, 60, 60]


# ---- rows that cannot be written ----


def test_a_poisoned_row_holds_up_nobody_else(sink: Keeper) -> None:
    def broken(row: LedgerRow) -> dict[str, Any]:
        raise LookupError(row.pk)

    poisoned = queue(kind=factories.kind("poisoned", render=broken))
    no_template = queue(kind=factories.kind("no_template", template="mail/none/such"))
    good = queue()

    delivery.deliver_due()

    assert state_of(poisoned) == ("queued", "could_not_be_written: LookupError")
    assert state_of(no_template) == ("queued", "could_not_be_written: TemplateDoesNotExist")
    assert (poisoned.retries, state_of(good)) == (1, ("sent", ""))


@pytest.mark.parametrize(
    "address", ["two@mail.test\r\nBcc: all@mail.test", "no-at-sign", "x@" + "a" * 70 + ".test", "ünï@mail.test"]
)
def test_an_address_no_server_can_be_asked_for_fails_alone(sink: Keeper, address: str) -> None:
    bad, good = queue(address=address), queue()

    delivery.deliver_due()

    assert (state_of(bad)[0], state_of(good)) == ("failed", ("sent", ""))
    assert [mail.recipients for mail in sink.received] == [[good.address]]


def test_the_queue_runs_at_the_same_number_of_queries_a_message(sink: Keeper, django_assert_num_queries: Any) -> None:
    queue(kind=factories.REMINDER)
    with django_assert_num_queries(10):
        delivery.deliver_due()
    for _ in range(20):
        queue(kind=factories.REMINDER)

    with django_assert_num_queries(10 + 19):
        delivery.deliver_due()
