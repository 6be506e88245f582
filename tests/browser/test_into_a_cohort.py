"""Issue 4's journeys, on the system that `make run` starts, applicants at phone width, with mail read from its sink."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.applying import (
    PHONE,
    WAYS,
    answer_about,
    answer_own,
    answer_shared,
    begin,
    decide,
    enter_code,
    heading,
    open_cohort,
)
from tests.browser.conftest import People, System, link_in, text_of
from tests.browser.hands import Hands, Pointer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("way", WAYS)
def test_a_pair_applies_together_from_two_devices(way: str, people: People, system: System) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    partner_address, professional_address = f"ada-{name}@journey.test", f"bram-{name}@journey.test"
    slug = open_cohort(system, f"Journey {name}")
    partner = kind(people.sits_down(scripts=scripts, width=PHONE))
    professional = kind(people.sits_down(scripts=scripts, width=PHONE))

    # One begins, answers, invites the other, and stops.
    begin(partner, system, slug, partner_address, kind="Together with somebody I know", side="The patient partner")
    answer_about(partner, "Ada Birch")
    answer_own(partner, "CANARY-ADA")
    answer_shared(partner)
    partner.follow("Invite your partner")
    partner.fill("Their name", "Bram Oke")
    partner.fill("Their email address", professional_address)
    partner.press("Invite them")

    # The other comes by the link, proves the address by a code, and writes their own part.
    invited = system.mail(professional_address, containing="apply together")
    assert "CANARY" not in text_of(invited)
    professional.page.goto(link_in(invited, "/apply/"))
    professional.press("Send a code to")
    enter_code(professional, system, professional_address)
    professional.press("Yes, I would like to")
    answer_about(professional, "Bram Oke")
    answer_own(professional, "CANARY-BRAM")
    expect(professional.page.locator("main")).to_contain_text("Ada Birch")
    professional.follow("Check and say yes")
    expect(professional.page.locator("main")).to_contain_text("Letters nobody understands")
    expect(professional.page.locator("main")).not_to_contain_text("A quiet room, CANARY-ADA")
    professional.press("Yes, I am happy with it")
    expect(professional.page.locator("main")).to_contain_text("as soon as Ada Birch says yes")

    # The first comes back on another device by a code, and the second yes sends it.
    system.mail(partner_address, containing="has said yes")
    again = kind(people.sits_down(scripts=scripts, width=PHONE))
    again.page.goto(f"/cohorts/{slug}/apply/")
    again.fill("What is your email address?", partner_address)
    again.press("Send me a code")
    enter_code(again, system, partner_address)
    again.follow("Check and say yes")
    again.press("Yes, I am happy with it")
    assert heading(again.page) == "We have your application"
    for address in (partner_address, professional_address):
        received = text_of(system.mail(address, containing="has arrived"))
        assert "CANARY" not in received
    professional.page.reload()
    assert heading(professional.page) == "We have your application"
    for stranger in ("partner@demo.test", "facilitator@demo.test"):
        page = people.signs_in(stranger)
        answered = page.goto(again.page.url)
        assert answered is not None
        assert answered.status == 404


# ---- Chosen, and the list ----

TWO_PAIRS = """
from django.utils import timezone
from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from tests.accounts.factories import make_person
from tests.applications.factories import make_application
cohort = Cohort.objects.get(slug="{slug}")
for number, challenge in enumerate(("Letters nobody understands", "The last bus home")):
    people = [
        make_person(f"{{side}}{{number}}-{name}@journey.test", name=f"{{side.title()}} {{number}}")
        for side in ("ada", "bram")
    ]
    made = make_application(cohort, partner=people[0], professional=people[1], challenge=challenge)
    print("REFERENCE", made.reference)
Cohort.objects.filter(pk=cohort.pk).update(state="selecting")
"""
LAPSE = """
from datetime import timedelta
from django.utils import timezone
from applications.actions import offering
from applications.models import Offer
Offer.objects.filter(application__reference="{reference}").update(answer_by=timezone.now() - timedelta(minutes=1))
print("LAPSED", offering.lapse_overdue())
"""
PASSWORD = "a long enough password 7"


def two_sent_pairs(system: System, slug: str, name: str) -> list[str]:
    said = system.manage("shell", "-c", TWO_PAIRS.format(slug=slug, name=name))
    return re.findall(r"REFERENCE (\S+)", said)


def say_yes(people: People, kind: type[Pointer], address: str, reference: str, *, scripts: bool) -> Hands:
    """By the offer's page, on a phone; signed in as whoever has an address."""
    person = kind(people.signs_in(address, PASSWORD, scripts=scripts, width=PHONE))
    if "/accounts/" in person.page.url:  # a device not seen before needs the code, too
        mail = text_of(people.system.mail(address, containing="code"))
        found = re.search(r"^\s+(\S{6,})\s*$", mail, re.MULTILINE)
        assert found, mail
        person.page.locator("input[name=code]").first.fill(found[1])
        person.page.locator("form:has(input[name=code]) [type=submit]").first.click()
        person.page.wait_for_load_state()
    person.page.goto(f"/applications/{reference}/offer/")
    person.choose("Yes")
    person.press("Go on")
    person.press("Yes, I would like the place")
    return person


@pytest.mark.parametrize("way", WAYS)
def test_one_pair_is_chosen_and_accepts_and_the_next_gets_the_place_that_lapsed(
    way: str, people: People, system: System
) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    slug = open_cohort(system, f"Choosing {name}", places=1)
    first, second = two_sent_pairs(system, slug, name)
    manager = kind(people.signs_in("manager@demo.test", scripts=scripts))

    # Prepared, seen, released together: one message each, and the place is held.
    decide(manager, first, "Offer a place")
    decide(manager, second, "Put on the reserve list")
    manager.page.goto(f"/staff/cohorts/{slug}/decisions/")
    shown = manager.page.locator("main").inner_text()
    assert "4 messages go out now" in shown
    manager.press("Release the decisions")
    for number, address in ((0, f"ada0-{name}@journey.test"), (1, f"ada1-{name}@journey.test")):
        mails = [text_of(system.mail(address))]
        assert len(mails) == 1, number
    assert "/offer/" in text_of(system.mail(f"ada0-{name}@journey.test", containing="place"))

    # Only one of the two says yes; the offer runs out, and the next on the list is asked, once.
    one = say_yes(people, kind, f"ada0-{name}@journey.test", first, scripts=scripts)
    expect(one.page.locator("main")).to_contain_text("As soon as the other says yes")
    assert "LAPSED 1" in system.manage("shell", "-c", LAPSE.format(reference=first))
    assert "LAPSED 0" in system.manage("shell", "-c", LAPSE.format(reference=first))
    offered = text_of(system.mail(f"bram1-{name}@journey.test", containing="/offer/"))
    assert "Ada 1" in offered

    # Both say yes; the second yes makes the pair, and the place is taken.
    say_yes(people, kind, f"ada1-{name}@journey.test", second, scripts=scripts)
    last = say_yes(people, kind, f"bram1-{name}@journey.test", second, scripts=scripts)
    last.page.goto("/pair/")
    expect(last.page.get_by_role("heading", level=1)).to_have_text("The last bus home")
    expect(last.page.locator("main")).to_contain_text("Ada 1")
    one.page.goto(f"/applications/{first}/offer/")
    expect(one.page.locator("main")).to_contain_text("This offer is over")
    manager.page.goto(f"/staff/cohorts/{slug}/applications/")
    expect(manager.page.locator("main")).to_contain_text("of 1 places left")
    expect(manager.page.locator("main")).to_contain_text("Has a place")
