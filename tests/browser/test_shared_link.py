"""A link to somebody outside, in a real browser: a page that tells nobody where it stands must still be opened."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_outside_opens_a_link_and_opens_nothing_once_it_is_stopped(scripts: bool, people: People) -> None:
    writer, outsider = people.signs_in("professional@demo.test"), people.sits_down(scripts=scripts, width=390)
    writer.goto("/log/")
    writer.get_by_role("link", name="A Friday from the desk").click()
    writer.get_by_role("link", name="The discharge board, by a link").click()
    release = writer.url
    writer.get_by_role("button", name="link").click()
    link = "/s/" + writer.get_by_label("The address to send").input_value().partition("/s/")[2]

    outsider.goto(link)
    outsider.get_by_role("button", name="Open it").click()

    expect(outsider.get_by_text("What a Friday looks like from the desk")).to_be_visible()
    assert outsider.context.cookies() == []
    writer.goto(release)
    writer.get_by_role("button", name="Make a new link; the old one stops").click()
    outsider.goto(link)
    expect(outsider.get_by_role("heading", name="This link opens nothing")).to_be_visible()
