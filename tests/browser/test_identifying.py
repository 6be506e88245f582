"""The check for identifiable details in the browser: the same answers as Python, and words while one writes."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from config.identifying import find
from config.identifying.names import EVERYDAY, NEVER_ALONE
from tests.browser.conftest import People

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = json.loads((ROOT / "tests/config/identifying_corpus.json").read_text())
HERE = "http://alongside.test"
TWIN = f"""async ([lines, options]) => {{
    const {{ find }} = await import("{HERE}/js/identifying.js");
    return lines.map((line) => find(line, options));
}}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, with our static files beside it; whatever else it asks for is refused and noted."""
    context = browser.new_context()
    blank = context.new_page()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE).partition("?")[0]
        if path.startswith("/js/"):
            route.fulfill(path=ROOT / "static" / path.lstrip("/"), content_type="text/javascript")
        elif path == "/":
            route.fulfill(body="<!doctype html><title>Blank</title>", content_type="text/html")
        else:
            route.abort()

    blank.route("**/*", answer)
    blank.goto(f"{HERE}/")
    yield blank
    context.close()


def in_python(line: str, names: list[str]) -> list[dict[str, Any]]:
    """What Python finds, counted as the browser counts: in UTF-16 units."""

    def units(place: int) -> int:
        return len(line[:place].encode("utf-16-le")) // 2

    return [
        {"kind": one.kind.value, "start": units(one.start), "end": units(one.end), "text": one.text}
        for one in find(line, this_year=2026, names=names)
    ]


def differences(page: Page, lines: list[str], names: list[str]) -> list[tuple[str, object, object]]:
    in_browser = page.evaluate(TWIN, [lines, {"thisYear": 2026, "names": names}])
    ours = [in_python(line, names) for line in lines]
    return [three for three in zip(lines, ours, in_browser, strict=True) if three[1] != three[2]]


def test_the_browser_answers_as_python_does_for_every_line_of_the_corpus(page: Page) -> None:
    lines = [*CORPUS["harmless"], *(case["line"] for case in CORPUS["details"])]
    together = ["\n".join(lines), " 😀 ".join(lines)]

    assert differences(page, [*lines, *together], CORPUS["names"]) == []


def test_both_know_the_same_everyday_words_and_titles(page: Page) -> None:
    names = sorted(EVERYDAY | NEVER_ALONE)
    lines = [f"{word} {word.title()}. then {word.title()} or {word}, in {word.title()}" for word in names]

    assert differences(page, lines, names) == []
    assert differences(page, lines, [f"Xanthe {name}" for name in names]) == []


def test_both_answer_alike_for_texts_that_nobody_would_write(page: Page) -> None:
    made = random.Random(3)
    pieces = [
        "4505577104",
        "450 557 7104",
        "NHS ",
        "+44",
        "(0)",
        "07700",
        " 900123",
        "3/4/61",
        "born ",
        "May ",
        "Zoë",
        "@",
    ]
    pieces += [
        "a.org",
        "SW1A",
        " 1AA",
        ".",
        "-",
        " ",
        "\n",
        "’",
        "s",
        "é",
        "e\u0301",
        "😀",
        "４",
        "ß",
        "𝟒",
        "日",
        "½",
        "…",
        "ISBN ",
    ]
    lines = ["".join(made.choices(pieces, k=made.randrange(1, 14))) for _line in range(5_000)]

    assert differences(page, lines, [*CORPUS["names"], "Straße", "日 é"]) == []


def test_a_huge_hostile_text_ends_in_the_browser_too(page: Page) -> None:
    lines = [piece * (200_000 // len(piece)) for piece in ("4", "@", "a.", "a@", "1 ", "1/", "01 ", "é", "+", "(")]

    assert differences(page, lines, ["Desmond Achebe"]) == []


@pytest.fixture
def writing_page(page: Page) -> Page:
    """A page as the log has it: a text, and the component that says what it might give away."""
    region = render_to_string("components/identifying.html", {"field_id": "text"})
    page.evaluate(
        """([region, names]) => {
            document.body.innerHTML = '<form><textarea id="text" data-identifying></textarea></form>' + region;
            document.querySelector("textarea").dataset.names = JSON.stringify(names);
        }""",
        [region, ["Desmond Achebe"]],
    )
    page.add_script_tag(url=f"{HERE}/js/log-details.js", type="module")
    return page


def test_what_is_typed_is_told_in_words_and_gone_when_taken_out(writing_page: Page) -> None:
    asked: list[str] = []
    writing_page.on("request", lambda request: asked.append(request.url))
    told, field = writing_page.get_by_role("status"), writing_page.locator("textarea")

    expect(told).to_be_hidden()
    field.press_sequentially("NHS number 943 476 5919, said Desmond. Desmond!")
    expect(told).to_have_text(
        "This might point to a real person: “943 476 5919” (looks like an NHS number); "
        "“Desmond” (looks like a name you listed)"
    )
    field.fill("Nothing that points to anyone.")
    expect(told).to_be_hidden()
    assert asked == []


def test_markup_in_the_text_stays_text(writing_page: Page) -> None:
    writing_page.locator("textarea").fill("<img src=x onerror=alert(1)>a@example.org {kind} $& b@example.org")

    expect(writing_page.get_by_role("status")).to_have_text(
        "This might point to a real person: “a@example.org” (looks like an email address); "
        "“b@example.org” (looks like an email address)"
    )


@pytest.mark.parametrize("names", ["not JSON", "null", "[1, null]", "{}"])
def test_a_list_of_names_that_cannot_be_read_is_no_list(writing_page: Page, names: str) -> None:
    writing_page.evaluate(
        """(names) => {
            const field = document.querySelector("textarea");
            const other = field.cloneNode();
            other.id = "other";
            other.dataset.names = names;
            const region = document.querySelector("[role=status]").cloneNode();
            region.dataset.identifyingFor = "other";
            document.body.replaceChildren(other, region);
        }""",
        names,
    )
    writing_page.add_script_tag(url=f"{HERE}/js/log-details.js?again", type="module")
    writing_page.locator("textarea").fill("Desmond, 07700 900123")

    expect(writing_page.get_by_role("status")).to_have_text(
        "This might point to a real person: “07700 900123” (looks like a phone number)"
    )


@pytest.mark.slow
def test_who_writes_in_the_log_is_told_calmly_once_they_pause_and_is_never_stopped(people: People) -> None:
    page = people.signs_in("professional2@demo.test")
    page.goto("/log/new/?questions=free")
    told, field = page.locator('[data-identifying-for="id_answer_0"]'), page.locator("#id_answer_0")

    field.press_sequentially("Ring 07700 900123")
    expect(told).to_be_hidden()
    expect(told).to_have_text(
        "Only you read this now, so leave it if it helps you. "
        "Before anybody else does, look again at “07700 900123” (looks like a phone number)"
    )
    expect(told).to_have_attribute("aria-live", "polite")
    page.get_by_role("button", name="Save as draft").click()

    expect(page.get_by_text("Ring 07700 900123")).to_be_visible()
    page.get_by_role("link", name="Go on writing").click()
    expect(told).to_be_visible()
    expect(told).to_have_attribute("aria-live", "off")
