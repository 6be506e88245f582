"""Ways to sign in, what each asks for, and what they tell a stranger."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role, User
from notifications.models import LedgerRow
from tests.accounts.factories import PASSWORD, app_code, enrol, make_person, make_staff

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client: Client, person: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": password, **more})


def mailed_code() -> str:
    """The code in the newest message that waits in the ledger."""
    secret = LedgerRow.objects.latest("pk").secret
    assert secret
    return str(secret["code"])


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def verbs_of(person: User) -> list[str]:
    return list(AuditEvent.objects.filter(target_id=person.pk).order_by("pk").values_list("verb", flat=True))


def test_a_password_on_a_new_device_also_needs_the_mailed_code(client: Client) -> None:
    person = make_person()
    answer = sign_in(client, person)
    assert answer["Location"] == "/accounts/login/code/confirm/"
    assert not is_signed_in(client)
    client.post(answer["Location"], {"code": mailed_code()})
    client.post(reverse("mfa_trust"), {"action": "trust"})
    assert is_signed_in(client)


def test_a_trusted_device_is_not_asked_for_the_code_again(client: Client) -> None:
    person = make_person()
    answer = sign_in(client, person)
    client.post(answer["Location"], {"code": mailed_code()})
    client.post(reverse("mfa_trust"), {"action": "trust"})
    assert settings.MFA_TRUST_COOKIE_NAME.startswith("__Host-")
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)
    sign_in(client, person)
    assert is_signed_in(client)


def test_a_device_somebody_else_trusts_is_new_for_me(client: Client) -> None:
    owner, guest = make_person(), make_person()
    answer = sign_in(client, owner)
    client.post(answer["Location"], {"code": mailed_code()})
    client.post(reverse("mfa_trust"), {"action": "trust"})
    client.post(reverse("account_logout"))
    assert sign_in(client, guest)["Location"] == "/accounts/login/code/confirm/"


def test_a_code_alone_signs_in_and_needs_no_password(client: Client) -> None:
    person = make_person(password=None)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    assert is_signed_in(client)
    assert verbs_of(person) == ["person.created", "sign_in.succeeded"]


def test_a_code_of_another_browser_is_refused(client: Client) -> None:
    person = make_person(password=None)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = mailed_code()
    other = type(client)()
    other.post(reverse("account_request_login_code"), {"email": make_person().email})
    other.post(reverse("account_confirm_login_code"), {"code": code})
    assert not is_signed_in(other)


def test_a_wrong_code_is_recorded_and_three_end_the_attempt(client: Client) -> None:
    person = make_person(password=None)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRO-NGG"})
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    assert not is_signed_in(client)
    assert verbs_of(person)[1:] == ["sign_in.code_rejected"] * 3


def test_a_code_lives_ten_minutes(client: Client, time_machine: Any) -> None:
    person = make_person(password=None)
    time_machine.move_to("2026-11-22 12:00:00Z", tick=False)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    time_machine.move_to("2026-11-22 12:10:01Z", tick=False)
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    assert not is_signed_in(client)


def test_an_app_is_enrolled_asked_for_next_time_and_its_code_works_once(
    client: Client, django_capture_on_commit_callbacks: Any, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-22 12:00:00Z")
    person = make_person(password=PASSWORD)
    answer = sign_in(client, person)
    client.post(answer["Location"], {"code": mailed_code()})
    client.post(reverse("mfa_trust"), {})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert "second_factor.added" in verbs_of(person)
    client.post(reverse("account_logout"))

    time_machine.move_to("2026-11-22 12:01:00Z", tick=False)
    used = app_code(secret)
    answer = sign_in(client, person)
    assert answer["Location"] == reverse("mfa_authenticate")
    client.post(answer["Location"], {"code": used})
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": used})
    assert not is_signed_in(client)


def test_a_slow_hand_is_let_in_but_not_one_that_took_two_steps(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-22 12:00:00Z", tick=False)
    person = make_person()
    secret = enrol(person)
    code = app_code(secret)
    time_machine.move_to("2026-11-22 12:00:31Z", tick=False)
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret, steps=-2)})
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)


def test_a_code_ahead_of_our_clock_is_not_taken_again_when_the_clock_arrives(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-22 12:00:00Z", tick=False)
    person = make_person()
    code = app_code(enrol(person), steps=1)
    allauths_own_mark = Authenticator.objects.get(user=person).wrap()._get_used_cache_key(code)
    for at, let_in in (("12:00:00", True), ("12:00:31", False), ("12:01:29", False)):
        time_machine.move_to(f"2026-11-22 {at}Z", tick=False)
        sign_in(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client) is let_in
        client.post(reverse("account_logout"))
        cache.delete(allauths_own_mark)  # it lives for 30 s only


def test_a_recovery_code_opens_the_door_once(client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    person = make_person()
    enrol(person)
    code = RecoveryCodes.activate(person).generate_codes()[0]
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_signed_in(client)


def test_a_password_that_is_wrong_and_a_person_who_is_unknown_look_alike(client: Client) -> None:
    known = make_person("known@example.test")
    pages = []
    for address in (known.email, "nobody@example.test"):
        page = client.post(LOGIN, {"login": address, "password": "not the password"}).content.decode()
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", page.replace(address, "ADDRESS")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_asking_for_mail_tells_nobody_who_has_an_account(client: Client, name: str) -> None:
    make_person("known@example.test")
    answers = []
    for address in ("known@example.test", "nobody@example.test"):
        browser = type(client)()
        answer = browser.post(reverse(name), {"email": address}, follow=True)
        text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode().replace(address, "ADDRESS"))
        answers.append((answer.redirect_chain, text))
    assert answers[0] == answers[1]


def test_nobody_signs_up_from_the_outside(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "new@example.test", "password1": PASSWORD})
    assert not User.objects.exists()


def test_a_failed_sign_in_is_recorded_without_the_address(client: Client) -> None:
    person = make_person("canary@example.test")
    sign_in(client, person, password="wrong")
    sign_in(client, User(email="nobody-canary@example.test"), password="wrong")
    failed = AuditEvent.objects.filter(verb="sign_in.failed").order_by("pk")
    assert [(event.target_id, event.facts) for event in failed] == [(person.pk, {}), (None, {})]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_next_never_leads_away_from_us(client: Client, target: str) -> None:
    person = make_staff(Role.MODERATOR)
    secret = enrol_again(person)
    sign_in(client, person, next=target)
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert is_signed_in(client)
    assert answer["Location"] == reverse("portal:start")


def enrol_again(person: User) -> str:
    Authenticator.objects.filter(user=person).delete()
    return enrol(person)


def test_a_person_switched_off_is_signed_out_on_the_next_request(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert client.get(reverse("usersessions_list")).status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("usersessions_list")).status_code == 302


def test_guessing_is_stopped_and_a_forged_address_header_does_not_help(client: Client) -> None:
    person = make_person()
    for attempt in range(12):
        sign_in_from(client, person, f"203.0.113.{attempt}")
    sign_in_from(client, person, "203.0.113.99", password=PASSWORD)
    assert not LedgerRow.objects.exists()
    assert not is_signed_in(client)


def sign_in_from(client: Client, person: User, forged: str, password: str = "wrong guess") -> Any:
    return client.post(LOGIN, {"login": person.email, "password": password}, headers={"X-Forwarded-For": forged})


def test_addresses_are_verified_because_the_invitation_reached_them() -> None:
    person = make_person()
    assert EmailAddress.objects.get(user=person).verified
