"""Two who look for a partner find one another; and two who never touch a computer apply. Applicants at phone width."""

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
    heading,
    open_cohort,
    release,
)
from tests.browser.conftest import People, System, link_in, text_of
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def answer_where(hands: Hands) -> None:
    hands.follow("Which local health and care system are you part of?")
    hands.fill("Which local health and care system are you part of?", "Saltmarsh and Fenby")
    hands.press("Save and come back later")


def apply_alone(hands: Hands, system: System, slug: str, address: str, *, side: str, name: str, words: str) -> None:
    begin(hands, system, slug, address, kind="Alone", side=side)
    answer_about(hands, name)
    answer_own(hands, words, kind="seeking")
    answer_where(hands)
    hands.follow("Check and send")
    hands.press("Send my application")
    assert heading(hands.page) == "We have your application"


def start_choosing(manager: Hands, slug: str) -> None:
    """By the cohort's own page, as staff do."""
    manager.page.goto(f"/staff/cohorts/{slug}/next/")
    manager.page.locator("main form button[type=submit]").first.click()
    manager.page.wait_for_load_state()


def write_challenge(hands: Hands) -> None:
    hands.follow("What do you want to make better together?")
    hands.fill("What do you want to make better together?", "Nights on the ward")
    hands.press("Save and go on")
    hands.fill("Why does it matter, and to whom?", "Nobody sleeps, so nobody heals.")
    hands.press("Save and come back later")


@pytest.mark.parametrize("way", WAYS)
def test_two_people_who_look_for_a_partner_are_introduced_agree_and_get_one_place(
    way: str, people: People, system: System
) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    slug = open_cohort(system, f"Alone {name}", places=1)
    addresses = {"ada": f"ada-{name}@journey.test", "bram": f"bram-{name}@journey.test"}
    ada, bram = (kind(people.sits_down(scripts=scripts, width=PHONE)) for _person in range(2))
    apply_alone(ada, system, slug, addresses["ada"], side="The patient partner", name="Ada Birch", words="ADA-WARD")
    apply_alone(bram, system, slug, addresses["bram"], side="The professional", name="Bram Oke", words="BRAM-WARD")

    # Staff ask for a suggestion, look at it, and ask the two.
    manager = kind(people.signs_in("manager@demo.test", scripts=scripts))
    manager.page.goto(f"/staff/cohorts/{slug}/matching/")
    manager.press("Suggest for everybody")
    manager.page.goto(f"/staff/cohorts/{slug}/matching/couples/")
    expect(manager.page.locator("main")).to_contain_text("Ada Birch")
    for one in (ada, bram):
        one.page.goto("/applications/")
        expect(one.page.locator("main")).not_to_contain_text("Somebody you might like to meet")
    manager.follow("Check who will be asked")
    manager.press("Ask them")

    # Each reads what the other wrote for a partner, and nothing by which to find them.
    for one, address, other in ((ada, addresses["ada"], "Bram"), (bram, addresses["bram"], "Ada")):
        asked = system.mail(address, containing="/introductions/")
        assert other not in text_of(asked)
        one.page.goto(link_in(asked, "/introductions/"))
        page = one.page.locator("main")
        expect(page).to_contain_text(f"{other.upper()}-WARD")
        expect(page).not_to_contain_text("Birch" if other == "Ada" else "Oke")
        expect(page).not_to_contain_text("journey.test")
        one.press("I would like to meet them")

    # Both have said yes: both learn how to reach the other, and go on with one application.
    for address, other in ((addresses["ada"], "Bram Oke"), (addresses["bram"], "Ada Birch")):
        assert other in text_of(system.mail(address, containing="would like to meet you too"))
    ada.page.reload()
    expect(ada.page.locator("main")).to_contain_text(addresses["bram"])
    ada.follow("Go on with your application together")
    reference = ada.page.url.rstrip("/").rpartition("/")[2]
    write_challenge(ada)
    for one in (ada, bram):
        one.page.goto(f"/applications/{reference}/")
        if one.page.get_by_text("Does one of you treat the other").count():
            one.follow("Does one of you treat the other")
            one.choose("No")
            one.press("Save and come back later")
        one.follow("Check and say yes")
        one.press("Yes, I am happy with it")
    assert heading(bram.page) == "We have your application"

    # One place for the two of them.
    start_choosing(manager, slug)
    decide(manager, reference, "Offer a place")
    release(manager, slug)
    for one in (ada, bram):
        one.page.goto(f"/applications/{reference}/offer/")
        one.choose("Yes")
        one.press("Go on")
        one.press("Yes, I would like the place")
    bram.page.goto("/pair/")
    expect(bram.page.get_by_role("heading", level=1)).to_have_text("Nights on the ward")
    manager.page.goto(f"/staff/cohorts/{slug}/applications/")
    expect(manager.page.locator("main")).to_contain_text(re.compile(r"0\s*of 1 places left"))


@pytest.mark.parametrize("way", WAYS)
def test_two_people_apply_on_the_telephone_and_get_a_place(way: str, people: People, system: System) -> None:
    kind, scripts = WAYS[way]
    name = uuid4().hex[:6]
    slug = open_cohort(system, f"Telephone {name}", places=1)
    manager = kind(people.signs_in("manager@demo.test", scripts=scripts))

    # The manager writes down what the two say, a question a page, and reads it back.
    manager.page.goto(f"/staff/cohorts/{slug}/applications/new/")
    manager.choose("On the telephone")
    manager.choose("Two people together")
    for side, person, number in (("patient partner", "Enid Stroud", "01632 960 188"), ("professional", "Dr Sim", "")):
        manager.fill(f"The {side}'s name", person)
        manager.fill(f"The {side}'s telephone number", number or "01632 960 189")
    manager.press("Go on to the questions")
    reference = manager.page.url.rstrip("/").rpartition("/")[2]
    for side in ("partner", "professional"):
        manager.page.goto(f"/applications/{reference}/questions/{side}/about/")
        answer_own(manager, f"Said by the {side}")
    answer_shared(manager)

    # Each of the two says yes to all of it; how it was heard stays with the yes.
    for person in ("Enid Stroud", "Dr Sim"):
        manager.follow(f"Check with {person}")
        expect(manager.page.locator("main")).to_contain_text("Letters nobody understands")
        manager.fill("How did you hear it?", "On the telephone, after I had read it all back")
        manager.press(f"{person} says yes")
    manager.page.goto(f"/staff/applications/{reference}/")
    expect(manager.page.locator("main")).to_contain_text("Heard on the telephone")

    # They are chosen, told by telephone, and their two yeses make the pair.
    start_choosing(manager, slug)
    decide(manager, reference, "Offer a place")
    release(manager, slug)
    manager.page.goto(f"/staff/cohorts/{slug}/offers/")
    expect(manager.page.locator("main")).to_contain_text("Tell by telephone")
    for _person in range(2):
        manager.page.goto(f"/staff/cohorts/{slug}/offers/")
        manager.follow("write down their yes")  # the first who has not answered
        manager.fill("How did you hear it?", "Rung this morning")
        manager.press("Write down their yes")
    expect(manager.page.locator("main")).to_contain_text("Both have said yes: they are a pair.")
    manager.page.goto(f"/staff/cohorts/{slug}/")
    expect(manager.page.locator("main")).to_contain_text("Enid Stroud")
    assert not system.mails("no-address.invalid")
