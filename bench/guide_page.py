"""The guide page and a comment sent in, against bare Django views, in one run behind one web server.

    python bench/guide_page.py [seconds a measurement]

Starts its own PostgreSQL (durable, as in production), Valkey and gunicorn (two workers). DESIGN §7: the page at least
half of the bare one-query view that sends as many bytes, at most 60 kB, the same at 50, 5,000 and 33,000 comments; a
comment at least a third of the bare INSERT view.
"""

import http.client
import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.embedded import Postgres, Valkey, free_port  # noqa: E402  (found only after the line above)

READERS = 8
SIZES = (50, 500, 5_000, 33_000)
TEXT = "We tried the three sentences with a new pair last month. The one about what you would rather not talk about "
WORDS = {"name": "Oriel Tamblyn", "role": "Community pharmacist", "organisation": "Marrowby Road", "text": TEXT * 2}


@dataclass(frozen=True)
class Measured:
    """One line of the table: `rate` a second, and what it is held against."""

    work: str
    rate: float
    limit: float
    wanted: float
    bytes: int = 0

    def __str__(self) -> str:
        ratio = self.rate / self.limit
        verdict = "ok" if ratio >= self.wanted else "BELOW"
        size = f"{self.bytes / 1000:6.1f} kB" if self.bytes else " " * 9
        return f"{self.work:<42}{self.rate:9.0f}/s {size}  limit {self.limit:6.0f}/s  ratio {ratio:4.2f}  {verdict}"


Request = tuple[str, str, bytes | None, dict[str, str]]


def rate(port: int, seconds: float, requests: Callable[[int], Iterator[Request]], expected: int) -> float:
    """Answers a second for READERS who each keep one connection; a wrong status ends the run."""

    def read(number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        done = 0
        for method, path, body, headers in requests(number):
            if time.perf_counter() >= until:
                break
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == expected, (path, answer.status)
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(READERS) as pool:
        began = time.perf_counter()
        until = began + seconds
        done = sum(pool.map(read, range(READERS)))
        return done / (time.perf_counter() - began)


def beside(
    port: int,
    seconds: float,
    limit: Callable[[int], Iterator[Request]],
    ours: Callable[[int], Iterator[Request]],
    ok: int,
) -> tuple[float, float]:
    """Rates of ours and of the limit, in turns of a second, so that what else the machine does meets both alike."""
    turns = [(rate(port, 1, limit, ok), rate(port, 1, ours, ok)) for _ in range(max(1, round(seconds)))]
    return statistics.median(turn[1] for turn in turns), statistics.median(turn[0] for turn in turns)


def pages(path: str) -> Callable[[int], Iterator[Request]]:
    def ask(number: int) -> Iterator[Request]:
        while True:
            yield "GET", path, None, {}

    return ask


def fetch(port: int, path: str) -> tuple[bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200, (path, answer.status)
    return answer.read(), dict(answer.getheaders())


def fill(number: int) -> None:
    """The guide "bench" with `number` published comments, each with its decision."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from comments.models import Comment, Decision
    from guides import actions
    from guides.actions import EditionText, SectionText
    from guides.models import Guide

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE comments_decision, comments_comment CASCADE")
    manager, _ = User.objects.get_or_create(email="bench@bench.test", defaults={"name": "Bench"})
    guide = Guide.objects.filter(slug="bench").first()
    if guide is None:
        sections = [SectionText(f"Part {part}", TEXT * 12) for part in range(5)]
        text = EditionText(title="Bench", lede="A guide.", key_messages=["One.", "Two."], sections=sections)
        edition = actions.create_guide(text=text, by=manager).editions.get()
        now = timezone.now()
        guide = actions.publish_edition(edition=edition, version=1, change_summary="", by=manager, at=now)
    now = timezone.now()
    rows = [
        Comment(
            guide=guide,
            edition=guide.current_edition,
            name=f"Reader {one}",
            role="Carer",
            organisation="Corran Vale",
            email=f"reader{one}@bench.test",
            text=TEXT * (1 + one % 3),
            state="published",
            version=2,
            created_at=now,
            published_at=now,
        )
        for one in range(number)
    ]
    Comment.objects.bulk_create(rows, batch_size=5000)
    Decision.objects.bulk_create(
        [Decision(comment=row, comment_version=1, verb="published", by=manager, at=now) for row in rows],
        batch_size=5000,
    )
    actions.page_changed(guide_id=guide.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def comments(port: int, path: str, more: dict[str, str]) -> Callable[[int], Iterator[Request]]:
    """People who each send a comment of their own, from a network and an address of their own."""
    from comments.forms import TICKET
    from config.tickets import Ticket

    page, headers = fetch(port, "/guides/bench/comment/")
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    cookie = headers["Set-Cookie"].partition(";")[0]

    counter = itertools.count(1)

    def send(number: int) -> Iterator[Request]:
        while True:
            sent = next(counter)
            typed = {**WORDS, **more, "email": f"w{number}.{sent}@bench.test", "ticket": str(Ticket.new(TICKET))}
            body = urlencode({**typed, "csrfmiddlewaretoken": found[1].decode()}).encode()
            forwarded = f"10.{sent >> 11 & 255}.{sent >> 3 & 255}.{number}"  # eight of a network, of twelve it may send
            yield (
                "POST",
                path,
                body,
                {
                    "Cookie": cookie,
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": forwarded,
                },
            )

    return send


@contextmanager
def running() -> Iterator[int]:
    """The port of the web server, with everything it needs, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        here = Path(folder)
        port = free_port()
        with Postgres(here / "postgres") as postgres, Valkey(here / "valkey") as valkey:
            os.environ.update(
                DEMO="1",
                DEBUG="0",
                SECRET_KEY="only-for-the-bench-" + "x" * 50,
                DATABASE_URL=postgres.url,
                REDIS_URL=valkey.url,
                DATA_DIR=str(here / "data"),
                PORT=str(port),
                TRUSTED_PROXY_COUNT="1",
                DJANGO_SETTINGS_MODULE="bench.limits_settings",
            )
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            fill(SIZES[0])
            command = [sys.executable, "-m", "gunicorn", "-c", "python:config.web_server", "config.wsgi"]
            with (here / "web.log").open("w") as log:
                web = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
                try:
                    _wait_for(port, web)
                    yield port
                finally:
                    web.terminate()
                    web.wait()


def _wait_for(port: int, web: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            fetch(port, "/guides/bench/")
            return
        except OSError:
            if web.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def measure(seconds: float) -> Iterator[Measured]:
    """Every line of the table, each beside its limit in the same minute."""
    with running() as port:
        for number in SIZES:
            fill(number)
            body, _ = fetch(port, "/guides/bench/")
            assert len(body) <= 60_000, len(body)
            bare = pages(f"/bench/page/{len(body)}/")
            ours, limit = beside(port, seconds, bare, pages("/guides/bench/"), 200)
            yield Measured(f"guide page, {number:,} comments", ours, limit, 0.5, len(body))
        fill(0)
        from guides.models import Guide

        guide = Guide.objects.get(slug="bench")
        keys = {"guide": str(guide.pk), "edition": str(guide.current_edition_id)}
        inserts = comments(port, "/bench/insert/", keys)
        ours, limit = beside(port, seconds, inserts, comments(port, "/guides/bench/comment/send/", {}), 302)
        yield Measured("a comment sent in, every check on", ours, limit, 1 / 3)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    for line in measure(seconds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
