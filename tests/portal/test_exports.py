"""Tables to take away hold what their page shows to the same person, and nothing that runs."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import cohorts.actions
import pairs.actions
from accounts.models import AuditEvent, Role, User
from applications.models import Applicant, Conflict, Reviewer
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.conftest import SecureClient
from tests.pairs.factories import accept, make_cohort, make_pair, side

pytestmark = pytest.mark.django_db


def taken(reader: User, cohort: Cohort, what: str, query: str = "") -> list[list[str]]:
    client = SecureClient()
    client.force_login(reader)
    answer: Any = client.get(reverse("portal:table", args=[cohort.slug, what, "csv"]) + query)
    assert answer.status_code == 200, what
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline="")))


def reviewer_of(cohort: Cohort, *roles: Role) -> User:
    reviewer = make_staff(*(roles or (Role.REVIEWER,)))
    Reviewer.objects.create(cohort=cohort, user=reviewer, assigned_at=timezone.now())
    return reviewer


def test_a_manager_takes_every_table_of_a_cohort() -> None:
    manager = make_staff(Role.MANAGER)
    pair = make_pair(make_cohort())
    assert [row[0] for row in taken(manager, pair.cohort, "pairs")] == ["Challenge", pair.challenge]
    for what in ("people", "sessions", "applications"):
        assert taken(manager, pair.cohort, what)[0]


def test_facilitators_take_names_and_no_addresses() -> None:
    pair = make_pair(cohort := make_cohort())
    accept(side(pair, "partner"))
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    heads, *rows = taken(facilitator, cohort, "people")
    assert "Email" not in heads
    assert len(rows) == 1
    assert not any("@" in cell for row in rows for cell in row)
    assert "Email" in taken(make_staff(Role.MANAGER), cohort, "people")[0]


def test_reviewers_take_what_they_may_read_without_addresses() -> None:
    cohort = make_open_cohort()
    mine, barred = make_application(cohort), make_application(cohort)
    draft = make_application(cohort, state="draft")
    other = make_application(make_open_cohort(name="Elsewhere"))
    reviewer = reviewer_of(cohort)
    Conflict.objects.create(application=barred, user=reviewer, declared_by=reviewer, declared_at=timezone.now())
    heads, *rows = taken(reviewer, cohort, "applications")
    assert {row[0] for row in rows} == {mine.reference}
    assert "Email" not in heads
    assert not any("@" in cell for row in rows for cell in row)
    managers = {row[0] for row in taken(make_staff(Role.MANAGER), cohort, "applications")[1:]}
    assert managers == {mine.reference, barred.reference}
    assert draft.reference not in managers
    assert other.reference not in managers


def test_filters_of_the_page_hold_for_the_file() -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    one = make_application(cohort, local_system="Fenby")
    make_application(cohort, local_system="Saltmarsh")
    assert [row[0] for row in taken(manager, cohort, "applications", "?system=fen")[1:]] == [one.reference]


def test_cells_are_inert_and_names_whole() -> None:
    cohort = make_open_cohort()
    application = make_application(cohort, challenge="=HYPERLINK(A1)")
    name = "‮شريكة‬ 👩🏽‍🦽" + "x" * 180
    Applicant.objects.filter(application=application, side="partner").update(name=name)
    [row] = taken(make_staff(Role.MANAGER), cohort, "applications")[1:]
    assert row[1] == "'=HYPERLINK(A1)"
    assert name in row[6]


def test_answers_and_whom_somebody_would_not_meet_are_in_no_table() -> None:
    cohort = make_open_cohort()
    make_application(
        cohort, answers={"partner": {"access": "CANARY", "reach": "CANARY"}, "together": {"funding": "CANARY"}}
    )
    for reader in (make_staff(Role.MANAGER), reviewer_of(cohort)):
        assert "CANARY" not in str(taken(reader, cohort, "applications"))


@pytest.mark.parametrize(("what", "kind"), [("nothing", "csv"), ("pairs", "pdf"), ("pairs", "CSV")])
def test_unknown_tables_and_files_are_not_there(client: Client, what: str, kind: str) -> None:
    client.force_login(make_staff(Role.MANAGER))
    assert client.get(reverse("portal:table", args=[make_open_cohort().slug, what, kind])).status_code == 404


def test_excel_opens_it_and_the_trail_knows_who_took_it(client: Client) -> None:
    cohort, manager = make_open_cohort(), make_staff(Role.MANAGER)
    application = make_application(cohort, professional=make_person(name="Ada"), partner=make_person(name="Bram"))
    client.force_login(manager)
    answer: Any = client.get(reverse("portal:table", args=[cohort.slug, "applications", "xlsx"]))
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A2"].value == application.reference
    event = AuditEvent.objects.get(verb="table.taken")
    assert (event.actor, event.target_id, event.facts["table"]) == (manager, cohort.pk, "applications")


def test_a_long_table_takes_as_many_queries_as_a_short_one(client: Client) -> None:
    cohort = make_open_cohort()
    client.force_login(make_staff(Role.MANAGER))
    path = reverse("portal:table", args=[cohort.slug, "applications", "csv"])
    client.get(path)  # the first page of a session writes its own rows
    asked = []
    for many in (1, 12):
        for _number in range(many):
            make_application(cohort)
        with CaptureQueriesContext(connection) as queries:
            answer: Any = client.get(path)
            assert b"".join(answer.streaming_content)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


# ---- The other tables of the console ----


def console(reader: User, what: str, query: str = "", *, status: int = 200) -> list[list[str]]:
    client = SecureClient()
    client.force_login(reader)
    answer: Any = client.get(reverse("portal:console_table", args=[what, "csv"]) + query)
    assert answer.status_code == status, what
    if status != 200:
        return []
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline="")))


def test_people_of_a_cohort_are_in_its_table_with_a_pair_and_without_one() -> None:
    from cohorts.actions import join_cohort
    from tests.pairs.factories import make_full_pair

    pair, professional, partner = make_full_pair(cohort := make_cohort())
    alone = make_person(name="=Zed")
    join_cohort(cohort=cohort, user=alone, by=None)
    rows = taken(make_staff(Role.MANAGER), cohort, "people")[1:]
    assert {(row[0], row[2], row[4]) for row in rows} == {
        (professional.name, pair.challenge, professional.email),
        (partner.name, pair.challenge, partner.email),
        ("'=Zed", "", alone.email),
    }


def test_tables_of_the_console_are_for_those_whose_page_they_are() -> None:
    from cohorts.actions import assign_facilitator

    mine, other = make_cohort(name="Mine"), make_cohort(name="Other")
    manager, facilitator = make_staff(Role.MANAGER), make_staff(Role.FACILITATOR)
    assign_facilitator(cohort=mine, user=facilitator, by=None)
    assert {row[0] for row in console(manager, "cohorts")[1:]} == {mine.name, other.name}
    assert {row[0] for row in console(facilitator, "cohorts")[1:]} == {mine.name}
    assert {row[0] for row in console(manager, "programmes")[1:]} == {mine.programme.name}
    assert {row[1] for row in console(manager, "roles")[1:]} == {manager.email, facilitator.email}
    for what in ("programmes", "roles", "outbox", "nothing"):
        console(facilitator, what, status=404)


def test_the_outbox_says_of_private_messages_that_all_is_well_and_not_who() -> None:
    from django.db import transaction

    from notifications.actions import queue_mail

    make_pair(make_cohort(), professional_email="ada@seen.test")
    with transaction.atomic():
        queue_mail(
            kind="applications.code", address="canary@seen.test", recipient=None, dedupe_key="c", secret={"code": "1"}
        )
    manager = make_staff(Role.MANAGER)
    rows = console(manager, "outbox")[1:]
    assert len(rows) == 3
    assert "canary" not in str(rows)
    assert {row[3] for row in console(manager, "outbox", "?person=ada@seen")[1:]} == {"ada@seen.test"}
    assert console(manager, "outbox", "?person=canary")[1:] == []


@pytest.mark.parametrize("what", ["offers", "reserve-list", "looking"])
def test_what_is_chosen_is_for_managers(what: str) -> None:
    cohort = make_open_cohort()
    assert len(taken(make_staff(Role.MANAGER), cohort, what)) == 1
    client = SecureClient()
    client.force_login(reviewer_of(cohort))
    assert client.get(reverse("portal:table", args=[cohort.slug, what, "csv"])).status_code == 404


def test_the_reserve_list_and_offers_hold_what_their_pages_show() -> None:
    from tests.applications.deciding import make_offer, make_selecting_cohort

    cohort = make_selecting_cohort(places=2)
    manager = make_staff(Role.MANAGER)
    offer = make_offer(cohort, manager)
    waits = make_application(cohort, challenge="@Letters")
    type(waits).objects.filter(pk=waits.pk).update(state="reserve", reserve_rank=1)
    [row] = taken(manager, cohort, "offers")[1:]
    assert (row[0], row[2], row[3]) == (offer.application.reference, offer.get_state_display(), "")
    [row] = taken(manager, cohort, "reserve-list")[1:]
    assert row[:3] == ["1", waits.reference, "'@Letters"]


# ---- What a file must not hold ----


def test_who_should_not_read_an_application_takes_its_reference_and_nothing_else() -> None:
    cohort = make_open_cohort()
    barred = make_application(cohort, professional=make_person(name="Zora Lane"), partner=make_person())
    reviewer = reviewer_of(cohort)
    Conflict.objects.create(application=barred, user=reviewer, declared_by=reviewer, declared_at=timezone.now())

    heads, *rows = taken(reviewer, cohort, "applications", "?mine=cannot")

    assert rows == [[barred.reference, *([""] * (len(heads) - 1))]]


def test_who_hides_names_takes_no_name_and_no_way_to_reach_them() -> None:
    cohort = make_open_cohort()
    application = make_application(cohort)
    both = reviewer_of(cohort, Role.MANAGER, Role.REVIEWER)

    rows = taken(both, cohort, "applications", "?names=hidden")[1:]

    said = [part for person in application.applicants.all() for part in (person.name, person.email) if part]
    assert said
    assert not [cell for row in rows for cell in row if any(part in cell for part in said)]


def test_days_in_a_file_are_those_of_the_cohort() -> None:
    cohort = make_open_cohort()
    application = make_application(cohort)
    type(application).objects.update(sent_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    row = taken(make_staff(Role.MANAGER), cohort, "applications")[1]

    assert "2026-07-01" in row


def test_a_facilitator_takes_no_address_in_place_of_a_name() -> None:
    cohort = make_cohort()
    pair = make_pair(cohort)
    nameless = make_person(name="")
    pairs.actions.withdraw_invitation(invitation=side(pair, "partner"), by=make_staff(Role.MANAGER))
    accept(pairs.actions.invite_to_pair(pair=pair, side="partner", email=nameless.email, by=None))
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)

    assert not [cell for row in taken(facilitator, cohort, "pairs") for cell in row if "@" in cell]


@pytest.mark.parametrize("letter", ["\uffff", "\ufffe", "\x0b", "\x1f"])
def test_a_letter_that_no_workbook_holds_does_not_break_the_file(client: Client, letter: str) -> None:
    cohort = make_open_cohort()
    make_application(cohort, challenge=f"Going{letter}home")
    client.force_login(make_staff(Role.MANAGER))

    answer: Any = client.get(reverse("portal:table", args=[cohort.slug, "applications", "xlsx"]))

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active["B2"].value == "Goinghome"
