"""Applying and choosing in the browser, as the journeys share them. Texts are those a person reads on the page."""

import re

from playwright.sync_api import Page

from tests.browser.conftest import System, text_of
from tests.browser.hands import Hands, Keyboard, Pointer

PHONE = 390
WAYS = {
    "with a pointer": (Pointer, True),
    "with the keyboard only": (Keyboard, True),
    "without JavaScript": (Pointer, False),
}
OPEN_COHORT = """
from datetime import timedelta
from django.utils import timezone
import cohorts.actions
from accounts.models import User
from applications.actions.questions import publish_starter
from cohorts.models import Cohort, Programme
manager = User.objects.get(email="manager@demo.test")
today = timezone.localdate()
cohort = cohorts.actions.create_cohort(
    programme=Programme.objects.earliest("pk"), by=manager, name="{name}", places={places},
    starts_on=today + timedelta(days=120), ends_on=today + timedelta(days=400),
)
publish_starter(cohort=cohort, by=manager)
cohorts.actions.move_cohort(cohort=cohort, to=Cohort.State.OPEN, by=manager)
print("SLUG", cohort.slug)
"""


def open_cohort(system: System, name: str, *, places: int = 3) -> str:
    """The slug of a new cohort of the demo's programme, open to applications."""
    said = system.manage("shell", "-c", OPEN_COHORT.format(name=name, places=places))
    found = re.search(r"SLUG (\S+)", said)
    assert found, said
    return found[1]


def enter_code(hands: Hands, system: System, address: str) -> None:
    mail = system.mail(address, containing="code")
    found = re.search(r"^\s+(\d{6})\s*$", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    hands.fill("Which code did we send you?", found[1])
    hands.press("Continue")


def begin(hands: Hands, system: System, slug: str, address: str, *, kind: str, side: str) -> None:
    hands.page.goto(f"/cohorts/{slug}/apply/")
    hands.fill("What is your email address?", address)
    hands.press("Send me a code")
    enter_code(hands, system, address)
    hands.choose(kind)
    hands.choose(side)
    hands.press("Continue")


def answer_about(hands: Hands, name: str) -> None:
    hands.follow("Your name and how to reach you")
    hands.fill("Your name", name)
    hands.press("Save and go on")


def answer_own(hands: Hands, words: str, *, kind: str = "pair") -> None:
    """From the question after one's name to the end of one's own part."""
    hands.fill("Tell us a little about yourself", words)
    hands.press("Save and go on")
    hands.fill("What do you bring?", "Ten years of waiting rooms.")
    hands.press("Save and go on")
    if kind == "seeking":
        hands.choose("Mental health")
        hands.press("Save and go on")
    hands.choose("Tuesday morning")
    hands.press("Save and go on")
    hands.choose("Close to home")
    hands.press("Save and go on")
    hands.choose("English")
    hands.press("Save and go on")
    hands.fill("What do you need, so that you can take part?", f"A quiet room, {words}")
    hands.press("Save and go on")
    hands.press("Save and go on")  # how to reach them may be left out
    if kind == "pair":
        hands.choose("No")
    hands.press("Save and go on")


def answer_shared(hands: Hands) -> None:
    hands.follow("Which local health and care system are you part of?")
    hands.fill("Which local health and care system are you part of?", "Saltmarsh and Fenby")
    hands.press("Save and go on")
    hands.fill("What do you want to make better together?", "Letters nobody understands")
    hands.press("Save and go on")
    hands.fill("Why does it matter, and to whom?", "Three sentences, read aloud.")
    hands.press("Save and come back later")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def decide(manager: Hands, reference: str, verdict: str) -> None:
    manager.page.goto(f"/staff/applications/{reference}/")
    manager.follow("Decide")
    manager.choose(verdict)
    manager.press("Prepare the decision")


def release(manager: Hands, slug: str) -> None:
    manager.page.goto(f"/staff/cohorts/{slug}/decisions/")
    manager.press("Release the decisions")
