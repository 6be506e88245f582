"""The whole system as `make run` starts it, and a real Chromium to look at it with.

Nothing here is Django's test client: gunicorn, Celery worker and beat, PostgreSQL, Valkey and the mail sink run as
their own processes.
"""

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def eventually[T](look: Callable[[], T | None], *, within_seconds: float = 20, what: str = "it") -> T:
    """What `look` returns once it returns something; polls, never waits longer than asked."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {within_seconds} s")


@dataclass
class System:
    """A running Alongside."""

    address: str
    data_dir: Path
    environment: dict[str, str]

    def mails(self, to: str) -> list[EmailMessage]:
        """Every message the sink took for `to`, oldest first."""
        found = []
        for path in sorted((self.data_dir / "mail").glob("**/*.eml"), key=lambda path: path.stat().st_mtime_ns):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(message["To"]):
                found.append(message)
        return found

    def mail(self, to: str, containing: str = "", *, within_seconds: float = 30) -> EmailMessage:
        """The newest message for `to` whose subject or text holds `containing`; waits for it."""

        def look() -> EmailMessage | None:
            fitting = [mail for mail in self.mails(to) if containing in f"{mail['Subject']}\n{text_of(mail)}"]
            return fitting[-1] if fitting else None

        return eventually(look, within_seconds=within_seconds, what=f"a mail to {to} about {containing!r}")

    def manage(self, *arguments: str) -> str:
        """One management command against the same database and broker."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def link_in(message: EmailMessage, containing: str) -> str:
    """The first address in the text that holds `containing`, as its path (mail names the configured origin)."""
    found = re.search(rf"https?://[^/\s]+(?=\S*{re.escape(containing)})(/\S*)", text_of(message))
    assert found, text_of(message)
    return found[1]


def start_system(data_dir: Path) -> tuple[subprocess.Popen[str], System]:
    settings = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "DEMO", "DEBUG", "MAIL_URL", "ALLOWED_HOSTS"}
    settings |= {"DEFAULT_FROM_EMAIL", "DATA_DIR", "PORT", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    environment["DATA_DIR"] = str(data_dir)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "config.supervisor"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://localhost:\d+", line):
            return process, System(found[0], data_dir, environment_of_web_server(process.pid))
    raise AssertionError("the system did not start:\n" + "".join(said))


def environment_of_web_server(supervisor: int) -> dict[str, str]:
    """What the supervisor told its web server, so that a command here meets the same database and broker."""
    for child in psutil.Process(supervisor).children(recursive=True):
        if "gunicorn" in " ".join(child.cmdline()):
            return child.environ()
    raise AssertionError("no web server is running")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of a test run: a second would meet the event loop of the first."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"BROWSER TESTS DID NOT RUN: no Chromium at {CHROMIUM}; set CHROMIUM to its path")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def system(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    process, running = start_system(tmp_path_factory.mktemp("system"))
    yield running
    process.send_signal(signal.SIGINT)
    assert process.stdout
    process.stdout.close()
    process.wait(timeout=60)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@dataclass
class People:
    """Opens a fresh browser profile for each person, as each sits at their own machine."""

    browser: Browser
    system: System

    def sits_down(self, *, scripts: bool = True, width: int = 1280, colour: str = "light") -> Page:
        context = self.browser.new_context(
            base_url=self.system.address,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",  # colours that fade would be judged half-way
            color_scheme="dark" if colour == "dark" else "light",
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def signs_in(self, address: str, password: str = "alongside-demo", **how: object) -> Page:
        page = self.sits_down(**how)
        page.goto("/accounts/login/")
        page.locator("input[name=login]").first.fill(address)
        page.locator("input[name=password]").fill(password)
        page.locator("form:has(input[name=password]) [type=submit]").first.click()
        page.wait_for_load_state()
        return page


@pytest.fixture
def people(browser: Browser, system: System) -> Iterator[People]:
    here = People(browser, system)
    yield here
    for context in browser.contexts:
        context.close()
