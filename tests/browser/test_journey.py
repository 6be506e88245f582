"""The whole journey of issue 2, on the system that `make run` starts, with mail read from its sink.

Three times: with a pointer, with nothing but the keyboard, and without JavaScript.
"""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import People, System, eventually, link_in, text_of
from tests.browser.hands import Hands, Keyboard, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAYS = {
    "with a pointer": (Pointer, True),
    "with the keyboard only": (Keyboard, True),
    "without JavaScript": (Pointer, False),
}
PASSWORD = "a kettle on the quiet ward"
STEP_SECONDS = 30
# Shortly after the next digest goes out, and inside the two days before a session at 14:00 that is 20 days away.
EIGHT_AGO = "(timezone.localtime() - timedelta(hours=8, minutes=1))"
NEXT_MONDAY = f"({EIGHT_AGO} + timedelta(days=7 - {EIGHT_AGO}.weekday())).replace(hour=8, minute=1)"
# So that on any day of the week the digest has something to tell the partner in another pair.
NEWS_FOR_ANOTHER_PAIR = """
from django.utils import timezone
from accounts.models import User
from pairs.models import Pair
from portal.demo.log import share, write
lucan, now = User.objects.get(email="professional2@demo.test"), timezone.now()
pair = Pair.objects.get(memberships__participant__user=lucan, memberships__ended_at=None)
share(write(pair, lucan, "Called again", "Nine minutes once more.", "", now), lucan, now)
"""
BEFORE_ALL_PAIRS = "timezone.localtime().replace(hour=18, minute=0) + timedelta(days=18)"


def code_now(secret: str) -> str:
    """The six digits an authenticator app shows for `secret` now (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // STEP_SECONDS), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.mark.parametrize("way", WAYS)
def test_the_journey(way: str, people: People, system: System) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    manager_address = f"manager-{name}@journey.test"
    professional_address, partner_address = f"professional-{name}@journey.test", f"partner-{name}@journey.test"
    make_manager(system, manager_address)

    def sit_down() -> Hands:
        return kind(people.sits_down(scripts=scripts))

    # 1. The manager enrols a second factor, is asked for it, and sets up a cohort with a pair.
    manager = sit_down()
    sign_in(manager, manager_address)
    secret = enrol_second_factor(manager)
    sign_out(manager)
    sign_in(manager, manager_address)
    answer_second_factor(manager, secret)
    set_up_cohort(manager, name)
    make_pair(manager, professional_address, partner_address)

    # 2. Both are invited by mail and join; each sees the other, the challenge and the next session in local time.
    professional, partner = sit_down(), sit_down()
    join(professional, system, professional_address, "Imogen Test", word="occupational therapist", password=PASSWORD)
    join(partner, system, partner_address, "Desmond Test", word="carer", password=None)
    professional.page.reload()
    for page in (professional.page, partner.page):
        main = page.locator("main")
        expect(main).to_contain_text("Imogen Test")
        expect(main).to_contain_text("Desmond Test")
        expect(main).to_contain_text("carer")
        expect(page.get_by_role("heading", level=1)).to_have_text("Going home on a Friday")
        expect(main).to_contain_text("14:00 (London time)")

    # 3. An entry is drafted, left, shared, read and answered; nobody else finds it.
    entry = write_and_share(professional)
    answer(partner, entry)
    for address in ("professional2@demo.test", "facilitator@demo.test", "moderator@demo.test", "admin@demo.test"):
        reader = people.signs_in(address)
        assert status_of(reader, entry) == 404, address
    visitor = people.sits_down()
    visitor.goto(entry)
    assert "/accounts/login/" in visitor.url
    expect(visitor.locator("body")).not_to_contain_text("The same Friday")

    # 4. A guide is published; a visitor without JavaScript comments; a moderator publishes; the commenter is told.
    guide = publish_guide(manager, name)
    commenter = f"oriel-{name}@journey.test"
    comment(kind(people.sits_down(scripts=False)), guide, commenter)
    expect_comment(people, guide, there=False)
    moderate(kind(people.signs_in("moderator@demo.test", scripts=scripts)), name)
    told = system.mail(commenter, containing="/guides/")
    permalink = link_in(told, "/comments/")
    assert "three sentences" not in text_of(told)
    expect_comment(people, guide, there=True, permalink=permalink)

    # 5. The reminder comes once for each member; Monday's digest arrives and names only what its reader may see.
    members = [professional_address, partner_address]
    bring(system, BEFORE_ALL_PAIRS, members)
    for address in members:
        system.mail(address, containing="All pairs", within_seconds=100)
    system.manage("shell", "-c", NEWS_FOR_ANOTHER_PAIR)
    bring(system, NEXT_MONDAY, [*members, "partner2@demo.test"])
    digest = system.mail(partner_address, containing="/log/", within_seconds=100)
    assert "Friday" not in text_of(digest)
    assert "Imogen" not in text_of(digest)
    stranger = system.mail("partner2@demo.test", containing="/log/", within_seconds=100)
    assert "Journey" not in text_of(stranger)
    # The demo's own session is tomorrow: the real sweep has found it, and said so once.
    system.mail("partner@demo.test", containing="Coaching with Nerys", within_seconds=100)
    for address, words in ((members[0], "All pairs"), (members[1], "All pairs"), ("partner@demo.test", "Coaching")):
        assert len([mail for mail in system.mails(address) if words in str(mail["Subject"])]) == 1, address


def make_manager(system: System, address: str) -> None:
    """A programme manager with the demo's password, as the first one of an installation is made."""
    system.manage(
        "shell",
        "-c",
        "import accounts.actions as a; from django.conf import settings; "
        f"u = a.create_user(email={address!r}, by=None, name='Marguerite Test', password=settings.DEMO_PASSWORD); "
        "a.grant_role(user=u, role='manager', by=None)",
    )


