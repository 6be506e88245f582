"""The local mail catcher and the demo's mailbox."""

import os
import smtplib
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from notifications import delivery, mailbox
from notifications.sink import Keeper
from tests.notifications import factories
from tests.notifications.factories import queue
from tests.notifications.sinks import closed_port, mailer, running

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    folder = tmp_path / "mail"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(demo: Path, settings: Any, db: None) -> list[str]:
    """Three messages that the catcher kept, the newest first."""
    with running(Keeper(demo)) as port:
        settings.MAILERS = mailer(port)
        for name in ("anna", "ben", "cleo"):
            queue(address=f"{name}@mail.test", kind=factories.REMINDER)
        delivery.deliver_due()
    return mailbox.names(demo)


def test_the_newest_stands_first_and_nobody_signs_in(client: Client, kept: list[str]) -> None:
    page = client.get("/demo/mail/").content.decode()

    assert page.index("cleo@mail.test") < page.index("ben@mail.test") < page.index("anna@mail.test")


def test_an_address_can_be_looked_for(client: Client, kept: list[str]) -> None:
    page = client.get("/demo/mail/?to=BEN@").content.decode()

    assert ("ben@mail.test" in page, "anna@mail.test" in page) == (True, False)


def test_a_message_is_shown_as_text_and_framed_as_its_reader_sees_it(client: Client, kept: list[str]) -> None:
    page = client.get(f"/demo/mail/{kept[0]}/")

    text = page.content.decode()
    assert 'href="https://alongside.test/log/"' in text
    assert f'src="/demo/mail/{kept[0]}/html/" sandbox="' in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_the_framed_mail_has_its_own_policy(client: Client, kept: list[str]) -> None:
    frame = client.get(f"/demo/mail/{kept[0]}/html/")

    policy = frame.headers["Content-Security-Policy"]
    assert ("style-src 'unsafe-inline'" in policy, "default-src 'none'" in policy, "script-src" in policy) == (
        True,
        True,
        False,
    )
    assert "frame-ancestors 'self'" in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in frame.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 20 + "-000000", "x", "%2e%2e"])
def test_no_other_file_can_be_read(client: Client, demo: Path, db: None, name: str) -> None:
    assert client.get(f"/demo/mail/{name}/").status_code == 404


@pytest.mark.parametrize("path", ["", "x/", "x/html/"])
def test_outside_the_demo_there_is_no_such_page(client: Client, db: None, path: str) -> None:
    assert client.get(f"/demo/mail/{path}").status_code == 404


def test_pages_of_fifty(demo: Path) -> None:
    for number in range(60):
        (demo / f"{number:020d}-000000.eml").write_bytes(f"To: a@mail.test\r\nSubject: {number}\r\n\r\nx".encode())

    first, before = mailbox.page(demo)
    second, end = mailbox.page(demo, before=before or "")

    assert [mail.subject for mail in (*first, *second)] == [str(number) for number in reversed(range(60))]
    assert end is None


def start_catcher(folder: Path) -> "tuple[subprocess.Popen[bytes], int]":
    port = closed_port()
    command = [sys.executable, "-m", "notifications.sink", "--port", str(port), "--folder", str(folder)]
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            threading.Event().wait(0.05)
    return process, port


def test_the_catcher_keeps_a_message_on_disk_before_it_says_yes_and_ends_when_told(tmp_path: Path) -> None:
    process, port = start_catcher(tmp_path / "a folder")
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as smtp:
            smtp.sendmail("a@mail.test", ["b@mail.test"], b"Subject: kept\r\n\r\nHello\r\n")
            assert [path.read_bytes() for path in (tmp_path / "a folder").glob("*.eml")] == [
                b"Subject: kept\r\n\r\nHello\r\n"
            ]
    finally:
        process.terminate()
    assert process.wait(timeout=10) == 0
