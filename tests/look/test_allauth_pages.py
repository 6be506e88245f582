"""Every page of signing in stands in our own frame: one heading, one filled button, no inline style or script."""

import re
import time
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.signing import dumps
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests.accounts.factories import PASSWORD, app_code, enrol, make_person

pytestmark = pytest.mark.django_db

FOR_ANYBODY = (
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
)
FOR_ONE_SIGNED_IN = (
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
)
ALLOWED_SCRIPT = re.compile(r'<script (?:(?:type="module" )?src="[^"]+"(?: defer)?|[^>]*type="application/json")>')


def looks_like_ours(page: Any) -> str:
    """The page as text, after what holds for all of them."""
    html: str = page.content.decode()
    assert page.status_code == 200, page
    assert 'class="site-header"' in html
    assert html.count("<h1") == 1
    assert html.count("btn-primary") <= 1
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert all(ALLOWED_SCRIPT.fullmatch(tag) for tag in re.findall(r"<script[^>]*>", html))
    assert re.search(r"<title>\s*\S.* – Alongside</title>", html)
    return html


def sign_in(client: Client, person: User) -> None:
    """By password, so that it counts as fresh proof of who it is."""
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": person.email}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_a_page_for_anybody_is_ours(client: Client, name: str) -> None:
    looks_like_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", FOR_ONE_SIGNED_IN)
def test_a_page_of_somebody_signed_in_is_ours(client: Client, name: str) -> None:
    sign_in(client, make_person())
    looks_like_ours(client.get(reverse(name)))


def test_a_password_is_changed_or_chosen_on_a_page_of_ours(client: Client) -> None:
    sign_in(client, make_person())
    looks_like_ours(client.get(reverse("account_change_password")))
    sign_in(client, make_person(password=None))
    looks_like_ours(client.get(reverse("account_set_password")))


def test_signing_in_offers_three_ways_and_keeps_where_one_was_going(client: Client) -> None:
    html = looks_like_ours(client.get(reverse("account_login"), {"next": "/log/"}))
    assert 'name="login"' in html
    assert 'name="password"' in html
    assert f"{reverse('account_request_login_code')}?next=%2Flog%2F" in html
    assert 'id="passkey_login"' in html
    assert html.count('name="next" value="/log/"') == 2
    assert "invitation" in html


def test_a_wrong_password_comes_back_with_the_address_and_the_reason(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "nobody@example.test", "password": "something wrong"})
    html = looks_like_ours(page)
    assert "There is a problem" in html
    assert "<title>Error: " in html
    assert 'value="nobody@example.test"' in html
    assert "something wrong" not in html


def test_an_empty_field_says_so_beside_the_field(client: Client) -> None:
    html = looks_like_ours(client.post(reverse("account_request_login_code"), {"email": ""}))
    assert 'href="#id_email"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html


def test_the_page_for_the_code_is_the_same_whether_or_not_there_is_an_account(client: Client) -> None:
    pages = []
    for email in (make_person().email, "nobody@example.test"):
        client.post(reverse("account_request_login_code"), {"email": email})
        html = looks_like_ours(client.get(reverse("account_confirm_login_code")))
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html.replace(email, "EMAIL")))
        client.cookies.clear()
    assert pages[0] == pages[1]


def test_a_link_for_a_new_password_that_has_gone_stale_leads_to_a_new_one(client: Client) -> None:
    html = looks_like_ours(client.get(reverse("account_reset_password_from_key", args=["1", "set-password"])))
    assert reverse("account_reset_password") in html


def test_a_link_to_confirm_an_address_is_ours_fresh_or_stale(client: Client) -> None:
    person = make_person()
    address = EmailAddress.objects.create(user=person, email="new@example.test", verified=False, primary=False)
    fresh = reverse("account_confirm_email", args=[dumps(address.pk, salt="account")])
    assert "new@example.test" in looks_like_ours(client.get(fresh))
    looks_like_ours(client.get(reverse("account_confirm_email", args=["stale"])))


def test_the_second_step_and_its_spare_codes_are_ours(client: Client) -> None:
    person = make_person()
    secret = enrol(person)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    looks_like_ours(client.get(reverse("mfa_authenticate")))
    looks_like_ours(client.post(reverse("mfa_authenticate"), {"code": "000"}))
    page = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    if page["Location"] == reverse("mfa_trust"):
        looks_like_ours(client.get(page["Location"]))
        page = client.post(page["Location"], {"action": "skip"})
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_reauthenticate"):
        looks_like_ours(client.get(reverse(name)))
    client.post(reverse("mfa_generate_recovery_codes"))
    looks_like_ours(client.get(reverse("mfa_view_recovery_codes")))


def test_a_passkey_is_named_and_removed_on_pages_of_ours(client: Client) -> None:
    person = make_person()
    key = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "My phone", "credential": {}}
    )
    sign_in(client, person)
    assert "My phone" in looks_like_ours(client.get(reverse("mfa_list_webauthn")))
    looks_like_ours(client.get(reverse("mfa_edit_webauthn", args=[key.pk])))
    looks_like_ours(client.get(reverse("mfa_remove_webauthn", args=[key.pk])))
    page = client.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert "Your passkey is removed." in looks_like_ours(page)


def test_devices_are_named_in_plain_words(client: Client) -> None:
    person = make_person()
    sign_in(client, person)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    key = client.session.session_key
    UserSession.objects.create(user=person, session_key=key, ip="192.0.2.7", user_agent=agent)
    html = looks_like_ours(client.get(reverse("usersessions_list")))
    assert "Firefox on Linux" in html
    assert "Gecko" not in html


def test_no_page_of_a_feature_that_is_off_is_reachable() -> None:
    assert settings.MFA_PASSKEY_LOGIN_ENABLED
    for name in ("mfa_signup_webauthn", "account_change_phone", "account_confirm_password_reset_code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_what_just_happened_is_said_in_our_words() -> None:
    """Every message allauth has for a feature we use has its words here."""
    theirs = Path(allauth.__file__).parent / "templates"
    names = {str(path.relative_to(theirs)) for path in theirs.glob("*/messages/*.txt")}
    ours = {
        str(path.relative_to(settings.BASE_DIR / "templates"))
        for path in settings.BASE_DIR.glob("templates/*/messages/*.txt")
    }
    assert {name for name in names - ours if "phone" not in name and not name.startswith("socialaccount")} == set()