def sign_in(hands: Hands, address: str) -> None:
    hands.page.goto("/accounts/login/")
    hands.fill("Email", address)
    hands.fill("Password", "alongside-demo")
    hands.press("Sign in")


def sign_out(hands: Hands) -> None:
    hands.press("Sign out")


def enrol_second_factor(hands: Hands) -> str:
    hands.page.goto("/accounts/2fa/totp/activate/")
    found = re.search(r"\b[A-Z2-7]{32}\b", hands.page.content())
    assert found, hands.page.url
    hands.page.locator("input[name=code]").fill(code_now(found[0]))
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    return found[0]


def answer_second_factor(hands: Hands, secret: str) -> None:
    """The code that enrolled is spent; the next one is taken."""
    hands.page.wait_for_url("**/accounts/2fa/authenticate/**")
    spent = code_now(secret)
    code = eventually(
        lambda: code_now(secret) if code_now(secret) != spent else None, within_seconds=STEP_SECONDS + 5, what="a code"
    )
    hands.page.locator("input[name=code]").first.fill(code)
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_url("**/staff/")


def type_date(hands: Hands, group: str, day: datetime) -> None:
    boxes = hands.page.get_by_role("group", name=group)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label).fill(str(value))


def set_up_cohort(hands: Hands, name: str) -> None:
    now = datetime.now(tz=ZoneInfo("Europe/London"))
    hands.page.goto("/staff/programmes/")
    hands.follow("Start a programme")
    hands.fill("Name of the programme", f"Journey {name}")
    hands.fill("Which charity runs it", "The Larkmoor Fund")
    hands.fill("Telephone for questions", "01632 960 143")
    hands.press("Start the programme")
    hands.page.get_by_role("link", name=f"Add a cohort to Journey {name}").click()
    hands.fill("Name of the cohort", f"Journey cohort {name}")
    hands.fill("Places", "3")
    type_date(hands, "First day", now)
    type_date(hands, "Last day", now + timedelta(days=280))
    hands.press("Add the cohort")
    hands.follow("Choose the questions")
    hands.press("Ask these questions")
    hands.follow(f"Journey cohort {name}")
    for step in ("Open the cohort", "Start choosing pairs", "Start the cohort"):
        hands.follow(step)
        hands.press(step)
    sessions = (("Coaching with Nerys", now + timedelta(days=1)), ("All pairs", now + timedelta(days=20)))
    for title, day in sessions:
        hands.follow("Plan a session")
        hands.fill("What is it called", title)
        type_date(hands, "Day", day)
        hands.fill("Start time", "14:00")
        hands.press("Plan the session")
    expect(hands.page.locator("main")).to_contain_text("All pairs")


def make_pair(hands: Hands, professional: str, partner: str) -> None:
    hands.follow("Make a pair")
    hands.fill("The professional's email address", professional)
    hands.fill("The patient partner's email address", partner)
    hands.fill("Shared challenge", "Going home on a Friday")
    hands.press("Make the pair")
    expect(hands.page.locator("main")).to_contain_text(professional)


