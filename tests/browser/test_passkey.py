"""A passkey, added and used with Chromium's own virtual authenticator."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import People

pytestmark = pytest.mark.browser


def give_authenticator(page: Page) -> None:
    """A fingerprint reader that always says yes, built into this browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_without_password_or_code(people: People) -> None:
    page = people.signs_in("partner3@demo.test")
    give_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("My old phone")
    passwordless = page.locator("input[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    page.locator("form:has(input[name=name]) button").first.click()
    page.wait_for_url(lambda url: "/accounts/2fa/" in url and "/add/" not in url)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("body")).to_contain_text("My old phone")

    page.goto("/accounts/logout/")
    page.locator("form[action='/accounts/logout/'] [type=submit]").first.click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto("/settings/")
    expect(page.locator("body")).to_contain_text("partner3@demo.test")
