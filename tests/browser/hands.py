"""Ways of using a page: with a pointer, or with nothing but the keyboard."""

import re
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 150


class Hands(Protocol):
    """What a person does to a page. Names are what a screen reader would say."""

    page: Page

    def fill(self, label: str, text: str) -> None: ...
    def choose(self, label: str) -> None: ...
    def press(self, button: str) -> None: ...
    def follow(self, link: str) -> None: ...


def _exactly(text: str) -> re.Pattern[str]:
    """A name that begins with `text`, with either kind of apostrophe."""
    wanted = re.escape(text).replace("'", "['’]")
    return re.compile(rf"^\s*{wanted}", re.IGNORECASE)


class Pointer:
    """Clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(_exactly(label)).first

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_label(_exactly(label)).first.check()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=_exactly(button)).first.click()
        self.page.wait_for_load_state()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=_exactly(link)).first.click()
        self.page.wait_for_load_state()


class Keyboard(Pointer):
    """Tab, Shift-Tab, arrows, space, Enter and letters; what has the focus must be seen to have it."""

    def _tab_to(self, wanted: Locator) -> None:
        expect(wanted).to_be_visible()
        for _press in range(MOST_TABS):
            if wanted.evaluate("node => node === document.activeElement"):
                outline = wanted.evaluate("node => getComputedStyle(node).outlineStyle")
                assert outline != "none", f"the focus cannot be seen on {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached with the keyboard")

    def fill(self, label: str, text: str) -> None:
        field = self.field(label)
        self._tab_to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str) -> None:
        option = self.page.get_by_label(_exactly(label)).first
        if option.get_attribute("type") == "checkbox":
            self._tab_to(option)
            self.page.keyboard.press("Space")
            return
        first = self.page.locator(f"[name={option.get_attribute('name')}]").first
        self._tab_to(first)
        self.page.keyboard.press("Space")
        for _press in range(20):
            if option.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} cannot be chosen with the keyboard")

    def press(self, button: str) -> None:
        self._tab_to(self.page.get_by_role("button", name=_exactly(button)).first)
        self._enter()

    def follow(self, link: str) -> None:
        self._tab_to(self.page.get_by_role("link", name=_exactly(link)).first)
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()
