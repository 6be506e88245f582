"""Workers that are killed, late or doubled; planners at once; brokers that are gone. Real processes, real threads."""

import contextlib
import datetime
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from notifications import actions, delivery, kinds, ledger, planning, reasons, reminders, wake
from notifications.ledger import Move
from notifications.models import LedgerRow, Mailer
from notifications.schedule import weekly_occurrence
from notifications.sink import Keeper
from tests.notifications import factories
from tests.notifications.factories import make_person, queue, state_of
from tests.notifications.sinks import running, silent_server

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = timedelta(seconds=1)
ROOT = Path(__file__).resolve().parents[2]


def in_threads(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act(number)` in `count` threads that start together; their answers."""
    gate, answers = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        try:
            gate.wait(timeout=10)
            answers[number] = act(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def end_lease(row: LedgerRow) -> None:
    LedgerRow.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


# ---- one worker's hold on a row ----


def test_a_row_that_was_only_claimed_is_queued_again(sink: Keeper) -> None:
    row = queue()
    ledger.claim(most=1, lease=LEASE)
    end_lease(row)

    delivery.requeue_lost()
    delivery.deliver_due()

    assert (state_of(row), len(sink.received)) == (("sent", ""), 1)


@pytest.mark.parametrize(
    ("kind", "outcome"), [("careful", ("uncertain", reasons.WORKER_LOST)), ("eager", ("queued", ""))]
)
def test_of_a_row_whose_server_was_asked_its_kind_decides(kind: str, outcome: tuple[str, str]) -> None:
    row = queue(kind=factories.kind(kind), secret={"token": "x"})
    (claimed,) = ledger.claim(most=1, lease=LEASE)
    ledger.record([Move(row=claimed, leaves="claimed", enters="submitting")], lease=LEASE)
    end_lease(row)

    delivery.requeue_lost()

    assert state_of(row) == outcome
    assert row.secret == {"token": "x"}


def test_a_row_within_its_lease_is_left_alone() -> None:
    row = queue()
    ledger.claim(most=1, lease=timedelta(minutes=1))

    assert delivery.requeue_lost() == 0
    assert state_of(row)[0] == "claimed"


def test_a_worker_that_wakes_up_too_late_changes_nothing() -> None:
    row = queue()
    (old,) = ledger.claim(most=1, lease=LEASE)
    end_lease(row)
    delivery.requeue_lost()
    (new,) = ledger.claim(most=1, lease=LEASE)

    late = ledger.record([Move(row=old, leaves="claimed", enters="submitting")], lease=LEASE)
    current = ledger.record([Move(row=new, leaves="claimed", enters="submitting")], lease=LEASE)

    assert (late, current, state_of(row)[0]) == (set(), {row.pk}, "submitting")


def test_a_row_withdrawn_while_a_worker_held_it_is_not_sent(sink: Keeper) -> None:
    row = queue()
    rows = ledger.claim(most=1, lease=LEASE)
    actions.void_mail(dedupe_keys=[row.dedupe_key], reason="superseded")

    from notifications.transport import Transport

    with Transport() as transport:
        delivery.Batch(rows, transport, LEASE, delivery.never).send()

    assert (state_of(row), sink.received) == (("void", "superseded"), [])


def test_many_workers_at_once_send_each_row_once(sink: Keeper) -> None:
    rows = [queue() for _ in range(60)]

    in_threads(5, lambda _number: delivery.deliver_due())

    assert Counter(mail.message_id for mail in sink.received) == Counter(row.message_id for row in rows)
    assert set(LedgerRow.objects.values_list("state", flat=True)) == {"sent"}


def test_five_planners_at_once_make_one_row_a_key() -> None:
    readers = [make_person() for _ in range(10)]

    def plan(at: Any) -> None:
        for reader in readers:
            with transaction.atomic():
                actions.queue_mail(
                    kind=factories.REMINDER.name,
                    address=reader.email,
                    recipient=reader,
                    dedupe_key=f"race:{reader.pk}",
                    due_at=timezone.now() + timedelta(days=1),
                )

    in_threads(5, plan)

    assert LedgerRow.objects.filter(dedupe_key__startswith="race:").count() == 10


def test_five_sweeps_at_once_plan_one_digest_a_reader() -> None:
    readers = [make_person() for _ in range(10)]
    type(readers[0]).objects.update(joined_at=timezone.now() - timedelta(days=30))
    monday = weekly_occurrence(timezone.now(), weekday=0, clock=datetime.time(8), zone=readers[0].zone)

    in_threads(5, lambda _number: planning.plan_digests(monday + timedelta(minutes=1)))

    assert LedgerRow.objects.filter(kind="notifications.digest").count() == 10


# ---- transactions and brokers ----


def test_a_change_rolled_back_leaves_no_mail() -> None:
    person = make_person()

    def change_and_fail() -> None:
        with transaction.atomic():
            actions.queue_mail(kind=factories.CAREFUL.name, address=person.email, recipient=person, dedupe_key="gone")
            raise LookupError

    with pytest.raises(LookupError):
        change_and_fail()

    assert not LedgerRow.objects.exists()


def test_mail_is_queued_inside_a_transaction_only() -> None:
    with pytest.raises(actions.OutsideTransaction):
        actions.queue_mail(kind=factories.CAREFUL.name, address="a@mail.test", recipient=None, dedupe_key="x")


@pytest.fixture
def silent_broker(settings: Any) -> Iterator[None]:
    """A broker that accepts connections and never says a word."""
    from celery import current_app

    usual = current_app.conf.broker_url
    with silent_server() as port:
        current_app.conf["broker_url"] = f"redis://127.0.0.1:{port}/0"
        yield
    current_app.conf["broker_url"] = usual


def test_a_silent_broker_costs_a_moment_and_the_sweep_sends(sink: Keeper, silent_broker: None) -> None:
    began = time.monotonic()
    row = queue()
    took = time.monotonic() - began

    assert (took < 2, state_of(row)[0]) == (True, "queued")
    sweep()
    assert state_of(row) == ("sent", "")


def sweep() -> None:
    from notifications import tasks

    tasks.sweep()


def test_a_reminder_schedule_that_breaks_holds_up_no_other() -> None:
    asked: list[Any] = []

    def broken(at: Any) -> None:
        raise LookupError

    reminders.register("tests.broken", broken)
    reminders.register("tests.sound", asked.append)
    try:
        assert "tests.broken" in reminders.plan(timezone.now())
        assert len(asked) == 1
    finally:
        for name in ("tests.broken", "tests.sound"):
            del reminders._triggers[name]


def test_a_code_is_sent_at_once_after_the_commit(sink: Keeper) -> None:
    row = queue(kind=factories.kind("code", is_urgent=True, is_private=True), secret={"code": "ABC"})

    row.refresh_from_db()
    assert (row.state, row.secret, len(sink.received)) == ("sent", None, 1)


def test_a_code_that_cannot_go_at_once_stays_for_the_worker(settings: Any) -> None:
    from tests.notifications.sinks import closed_port, mailer

    settings.MAILERS = mailer(closed_port())
    row = queue(kind=factories.kind("code", is_urgent=True, is_private=True), secret={"code": "ABC"})

    assert state_of(row)[0] == "queued"
    Mailer.objects.update(stopped_until=None)
    keeper = Keeper()
    with running(keeper) as port:
        settings.MAILERS = mailer(port)
        delivery.deliver_due()
    assert (state_of(row)[0], len(keeper.received)) == ("sent", 1)


def test_a_wake_up_reaches_the_broker_and_a_closed_one_costs_a_moment(settings: Any) -> None:
    from celery import current_app

    from tests.notifications.sinks import closed_port

    assert wake.worker()
    usual = current_app.conf.broker_url
    current_app.conf["broker_url"] = f"redis://127.0.0.1:{closed_port()}/0"
    try:
        began = time.monotonic()
        assert (wake.worker(), time.monotonic() - began < 2) == (False, True)
    finally:
        current_app.conf["broker_url"] = usual


@pytest.mark.slow
def test_a_real_worker_sends_what_a_commit_woke_it_for() -> None:
    keeper = Keeper()
    celery = ["-m", "celery", "-A", "config", "worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
    with running(keeper) as port, contextlib.ExitStack() as cleanup:
        process = start(celery, port)
        cleanup.callback(_kill, process)
        row = queue(kind=kinds.get("account.password_changed"), secret={"timestamp": "today"})
        _until(lambda: state_of(row)[0] == "sent", 60)

    assert [mail.message_id for mail in keeper.received] == [row.message_id]
    assert (*state_of(row), row.secret) == ("sent", "", None)


# ---- kill -9 ----


def worker(port: int) -> "subprocess.Popen[bytes]":
    """A real worker process that knows the tests' kinds."""
    return start(["-c", _WORKER], port)


def start(arguments: list[str], port: int) -> "subprocess.Popen[bytes]":
    """A Python process on the test database, whose mail goes to `port`."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {
        "DATABASE_URL": address,
        "MAIL_URL": f"smtp://127.0.0.1:{port}",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


_WORKER = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
import tests.notifications.factories
from django.core.management import call_command
call_command("deliver_mail", "--until-empty", "--lease-seconds", "1")
"""


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_send_at_most_one_extra_copy_a_kill() -> None:
    """Half of the rows go again when in doubt, half become uncertain; both are counted."""
    with transaction.atomic():
        reader = make_person()
        rows = [queue(reader, kind=kind) for kind in (factories.EAGER, factories.CAREFUL) * 250]
    keeper, kills, dice = Keeper(), 0, random.Random(7)

    with running(keeper) as port, contextlib.ExitStack() as cleanup:
        workers = [worker(port) for _ in range(2)]
        cleanup.callback(_kill_all, workers)
        ends = time.monotonic() + 300  # on a machine busy with something else; it takes ten seconds on a quiet one
        while LedgerRow.objects.filter(state__in=("queued", "claimed", "submitting")).exists():
            assert time.monotonic() < ends, Counter(LedgerRow.objects.values_list("state", flat=True))
            enough = kills >= 8
            victim = dice.randrange(2)
            if not enough and keeper.received and workers[victim].poll() is None:
                before = len(keeper.received)
                _until(partial(_has_more_than, keeper, before + dice.randrange(40)), 2)
                _kill(workers[victim])
                kills += 1
            for number, process in enumerate(workers):
                if process.poll() is not None:
                    workers[number] = worker(port)
            _until(lambda: False, 0.05)

    copies = Counter(mail.message_id for mail in keeper.received)
    state = {row.message_id: row.state for row in LedgerRow.objects.all()}
    extra = sum(copies.values()) - len(copies)
    uncertain = [message_id for message_id, current in state.items() if current == "uncertain"]
    lost = [row.message_id for row in rows if row.message_id not in copies and row.message_id not in uncertain]
    assert kills >= 4
    assert lost == []
    assert [message_id for message_id, current in state.items() if current == "sent" and not copies[message_id]] == []
    assert extra <= kills
    assert len(uncertain) <= kills
    assert set(state.values()) <= {"sent", "uncertain"}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(timeout=10)


def _kill_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        _kill(process)


def _has_more_than(keeper: Keeper, count: int) -> bool:
    return len(keeper.received) > count


def _until(is_true: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    waiting = threading.Event()
    while time.monotonic() < ends and not is_true():
        waiting.wait(0.005)
