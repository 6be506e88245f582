"""An enquiry answered and followed up, on the system that `make run` starts: the visitor at phone width, three ways."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People, System, text_of
from tests.browser.hands import Keyboard, Pointer
from tests.browser.test_pages import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = 390
WAYS = {
    "with a pointer": (Pointer, True),
    "with the keyboard only": (Keyboard, True),
    "without JavaScript": (Pointer, False),
}
TYPING_MS = 3_200  # faster than this is taken for a machine's


@pytest.mark.parametrize("way", WAYS)
def test_an_enquiry_answered_and_followed_up(way: str, people: People, system: System) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    address, text = f"oriel-{name}@journey.test", f"Can I come with my sister? CANARY-{name}"
    visitor = kind(people.sits_down(scripts=scripts, width=PHONE))
    manager = kind(people.signs_in("manager@demo.test", scripts=scripts))

    # A visitor asks from the programme's page; a mistake loses nothing.
    visitor.page.goto("/programmes/collaborative-pairs/")
    visitor.follow("Ask us, or say you are interested")
    visitor.choose("I have a question")
    visitor.fill("What would you like to ask or tell us?", text)
    visitor.fill("Your name", f"Oriel {name}")
    visitor.page.wait_for_timeout(TYPING_MS)
    visitor.press("Send it")
    expect(visitor.page.locator(".error-summary")).to_contain_text("Enter a telephone number or an email address")
    expect(visitor.page.get_by_label("What would you like to ask or tell us?")).to_have_value(text)
    visitor.fill("Email address", address)
    visitor.press("Send it")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it")
    expect(visitor.page.locator("main")).to_contain_text(text)
    expect(visitor.page.locator("main")).to_contain_text("a short confirmation")

    # The confirmation names the number and holds none of the words.
    confirmation = text_of(system.mail(address, containing="We have your enquiry"))
    found = re.search(r"telephone: (E\w{5})", confirmation)
    assert found, confirmation
    assert "CANARY" not in confirmation
    assert "Oriel" not in confirmation

    # A manager finds it under nobody's, takes it, and says what is next.
    manager.page.goto("/staff/")
    manager.page.goto("/staff/enquiries/?whose=nobody")
    manager.follow(f"Oriel {name}")
    expect(manager.page.locator("main")).to_contain_text("Nobody has it yet")
    manager.press("Take it")
    expect(manager.page.locator("main")).to_contain_text("Yours")

    # The answer is seen as the mail it is, and arrives as it was seen.
    manager.follow("Answer by email")
    manager.fill("Your answer", f"Dear Oriel,\n\nyes, bring your sister. {name}\n\nMarguerite")
    manager.press("See the mail")
    seen = manager.page.locator(".mail-look").inner_text()
    assert f"yes, bring your sister. {name}" in seen
    assert address in seen
    manager.press("Send it")
    expect(manager.page.locator("main")).to_contain_text("Sent.")
    received = text_of(system.mail(address, containing="bring your sister"))
    assert f"yes, bring your sister. {name}" in received
    assert found[1] in received
    assert [" ".join(line.split()) for line in received.splitlines() if line.strip()][:3] == [
        "Dear Oriel,",
        f"yes, bring your sister. {name}",
        "Marguerite",
    ]
    visitor.page.goto("/demo/mail/")
    expect(visitor.page.locator("main")).to_contain_text(address)

    # What comes next is done, then it is closed.
    manager.follow("Done, and then")
    manager.fill("What comes next", "Keep a chair for her sister")
    manager.press("Done, this is next")
    expect(manager.page.locator("main")).to_contain_text("Keep a chair for her sister")
    manager.follow("Close it")
    manager.choose("Answered")
    manager.press("Close it")
    expect(manager.page.locator("main")).to_contain_text("Closed: Answered")
    manager.page.goto(f"/staff/enquiries/?q={name}")
    expect(manager.page.locator("main")).to_contain_text("Nothing fits these filters")


def test_no_page_behind_a_button_has_a_fault(people: People, system: System) -> None:
    visitor = Pointer(people.sits_down(width=PHONE))
    visitor.page.goto("/programmes/collaborative-pairs/ask/")
    visitor.press("Send it")
    assert faults_of(visitor.page) == []
    visitor.choose("I have a question")
    visitor.fill("What would you like to ask or tell us?", "x" * 200)
    visitor.fill("Your name", "W" * 200)
    visitor.fill("Telephone", "01632 960 001")
    visitor.press("Send it")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it")
    assert faults_of(visitor.page) == []

    manager = Pointer(people.signs_in("manager@demo.test"))
    manager.page.goto("/staff/enquiries/?q=WWWW")
    assert faults_of(manager.page) == []
    manager.follow("WWWW")
    assert faults_of(manager.page) == []
    manager.page.goto("/staff/enquiries/?q=Nuala")
    manager.follow("Nuala Fairweather")
    manager.follow("Remove what they told us")
    expect(manager.page.get_by_role("checkbox", name="Nuala Fairweather")).to_be_checked()
    expect(manager.page.get_by_role("checkbox", name="Idris Fairweather")).not_to_be_checked()
    assert faults_of(manager.page) == []
    manager.page.get_by_role("checkbox", name="Nuala Fairweather").uncheck()
    manager.press("Remove what is ticked")
    assert faults_of(manager.page) == []
    manager.page.goto("/staff/enquiries/?q=Lindqvist")
    manager.follow("Saoirse")
    manager.follow("Answer by email")
    manager.press("See the mail")
    assert faults_of(manager.page) == []
