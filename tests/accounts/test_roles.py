"""Roles as data, and the trail that every verb leaves."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts import actions, personal_data
from accounts.models import AuditEvent, Role, RoleAssignment, User
from accounts.permissions import has_role, is_staff_member
from tests.accounts.factories import make_person, make_staff, make_superuser

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_a_granted_role_opens_doors_until_it_is_revoked() -> None:
    manager = make_staff(Role.MANAGER)
    person = make_person()
    assignment = actions.grant_role(user=person, role=Role.MODERATOR, by=manager)
    assert has_role(person, Role.MODERATOR)
    actions.revoke_role(assignment=assignment, by=manager)
    assert not is_staff_member(User.objects.get(pk=person.pk))
    assert verbs()[-2:] == ["role.granted", "role.revoked"]


def test_granting_twice_is_granting_once() -> None:
    person = make_person()
    first = actions.grant_role(user=person, role=Role.FINANCE, by=None)
    assert actions.grant_role(user=person, role=Role.FINANCE, by=None) == first
    assert verbs().count("role.granted") == 1


def test_the_second_of_two_clicks_on_revoke_is_told() -> None:
    assignment = actions.grant_role(user=make_person(), role=Role.FINANCE, by=None)
    actions.revoke_role(assignment=assignment, by=None)
    with pytest.raises(actions.AlreadyRevoked):
        actions.revoke_role(assignment=assignment, by=None)


def test_the_last_manager_stays() -> None:
    assignment = actions.grant_role(user=make_person(), role=Role.MANAGER, by=None)
    with pytest.raises(actions.LastManager):
        actions.revoke_role(assignment=assignment, by=None)
    assert RoleAssignment.objects.get().revoked_at is None


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_remove_each_other_at_once_leave_one() -> None:
    assignments = [actions.grant_role(user=make_person(), role=Role.MANAGER, by=None) for _ in range(2)]
    start = threading.Barrier(2)
    outcomes = []

    def revoke(assignment: RoleAssignment) -> None:
        start.wait()
        try:
            actions.revoke_role(assignment=assignment, by=None)
            outcomes.append("revoked")
        except actions.LastManager:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=revoke, args=(assignment,)) for assignment in assignments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "revoked"]
    assert RoleAssignment.objects.filter(revoked_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_accounts_for_one_address_at_once_become_one() -> None:
    start = threading.Barrier(4)
    outcomes = []

    def create() -> None:
        start.wait()
        try:
            actions.create_user(email="Same@Example.test", by=None)
            outcomes.append("made")
        except actions.AlreadyHasAccount:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "told", "told", "told"]


def test_a_profile_change_is_recorded_without_its_words() -> None:
    person = make_person(name="Ada")
    actions.change_profile(user=person, by=person, name="canary-name", called="carer")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.facts) == ("person.profile_changed", {"fields": "called name"})
    assert User.objects.get(pk=person.pk).called == "carer"


@pytest.mark.parametrize("statement", ["UPDATE accounts_auditevent SET verb = 'x'", "DELETE FROM accounts_auditevent"])
def test_the_database_refuses_to_rewrite_the_trail(statement: str) -> None:
    make_person()
    refused = pytest.raises(IntegrityError, match="never changed or deleted")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verbs() == ["person.created"]


def test_erasure_leaves_no_personal_value_and_keeps_the_row() -> None:
    person = make_staff(email="canary@example.test")
    actions.change_profile(user=person, by=person, name="canary", organisation="canary", role_title="canary")
    actions.erase_person(user=person, by=make_staff(Role.MANAGER))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%canary%'")  # noqa: S608  # our own names
            assert cursor.fetchone() == (0,), table
    assert not User.objects.get(pk=person.pk).is_active


def test_the_export_names_what_we_hold_about_a_person() -> None:
    person = make_staff(Role.MODERATOR, email="mine@example.test")
    account = personal_data.collect(person)["account"]
    assert account["email"] == "mine@example.test"
    assert [held["role"] for held in account["roles"]] == ["moderator"]


def test_a_first_installation_gets_its_admin_and_its_manager() -> None:
    call_command("create_admin", "First@Example.test", name="First")
    call_command("create_admin", "first@example.test")
    call_command("grant_role", "first@example.test", "manager")
    user = User.objects.get()
    assert (user.is_superuser, user.has_usable_password(), has_role(user, Role.MANAGER)) == (True, False, True)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("create_admin", "no-address"), "not an e-mail address"),
        (("grant_role", "nobody@example.test", "manager"), "Nobody here has the address"),
        (("grant_role", "nobody@example.test", "king"), "Choose one of: manager"),
    ],
)
def test_a_wrong_argument_is_answered_in_one_line(command: tuple[str, ...], line: str) -> None:
    with pytest.raises(CommandError, match=line) as raised:
        call_command(*command)
    assert "\n" not in str(raised.value)


def test_a_superuser_is_staff_without_any_role() -> None:
    admin = make_superuser()
    assert is_staff_member(admin)
    assert not has_role(admin, *Role)