def join(hands: Hands, system: System, address: str, name: str, *, word: str, password: str | None) -> None:
    invitation = link_in(system.mail(address, containing="/invitations/"), "/invitations/")
    hands.page.goto(invitation)
    hands.page.reload()  # looking twice changes nothing
    hands.follow("Yes, that is me")
    hands.fill("What is your name", name)
    hands.press("Continue")
    hands.choose("With a password" if password else "With a code")
    if password:
        hands.fill("Your password", password)
    hands.press("Continue")
    hands.fill("Which word describes you best", word)
    hands.press("Continue")
    hands.press("Continue")
    expect(hands.page.locator("main")).to_contain_text(word)
    hands.press("Yes, join this pair")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Going home on a Friday")


def write_and_share(hands: Hands) -> str:
    """The path of the entry, once it is shared with the pair."""
    hands.page.goto("/log/")
    hands.follow("Write something")
    hands.press("I have read this")
    hands.page.locator("textarea[name=answer_0]").fill("I signed four people out before lunch and felt good about it.")
    hands.fill("Give it a title", "The same Friday")
    hands.press("Save as draft")
    expect(hands.page.locator("main")).to_contain_text("Saved as a draft.")
    hands.page.goto("/pair/")
    hands.page.goto("/log/")
    hands.follow("The same Friday")
    expect(hands.page.locator("main")).to_contain_text("I signed four people out")
    entry = re.sub(r"^https?://[^/]+", "", hands.page.url)
    hands.follow("Share with your partner")
    hands.press("Share with your partner")
    expect(hands.page.locator("main")).to_contain_text("can read this")
    return entry


def answer(hands: Hands, entry: str) -> None:
    hands.page.goto(entry)
    expect(hands.page.locator("main")).to_contain_text("I signed four people out")
    hands.page.locator("textarea[name=body]").fill("Nobody was unkind. But it was ten to five.")
    hands.press("Send your answer")
    expect(hands.page.locator("main")).to_contain_text("But it was ten to five.")


def status_of(page: Page, path: str) -> int:
    response = page.goto(path)
    assert response
    return response.status


def publish_guide(hands: Hands, name: str) -> str:
    hands.page.goto("/staff/guides/")
    hands.follow("Write a guide")
    hands.fill("Title", f"Starting as equals {name}")
    hands.press("Save and write the sections")
    hands.fill("Heading", "Before the first meeting")
    hands.page.locator("textarea[name$=body]").first.fill("Send each other **three** sentences beforehand.")
    hands.press("Save")
    hands.follow("Publish…")
    hands.press("Publish")
    hands.page.goto("/guides/")
    hands.follow(f"Starting as equals {name}")
    return re.sub(r"^https?://[^/]+", "", hands.page.url)


def comment(hands: Hands, guide: str, address: str) -> None:
    hands.page.goto(guide)
    assert hands.page.context.cookies() == []
    hands.fill("Your name", "Oriel Tamblyn")
    hands.fill("Your role", "Community pharmacist")
    hands.fill("Organisation", "Marrowby Road Practice")
    hands.fill("Email address", address)
    hands.fill("Your comment", "We tried the three sentences with a new pair.")
    hands.press("Read it through")
    expect(hands.page.locator("main")).to_contain_text("We tried the three sentences")
    hands.press("Send my comment")
    expect(hands.page.get_by_role("heading", level=1)).to_be_visible()
    assert "/thanks/" in hands.page.url


def expect_comment(people: People, guide: str, *, there: bool, permalink: str = "") -> None:
    reader = people.sits_down(scripts=False)
    reader.goto(permalink or guide)
    seen = expect(reader.locator("main"))
    if there:
        seen.to_contain_text("We tried the three sentences with a new pair.")
        seen.to_contain_text("Community pharmacist, Marrowby Road Practice")
        seen.to_contain_text("1 comment")
        assert re.search(r"#c\d+$", reader.url)
    else:
        seen.not_to_contain_text("We tried the three sentences with a new pair.")
    reader.context.close()


def moderate(hands: Hands, name: str) -> None:
    hands.page.goto("/staff/moderation/")
    card = hands.page.get_by_role("listitem").filter(has_text=f"Starting as equals {name}")
    card.get_by_role("button", name=re.compile("^Publish")).first.press("Enter")
    hands.page.wait_for_load_state()


def bring(system: System, moment: str, addresses: list[str]) -> None:
    """Plan as the sweep will at `moment`, and let the rows it makes be due now: days of waiting in one step."""
    system.manage(
        "shell",
        "-c",
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from notifications import planning, wake\n"
        "from notifications.models import LedgerRow\n"
        f"planning.plan_all({moment})\n"
        "now = timezone.now()\n"
        f"LedgerRow.objects.filter(address__in={addresses!r}, state='queued').update(due_at=now, next_try_at=now)\n"
        "wake.worker()\n",
    )
