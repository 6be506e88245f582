"""A new team gets from nothing to an open cohort: with a pointer, the keyboard only, and without JavaScript."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.applying import PHONE, WAYS
from tests.browser.conftest import People
from tests.browser.hands import Hands
from tests.browser.test_pages import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fill_day(hands: Hands, day: str, month: str, year: str) -> None:
    for label, text in (("Day", day), ("Month", month), ("Year", year)):
        hands.fill(label, text)


def from_nothing_to_open(hands: Hands, name: str) -> str:
    """Eight questions on four pages; the address to pass on."""
    hands.page.goto("/staff/start/")
    hands.follow("Start a new programme")
    hands.fill("Name of the programme", f"Pairs of {name}")
    hands.fill("Which charity runs it", "The Larkmoor Fund")
    hands.fill("Telephone for questions", "01632 960 143")
    hands.press("Save and go on")
    hands.choose("Five days in nine months, with coaching")
    hands.fill("Name of the cohort", f"{name} 2099")
    fill_day(hands, "6", "1", "2099")
    hands.fill("Places", "8")
    hands.press("Show the days")
    expect(hands.page.locator("main")).to_contain_text("Wednesday 7 January 2099, 10:30")
    hands.press("Save and go on")
    fill_day(hands, "1", "12", "2098")
    hands.press("Save and go on")
    expect(hands.page.locator("main")).to_contain_text("Until Monday 1 December 2098")
    hands.press("Open the cohort")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("It is open")
    address = hands.page.locator(".public-address").get_attribute("href")
    assert address
    return address


@pytest.mark.parametrize("way", WAYS)
def test_a_new_team_gets_from_nothing_to_an_open_cohort(way: str, people: People) -> None:
    kind, scripts = WAYS[way]
    name = f"Fenby{uuid4().hex[:6]}"
    manager = kind(people.signs_in("manager@demo.test", scripts=scripts))
    visited: list[str] = []
    manager.page.on("framenavigated", lambda frame: visited.append(frame.url))

    address = from_nothing_to_open(manager, name)

    assert len(visited) == 7, visited  # what it is, the programme, the plan, the days, applying, check, open
    visitor = people.sits_down(width=PHONE)
    visitor.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(f"Pairs of {name}")
    expect(visitor.locator("main")).to_contain_text(f"{name} 2099")
    expect(visitor.get_by_role("link", name=re.compile("^Apply")).first).to_be_visible()


def test_no_page_on_the_way_has_a_fault_wrong_input_included(people: People) -> None:
    page = people.signs_in("manager@demo.test")
    hands = WAYS["with a pointer"][0](page)
    faults: dict[str, list[str]] = {}

    def look(what: str) -> None:
        if found := faults_of(page):
            faults[what] = found
        page.set_viewport_size({"width": 1280, "height": 900})

    page.goto("/staff/start/")
    look("what it is")
    hands.follow("Start a new programme")
    hands.press("Save and go on")
    look("the programme, with errors")
    hands.fill("Name of the programme", f"Pairs of {'Long' * 20}{uuid4().hex[:6]}")
    hands.fill("Which charity runs it", "The Larkmoor Fund")
    hands.fill("Telephone for questions", "01632 960 143")
    hands.press("Save and go on")
    hands.press("Show the days")
    look("the plan, with errors")
    hands.fill("Name of the cohort", "Long 2020")
    fill_day(hands, "7", "1", "2020")
    hands.fill("Places", "8")
    hands.press("Show the days")
    look("the days, in the past")
    page.locator("details summary").first.click()
    page.locator("[name=session-0-starts_at]").fill("late")
    hands.press("Save and go on")
    look("the days, with errors")
    page.locator("[name=session-0-starts_at]").fill("11:00")
    hands.press("Save and go on")
    look("applying")
    fill_day(hands, "1", "12", "2019")
    hands.press("Save and go on")
    look("check, with something to put right")
    slug = page.url.rstrip("/").split("/")[-2]
    for path in (f"/staff/cohorts/{slug}/", f"/staff/cohorts/{slug}/next/", f"/staff/cohorts/{slug}/clone/"):
        page.goto(path)
        look(path.replace(slug, "…"))
    hands.fill("Name of the cohort", "Long 2021")
    fill_day(hands, "7", "1", "2021")
    hands.press("Show the new days")
    look("the copy")

    assert faults == {}


def test_a_cohort_is_copied_once_however_often_the_page_is_sent(people: People) -> None:
    name = f"Copy {uuid4().hex[:6]}"
    manager = WAYS["with a pointer"][0](people.signs_in("manager@demo.test"))
    page = manager.page
    page.goto("/staff/cohorts/")
    manager.follow("Saltmarsh cohort")
    manager.follow("Copy its plan")
    manager.fill("Name of the cohort", name)
    fill_day(manager, "3", "9", "2098")
    manager.press("Show the new days")
    check = page.url
    manager.press("Make the new cohort")
    expect(page.locator("main")).to_contain_text("Nobody was told")

    page.goto(check)
    expect(page.locator("main")).to_contain_text("This copy is made already")
    page.goto("/staff/cohorts/")

    expect(page.get_by_role("link", name=name)).to_have_count(1)
