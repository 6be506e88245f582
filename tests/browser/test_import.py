"""A manager brings in pairs from the Excel template: first with an error, then right; with scripts and without."""

import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.applying import open_cohort
from tests.browser.conftest import People, System, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def filled_in(template: bytes, *rows: list[str]) -> bytes:
    """The template with these rows below its example, as a spreadsheet saves it."""
    book = load_workbook(io.BytesIO(template))
    for row in rows:
        book["Pairs"].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(page: Page, slug: str, table: bytes) -> None:
    page.goto(f"/staff/cohorts/{slug}/import/")
    page.get_by_label("Pairs", exact=True).check()
    page.get_by_label("The table", exact=True).set_input_files({"name": "pairs.xlsx", "mimeType": "", "buffer": table})
    page.get_by_role("button", name="Read the table").click()


def until(page: Page, text: str) -> None:
    """The page says so at last; without scripts somebody looks again."""

    def look() -> bool:
        if page.get_by_text(text).first.is_visible():
            return True
        again = page.get_by_role("link", name="Look again")
        if again.is_visible():
            again.click()
        return False

    eventually(look, within_seconds=60, what=text)


@pytest.mark.parametrize("scripts", [True, False], ids=["pointer", "without scripts"])
def test_pairs_come_in_from_the_template_once_it_is_right(scripts: bool, people: People, system: System) -> None:
    name = uuid4().hex[:6]
    slug = open_cohort(system, f"Table {name}")
    page = people.signs_in("manager@demo.test", scripts=scripts)
    page.goto(f"/staff/cohorts/{slug}/")
    page.get_by_role("link", name="Bring in a table").click()
    template = page.request.get(
        page.get_by_role("link", name="Excel template for Pairs").get_attribute("href") or ""
    ).body()
    wrong = ["The last bus", f"pro-{name}@table.test", "Bram Oke", "ada at table.test", "Ada Birch"]
    right = [*wrong[:3], f"ada-{name}@table.test", "شريكة 👩🏽‍🦽"]

    send(page, slug, filled_in(template, wrong))
    until(page, "1 problem. Nothing is saved.")
    expect(page.get_by_role("row", name="This is not an email address")).to_contain_text("ada at table.test")
    expect(page.get_by_role("button", name="Bring in")).to_have_count(0)

    send(page, slug, filled_in(template, right))
    until(page, "Every row is right.")
    expect(page.get_by_text("The example row of the template was passed over.")).to_be_visible()
    page.get_by_role("button", name="Bring in 1 pair").click()
    until(page, "1 pair brought in. Nobody was written to.")
    page.get_by_role("link", name="To the cohort").click()
    expect(page.get_by_role("row", name="The last bus")).to_contain_text("شريكة 👩🏽‍🦽")
    assert system.mails(f"ada-{name}@table.test") == []

    send(page, slug, filled_in(template, right))
    until(page, "There is nothing to bring in.")
