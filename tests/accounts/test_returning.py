"""Nothing typed is lost to a session that ended, and nobody else gets to see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role, User
from notifications.models import LedgerRow
from tests.accounts.factories import PASSWORD, app_code, enrol, make_person, make_staff

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SETTINGS = "/settings/"
TYPED = {
    "name": "Ada Canary",
    "called": "carer",
    "time_zone": "Europe/Paris",
    "role_title": "",
    "organisation": "Ward 7",
}


def leave_the_room(client: Client, person: User, time_machine: Any) -> None:
    """Sign in, and come back after the session has ended."""
    time_machine.move_to(START, tick=False)
    client.force_login(person)
    client.get("/accounts/sessions/")
    time_machine.move_to(START + timedelta(hours=13), tick=False)


def sign_in_with_code(client: Client, person: User, next_page: str) -> Any:
    client.get(f"/accounts/login/?next={next_page}")
    client.post(f"{reverse('account_request_login_code')}?next={next_page}", {"email": person.email, "next": next_page})
    secret = LedgerRow.objects.latest("pk").secret
    assert secret
    page = reverse("account_confirm_login_code")
    return client.post(f"{page}?next={next_page}", {"code": secret["code"], "next": next_page})


def test_an_expired_form_comes_back_filled_after_signing_in_and_nothing_is_saved(
    client: Client, time_machine: Any
) -> None:
    person = make_person()
    leave_the_room(client, person, time_machine)
    answer = client.post(SETTINGS, TYPED)
    assert answer["Location"] == f"/accounts/login/?next={SETTINGS}"
    answer = sign_in_with_code(client, person, SETTINGS)
    assert answer["Location"] == SETTINGS
    page = client.get(SETTINGS).content.decode()
    assert "Ada Canary" in page
    assert "Ward 7" in page
    assert User.objects.get(pk=person.pk).name != "Ada Canary"
    client.post(SETTINGS, TYPED)
    assert User.objects.get(pk=person.pk).name == "Ada Canary"
    assert "returning" not in client.session


def test_it_survives_the_second_factor(client: Client, time_machine: Any) -> None:
    person = make_person()
    secret = enrol(person)
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": SETTINGS})
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert answer["Location"] == SETTINGS
    assert "Ada Canary" in client.get(SETTINGS).content.decode()


def test_somebody_else_who_signs_in_sees_none_of_it(client: Client, time_machine: Any) -> None:
    person, other = make_person(), make_person()
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED)
    sign_in_with_code(client, other, SETTINGS)
    assert "Ada Canary" not in client.get(SETTINGS).content.decode()
    assert "returning" not in client.session
    assert client.get(reverse("accounts:returned")).status_code == 404


def test_words_sent_from_another_tab_after_signing_out_go_to_nobody_else(client: Client) -> None:
    person, other = make_person(), make_person()
    client.force_login(person)
    client.post(reverse("account_logout"))
    client.post(SETTINGS, TYPED)
    sign_in_with_code(client, other, SETTINGS)
    assert "Ada Canary" not in client.get(SETTINGS).content.decode()
    client.post(reverse("account_logout"))
    client.force_login(person)
    client.post(reverse("account_logout"))
    client.post(SETTINGS, TYPED)
    sign_in_with_code(client, person, SETTINGS)
    assert "Ada Canary" in client.get(SETTINGS).content.decode()


def test_a_page_that_takes_no_get_gets_its_text_back_on_a_page_in_between(client: Client, time_machine: Any) -> None:
    manager = make_staff(Role.MANAGER)
    address = reverse("accounts:grant_role")
    leave_the_room(client, manager, time_machine)
    client.post(address, {"email": "newcomer-to-staff@example.test", "role": "moderator"})
    client.force_login(manager)
    answer = client.get(address)
    assert answer["Location"] == reverse("accounts:returned")
    page = client.get(reverse("accounts:returned")).content.decode()
    assert f'action="{address}"' in page
    assert 'value="newcomer-to-staff@example.test"' in page
    assert not User.objects.filter(email="newcomer-to-staff@example.test").exists()


def test_the_text_can_be_dropped(client: Client, time_machine: Any) -> None:
    person = make_person()
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED)
    client.force_login(person)
    client.post(reverse("accounts:drop_returned"))
    assert client.get(reverse("accounts:returned")).status_code == 404


def test_it_waits_an_hour_and_no_longer(client: Client, time_machine: Any) -> None:
    person = make_person()
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED)
    time_machine.move_to(START + timedelta(hours=14, seconds=5), tick=False)
    client.force_login(person)
    assert "Ada Canary" not in client.get(SETTINGS).content.decode()


def test_the_stored_session_does_not_hold_the_words_and_passwords_are_not_kept(
    client: Client, time_machine: Any
) -> None:
    person = make_person()
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED | {"password": "canary-password"})
    kept = Session.objects.get().get_decoded()["returning"]
    assert "Canary" not in str(kept)
    client.force_login(person)
    client.get(SETTINGS)
    assert "canary-password" not in client.get(SETTINGS).content.decode()


def test_without_any_session_the_first_to_sign_in_gets_the_text_back(client: Client) -> None:
    person = make_person()
    client.post(SETTINGS, TYPED)
    sign_in_with_code(client, person, SETTINGS)
    assert "Ada Canary" in client.get(SETTINGS).content.decode()


def test_anonymous_people_cannot_fill_the_session_table(client: Client) -> None:
    for _ in range(201):
        type(client)().post(SETTINGS, TYPED)
    before = Session.objects.count()
    type(client)().post(SETTINGS, TYPED)
    assert Session.objects.count() == before


def test_a_form_with_an_old_token_shows_its_text_and_one_button(client: Client) -> None:
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(make_person())
    answer = strict.post(SETTINGS, TYPED, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'value="Ada Canary"' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
def test_what_another_site_sent_is_never_echoed(client: Client, headers: dict[str, str]) -> None:
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(make_person())
    answer = strict.post(SETTINGS, TYPED, headers=headers)
    assert answer.status_code == 403
    assert "Ada Canary" not in answer.content.decode()


def test_expiry_is_recorded_without_a_word_of_the_text(client: Client, time_machine: Any) -> None:
    person = make_person()
    leave_the_room(client, person, time_machine)
    client.post(SETTINGS, TYPED)
    assert "Canary" not in str(list(AuditEvent.objects.values()))
