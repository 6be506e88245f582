"""Personal digests through the ledger, two worker processes, against raw smtplib on one connection, in one run.

    python bench/mail.py [messages]

Starts its own PostgreSQL (durable, as in production), Valkey and mail catcher. DESIGN §7: at least 500 a second with
every promise of the ledger kept, on the machine where raw smtplib reaches 1,446 a second.
"""

import os
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.embedded import Postgres, Valkey  # noqa: E402  (found only after the line above)

WORKERS = 2

_WORKER = """
import django
django.setup()
from bench import mail
mail.register_section()
from django.core.management import call_command
print("ready", flush=True)
input()
call_command("deliver_mail", "--until-empty")
"""


def register_section() -> None:
    """One section that asks the database one question, as those of the apps do, and is the only one."""
    from accounts.models import User
    from notifications import digests
    from notifications.digests import DigestSection

    def section(user: User, since: datetime, until: datetime) -> DigestSection:
        count = user.mail_subscriptions.count()
        return DigestSection("Your log", [(f"{count} new entries", "/log/"), ("A session on Thursday", "/sessions/")])

    digests._sections[:] = [section]


def fill(messages: int) -> None:
    """`messages` readers, each with a digest that is due."""
    from accounts.models import User
    from notifications.models import LedgerRow
    from notifications.planning import plan_digests
    from notifications.schedule import week_of

    at = datetime.now().astimezone()
    readers = [User(email=f"reader{number}@bench.test", name=f"Reader {number}") for number in range(messages)]
    User.objects.bulk_create(readers, batch_size=2000)
    User.objects.update(joined_at=at - timedelta(days=60))
    monday = at - timedelta(days=at.weekday(), hours=at.hour - 9)
    planned = plan_digests(monday)
    assert planned == messages, (planned, messages, week_of(monday, readers[0].zone))
    LedgerRow.objects.update(due_at=at, next_try_at=at)


def ledger(messages: int, environment: dict[str, str]) -> float:
    """Messages a second from the first claim to the last answer noted."""
    from notifications.models import LedgerRow

    command = [sys.executable, "-c", _WORKER]
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate()
    took = time.perf_counter() - began
    assert LedgerRow.objects.filter(state="sent").count() == messages
    return messages / took


def raw(messages: int, port: int) -> float:
    """The limit: one message built before, sent again and again over one connection."""
    from notifications.models import LedgerRow

    row = LedgerRow.objects.filter(state="queued").first()
    assert row is not None
    from notifications.desk import Desk

    message = Desk([row]).message(row)
    wire = message.as_bytes()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        began = time.perf_counter()
        for _ in range(messages):
            smtp.sendmail(message.envelope_from, [message.envelope_to], wire)
        return messages / (time.perf_counter() - began)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def services() -> Iterator[int]:
    """Everything it takes, in a folder that is gone afterwards; the catcher's port."""
    port = free_port()
    os.environ.update(DEBUG="0", DEMO="0", SECRET_KEY="only-for-the-benchmark-" + "x" * 50)
    os.environ.update(SITE_URL="https://alongside.test", DEFAULT_FROM_EMAIL="Alongside <hello@alongside.test>")
    os.environ.update(MAIL_URL=f"smtp://127.0.0.1:{port}", DJANGO_SETTINGS_MODULE="config.settings")
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        os.environ["DATA_DIR"] = str(here / "data")
        sink = [sys.executable, "-m", "notifications.sink", "--port", str(port), "--folder", str(here / "mail")]
        with Postgres(here / "postgres") as postgres, Valkey(here / "valkey", persistent=False) as valkey:
            os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=valkey.url)
            server = subprocess.Popen(sink, cwd=ROOT)
            try:
                yield port
            finally:
                server.terminate()
                server.wait(timeout=10)


def main(messages: int) -> None:
    with services() as port:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        register_section()
        fill(messages)
        limit = raw(messages, port)
        ours = ledger(messages, dict(os.environ))
        connections.close_all()
    print(f"{messages} personal digests to a local mail server")
    print(f"  raw smtplib, one connection, message built once   {limit:8.0f}/s")
    print(f"  the ledger, two workers, every promise kept       {ours:8.0f}/s   {ours / limit:.2f} of raw")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
