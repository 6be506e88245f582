"""Own settings, and the console's page of people and roles."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.forms import time_zone_choices
from accounts.models import Role, RoleAssignment, User
from accounts.permissions import has_role
from tests.accounts.factories import PASSWORD, app_code, enrol, make_person, make_staff

pytestmark = pytest.mark.django_db

SETTINGS = {"name": "Ada", "called": "unpaid carer", "time_zone": "Asia/Kolkata", "large_text": "on"}


def sign_in_as_manager(client: Client, settings: Any) -> User:
    """Through the front door, so that the sign-in is fresh."""
    settings.DEMO = True
    manager = make_staff(Role.MANAGER, second_factor=False)
    secret = enrol(manager)
    client.post("/accounts/login/", {"login": manager.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    return manager


def test_people_say_who_they_are_in_their_own_words(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    client.post("/settings/", SETTINGS)
    person.refresh_from_db()
    assert (person.name, person.called, person.time_zone, person.large_text) == (
        "Ada",
        "unpaid carer",
        "Asia/Kolkata",
        True,
    )


@pytest.mark.parametrize(
    ("field", "value", "said"), [("name", "", "Enter your name."), ("time_zone", "Mars/Phobos", "Choose a time zone")]
)
def test_a_refused_settings_form_keeps_what_was_typed(client: Client, field: str, value: str, said: str) -> None:
    person = make_person()
    client.force_login(person)
    answer = client.post("/settings/", SETTINGS | {field: value, "organisation": "Ward 7"})
    page = answer.content.decode()
    assert said in page
    assert "Ward 7" in page
    assert "<title>Error: " in page.replace("\n", "")
    assert User.objects.get(pk=person.pk).organisation == ""


def test_every_zone_on_offer_is_one_the_database_takes() -> None:
    from accounts.models import validate_time_zone

    names = [name for _area, zones in time_zone_choices() for name, _place in zones]
    for name in names:
        validate_time_zone(name)
    assert names[0] == "Europe/London"
    assert "America/Argentina/Salta" in names


def test_a_manager_gives_and_ends_a_role(client: Client, settings: Any) -> None:
    manager = sign_in_as_manager(client, settings)
    client.post(reverse("accounts:grant_role"), {"email": "New@Example.test", "role": "moderator"})
    newcomer = User.objects.get(email="new@example.test")
    assignment = newcomer.role_assignments.get()
    assert (assignment.role, assignment.granted_by) == ("moderator", manager)
    for _ in range(2):
        answer = client.post(reverse("accounts:revoke_role", args=[assignment.pk]))
        assert answer["Location"] == reverse("accounts:staff_people")
    assert not has_role(User.objects.get(pk=newcomer.pk), Role.MODERATOR)


def test_a_manager_cannot_end_the_last_managers_role(client: Client, settings: Any) -> None:
    manager = sign_in_as_manager(client, settings)
    answer = client.post(reverse("accounts:revoke_role", args=[manager.role_assignments.get().pk]), follow=True)
    assert "This is the last manager" in answer.content.decode()
    assert RoleAssignment.objects.get().revoked_at is None


def test_roles_change_only_after_proving_again_who_it_is(client: Client, settings: Any, time_machine: Any) -> None:
    time_machine.move_to("2026-11-22 12:00:00Z", tick=False)
    manager = sign_in_as_manager(client, settings)
    time_machine.move_to("2026-11-22 12:06:00Z", tick=False)
    words = {"email": "new@example.test", "role": "finance"}
    answer = client.post(reverse("accounts:grant_role"), words)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not User.objects.filter(email="new@example.test").exists()
    client.post(answer["Location"], {"password": PASSWORD})
    assert has_role(User.objects.get(email="new@example.test"), Role.FINANCE)
    assert has_role(manager, Role.MANAGER)


def test_a_mistyped_address_comes_back_with_advice(client: Client, settings: Any) -> None:
    sign_in_as_manager(client, settings)
    page = client.post(reverse("accounts:grant_role"), {"email": "new at example", "role": "finance"}).content.decode()
    assert "Enter an email address like name@example.org." in page
    assert 'value="new at example"' in page


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MODERATOR, Role.FINANCE, Role.EVALUATOR])
def test_other_staff_change_no_roles(client: Client, role: Role) -> None:
    person = make_staff(role)
    client.force_login(person)
    answered = [
        client.get(reverse("accounts:staff_people")).status_code,
        client.post(reverse("accounts:grant_role"), {"email": person.email, "role": "manager"}).status_code,
        client.post(reverse("accounts:revoke_role", args=[person.role_assignments.get().pk])).status_code,
    ]
    assert answered == [403, 403, 403]
    assert [held.role for held in person.role_assignments.all()] == [role]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_people_asks_as_much_of_the_database_for_many_as_for_one(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    manager = make_staff(Role.MANAGER)
    for _ in range(count):
        make_staff(Role.MODERATOR, second_factor=False)
    client.force_login(manager)
    client.get(reverse("accounts:staff_people"))
    with django_assert_max_num_queries(8):
        client.get(reverse("accounts:staff_people"))
