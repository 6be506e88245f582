"""How long a session lasts, what its pages and cookies carry, and who needs a second factor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import AuditEvent, Role, User
from accounts.tasks import clear_sessions
from tests.accounts.factories import PASSWORD, app_code, enrol, make_person, make_staff, make_superuser

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PAGE = "/accounts/sessions/"


def is_open(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("is_staff", "idle"), [(False, timedelta(hours=12)), (True, timedelta(minutes=60))], ids=["member", "staff"]
)
def test_a_session_ends_when_nobody_uses_it(client: Client, time_machine: Any, is_staff: bool, idle: timedelta) -> None:
    time_machine.move_to(START, tick=False)
    person = make_staff() if is_staff else make_person()
    client.force_login(person)
    assert is_open(client)
    time_machine.move_to(START + idle, tick=False)
    assert is_open(client)
    time_machine.move_to(START + idle * 2 + timedelta(seconds=1), tick=False)
    assert not is_open(client)
    assert AuditEvent.objects.filter(verb="session.expired", actor=person).count() == 1


@pytest.mark.parametrize(
    ("is_staff", "absolute"), [(False, timedelta(days=30)), (True, timedelta(hours=12))], ids=["member", "staff"]
)
def test_a_session_ends_in_the_end_however_much_it_is_used(
    client: Client, time_machine: Any, is_staff: bool, absolute: timedelta
) -> None:
    time_machine.move_to(START, tick=False)
    client.force_login(make_staff() if is_staff else make_person())
    at = timedelta()
    while at <= absolute:
        time_machine.move_to(START + at, tick=False)
        assert is_open(client), at
        at += timedelta(minutes=50) if is_staff else timedelta(hours=11)
    time_machine.move_to(START + absolute + timedelta(minutes=1), tick=False)
    assert not is_open(client)


def test_old_sessions_are_cleared(client: Client, time_machine: Any) -> None:
    time_machine.move_to(START, tick=False)
    client.force_login(make_person())
    time_machine.move_to(START + timedelta(days=31), tick=False)
    clear_sessions()
    assert not Session.objects.exists()


def test_a_session_can_be_ended_from_another_device(client: Client, settings: Any) -> None:
    settings.DEMO = True  # a password is enough here
    person = make_person()
    other = type(client)()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert is_open(client)
    assert is_open(other)
    client.post(PAGE)
    assert is_open(client)
    assert not is_open(other)


def test_signed_in_pages_are_stored_nowhere_and_signing_out_clears_the_cache(client: Client) -> None:
    client.force_login(make_person())
    assert {"no-store", "private"} <= set(client.get(PAGE)["Cache-Control"].split(", "))
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_open(client)


def test_every_cookie_is_host_bound_secure_and_out_of_reach_of_scripts(client: Client) -> None:
    person = make_person()
    secret = enrol(person)
    answers = [
        client.get("/accounts/login/"),
        client.post("/accounts/login/", {"login": person.email, "password": "x"}),
    ]
    answers.append(client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}))
    answers.append(client.post(reverse("mfa_authenticate"), {"code": app_code(secret)}))
    answers.append(client.get(PAGE))
    cookies = [cookie for answer in answers for cookie in answer.cookies.values()]
    assert {cookie.key for cookie in cookies} == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for cookie in cookies:
        assert cookie.key.startswith("__Host-")
        assert (cookie["path"], cookie["domain"], cookie["secure"], cookie["httponly"]) == ("/", "", True, True)
        assert cookie["samesite"] == "Lax"


def test_a_visitors_page_sets_no_cookie_and_can_be_shared(client: Client) -> None:
    answer = client.get("/healthz")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_staff_without_a_second_factor_reach_nothing_but_enrolment_and_the_door(client: Client) -> None:
    manager = make_staff(Role.MANAGER, second_factor=False)
    Client.force_login(client, manager)
    answered = {
        name: client.get(reverse(name)).status_code
        for name in ("mfa_index", "mfa_list_webauthn", "account_logout", "healthz", "accounts:settings", "portal:start")
    }
    answered["accounts:staff_people"] = client.get(reverse("accounts:staff_people")).status_code
    answered["admin"] = client.get("/admin/").status_code
    assert answered == {
        "mfa_index": 200,
        "mfa_list_webauthn": 200,
        "account_logout": 200,
        "healthz": 200,
        "accounts:settings": 302,
        "portal:start": 302,
        "accounts:staff_people": 302,
        "admin": 302,
    }


def test_a_superuser_without_a_second_factor_does_not_reach_the_admin(client: Client) -> None:
    admin = make_superuser(second_factor=False)
    Client.force_login(client, admin)
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    enrol(admin)
    assert client.get("/admin/").status_code == 200


def test_the_demo_does_not_enforce_but_asks_for_what_is_enrolled(client: Client, settings: Any) -> None:
    settings.DEMO, settings.STAFF_SECOND_FACTOR_REQUIRED = True, False
    manager = make_staff(Role.MANAGER, second_factor=False)
    client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    assert is_open(client)
    client.post(reverse("account_logout"))
    enrol(manager)
    answer = client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")


def test_members_are_not_sent_to_enrolment(client: Client) -> None:
    client.force_login(make_person())
    assert client.get(reverse("portal:start")).status_code != 404
    assert is_open(client)


def test_only_superusers_learn_that_there_is_an_admin(client: Client) -> None:
    person, manager, admin = make_person(), make_staff(Role.MANAGER), make_superuser()
    answered = [client.get("/admin/").status_code]
    for somebody in (person, manager, admin):
        client.force_login(somebody)
        answered.append(client.get("/admin/").status_code)
    assert answered == [302, 404, 404, 200]


def test_the_admin_shows_three_tables_and_changes_none() -> None:
    from django.contrib import admin
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = make_superuser()
    registered = admin.site._registry
    assert {model._meta.label for model in registered} == {
        "accounts.User",
        "accounts.RoleAssignment",
        "accounts.AuditEvent",
    }
    for model_admin in registered.values():
        assert not model_admin.has_add_permission(request)
        assert not model_admin.has_change_permission(request)
        assert not model_admin.has_delete_permission(request)


def test_losing_the_second_factor_sends_staff_back_to_enrolment(client: Client) -> None:
    manager = make_staff(Role.MANAGER)
    client.force_login(manager)
    assert is_open(client)
    Authenticator.objects.filter(user=manager).delete()
    assert client.get(PAGE)["Location"] == reverse("mfa_index")


def test_a_revoked_role_ends_on_the_next_request(client: Client) -> None:
    manager, other = make_staff(Role.MANAGER), make_staff(Role.MANAGER)
    client.force_login(manager)
    assert client.get(reverse("accounts:staff_people")).status_code == 200
    actions.revoke_role(assignment=manager.role_assignments.get(), by=other)
    assert client.get(reverse("accounts:staff_people")).status_code == 404
    assert User.objects.get(pk=manager.pk).is_active
