"""Every page a person can reach in the demo, in light and dark, on a phone and a desk: no fault that axe can see."""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import People, System

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SKIP = re.compile(r"/(logout|admin)/|\.(atom|ics|csv|xlsx)$|^/static/|^/demo/mail/.+")
# Pages behind a button that no link leads to.
STARTS = {
    "visitor": [
        "/",
        "/programmes/collaborative-pairs/ask/",
        "/guides/starting-as-equals/comment/",
        "/accounts/login/code/",
        "/no-such-page/",
    ],
    "partner@demo.test": ["/pair/", "/log/new/", "/accounts/2fa/", "/mail/"],
    "manager@demo.test": ["/staff/", "/staff/programmes/", "/staff/guides/new/"],
    "moderator@demo.test": ["/staff/moderation/"],
    "facilitator@demo.test": ["/staff/"],
    "manager@demo.test, choosing": ["/staff/applications/"],
    "manager@demo.test, enquiries": [
        "/staff/enquiries/",
        *(
            f"/staff/enquiries/4/{verb}"
            for verb in ("", "hand/", "step/", "done/", "call/", "note/", "close/", "forget/")
        ),
        *("/staff/enquiries/5/answer/", "/staff/enquiries/8/reopen/"),
    ],
    "reviewer@demo.test": ["/staff/applications/"],
    "seeker@demo.test": ["/applications/"],
}
MOST_PAGES = 30
# Whatever people may have typed becomes one word that is longer than any screen is wide.
ONE_LONG_WORD = """() => {
    const typed = "[dir=auto], bdi, th[scope=row], h1, h2, h3, .person b, .person small, main li a, main dd, main p";
    const ours = ".btn, .nowrap, .tag, .flag, .row-actions, .visually-hidden, label, legend, svg";
    for (const node of document.querySelectorAll(typed)) {
        if (node.closest(ours)) continue;
        for (const text of node.childNodes)
            if (text.nodeType === Node.TEXT_NODE && text.textContent.trim())
                text.textContent = "Langstreckenname".repeat(20);
    }
}"""


def shape(path: str) -> str:
    """/log/12/ and /log/13/ are one kind of page, as are all guides and all applications."""
    path = re.sub(r"/applications/[A-Z0-9]{6}/", "/applications/#/", re.sub(r"/\d+(?=/|$)", "/#", path))
    return re.sub(r"/(guides|cohorts|programmes)/[^/]+/", r"/\1/#/", path)


def is_wider(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, at a phone's width and in both colours."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 390):
            if is_wider(page, width):
                found.append(f"wider than {width} px")
            if (scheme, width) in {("light", 1280), ("dark", 390)}:
                violations = (
                    Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
                )
                found += [f"{scheme} {width}: {one['id']} at {one['nodes'][0]['html'][:90]}" for one in violations]
    return found


@pytest.mark.parametrize("walk", STARTS)
def test_no_page_has_a_fault(walk: str, people: People, system: System) -> None:
    person = walk.partition(",")[0]
    page = people.sits_down() if person == "visitor" else people.signs_in(person)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    queue = deque(STARTS[walk])
    seen: set[str] = set()
    faults: dict[str, list[str]] = {}
    while queue and len(seen) < MOST_PAGES:
        path = queue.popleft()
        if shape(path) in seen or SKIP.search(path):
            continue
        seen.add(shape(path))
        said.clear()
        response = page.goto(path)
        assert response
        expected = 404 if path == "/no-such-page/" else 200
        found = faults_of(page) + ([f"status {response.status}"] if response.status != expected else [])
        found += [text for text in said if expected == 200]
        links = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.href)")
        page.evaluate(ONE_LONG_WORD)
        found += [
            f"one long word makes it wider than {width} px" for width in (1280, 1000, 390) if is_wider(page, width)
        ]
        if found:
            faults[path] = found
        inside = (urlsplit(urldefrag(urljoin(page.url, link))[0]) for link in links if link.startswith(system.address))
        queue.extend(parts.path for parts in inside)

    assert faults == {}
    assert len(seen) > len(STARTS[walk])
