"""Sent again, sent otherwise, sent by somebody with two addresses: nothing twice, dropped or left lying."""

import io
import os
import uuid
from collections.abc import Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

import pairs.actions
from accounts.models import Role, User
from cohorts.models import Participant, Session
from pairs.models import Membership
from portal.bringing_in import actions, files, working
from portal.bringing_in.models import Import
from tests.accounts.factories import make_person, make_staff
from tests.pairs.factories import at_once, make_cohort, make_full_pair, make_session
from tests.portal.bringing import as_csv, as_xlsx, bring_in, bytes_of, people, problems, read, sessions, upload
from tests.portal.bringing import pairs as pair_rows
from tests.portal.test_exports import taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def person(address: str, name: str = "Ada") -> list[str]:
    return [address, name, "", ""]


def with_second_address(address: str) -> User:
    user = make_person()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=False)
    return user


# ---- The same form, another file ----


def test_another_file_from_the_same_form_is_another_import_and_the_same_file_the_same() -> None:
    cohort, manager, key = make_cohort(), make_staff(Role.MANAGER), uuid.uuid4()

    def send(rows: Sequence[Sequence[Any]]) -> Import:
        return actions.send_table(
            cohort=cohort, what="people", upload=upload(as_csv(people(*rows))), form_key=key, by=manager
        )

    first, again, other = (
        send([person("a@in.test")]),
        send([person("a@in.test")]),
        send([person("a@in.test"), person("b@in.test")]),
    )

    assert first == again
    assert other != first


def test_a_file_whose_import_never_came_to_be_is_cleared_and_no_other(media: Path) -> None:
    kept = actions.send_table(
        cohort=make_cohort(), what="people", upload=upload(as_csv(people(person("a@in.test")))),
        form_key=uuid.uuid4(), by=make_staff(Role.MANAGER),
    )  # fmt: skip
    with transaction.atomic():
        actions.send_table(
            cohort=make_cohort(), what="people", upload=upload(as_csv(people(person("a@in.test")))),
            form_key=uuid.uuid4(), by=make_staff(Role.MANAGER),
        )  # fmt: skip
        transaction.set_rollback(True)  # as if the process had died here
    working.clear()
    there = {path for path in media.rglob("*") if path.is_file()}
    assert len(there) == 2
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for path in there:
        os.utime(path, (long_ago, long_ago))

    working.clear()

    assert {path for path in media.rglob("*") if path.is_file()} == {files.place_of(kept.path)}


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_takes_a_table() -> None:
    for _one in range(6):
        actions.send_table(
            cohort=make_cohort(), what="people", upload=upload(as_csv(people(person("a@in.test")))),
            form_key=uuid.uuid4(), by=make_staff(Role.MANAGER),
        )  # fmt: skip

    claimed = at_once(lambda _number: working.claim(), threads=6)

    assert sum(one is not None for one in claimed) == working.AT_A_TIME


# ---- People with two addresses, and people who have left ----


def test_a_person_is_brought_in_by_their_second_address_once() -> None:
    cohort, ada = make_cohort(), with_second_address("second@in.test")

    bring_in(cohort, "people", people(person("second@in.test")))
    again = bring_in(cohort, "people", people(person("second@in.test")))
    twice = read(cohort, "people", people(person(ada.email), person("second@in.test")))

    assert [one.user for one in Participant.objects.live()] == [ada]
    assert again.new_count == 0
    assert [row for row, _column, _text in problems(twice)] == [3]


def test_a_pair_is_not_made_of_a_second_address_or_of_somebody_who_left() -> None:
    cohort = make_cohort()
    with_second_address("second@in.test")
    _pair, _professional, partner = make_full_pair(cohort)
    membership = Membership.objects.live().get(participant__user=partner)
    pairs.actions.end_membership(membership=membership, by=make_staff(Role.MANAGER), reason="left")

    one = read(
        cohort,
        "pairs",
        pair_rows(
            ["X", "new@in.test", "New", partner.email, "P", "", ""],
            ["Y", "second@in.test", "Two", "newer@in.test", "Q", "", ""],
        ),
    )

    assert one.new_count == 0
    assert {text.partition(".")[0] for _row, _column, text in problems(one)} == {
        "They have left this cohort, and stay out of it",
        "This is a second address of somebody",
    }


# ---- Taken away and brought back ----


@pytest.mark.parametrize("title", ["All  pairs", "Cafe\u0301", "\uff0bplus", "+plus", "@home"])
def test_sessions_taken_away_come_back_as_the_same(title: str) -> None:
    cohort = make_cohort()
    make_session(cohort, title=title)

    one = read(cohort, "sessions", as_csv(taken(make_staff(Role.MANAGER), cohort, "sessions")))

    assert problems(one) == []
    assert (one.new_count, one.same_count) == (0, 1)
    assert Session.objects.count() == 1


def test_people_taken_away_come_back_as_the_same() -> None:
    cohort = make_cohort()
    bring_in(cohort, "people", people(person("a@in.test"), person("b@in.test", "Bo")))

    one = read(cohort, "people", as_csv(taken(make_staff(Role.MANAGER), cohort, "people")))

    assert problems(one) == []
    assert (one.new_count, one.same_count) == (0, 2)


def test_the_file_holds_what_the_filters_of_the_page_show() -> None:
    cohort, manager = make_cohort(places=3), make_staff(Role.MANAGER)
    _pair, professional, _partner = make_full_pair(cohort, challenge="Going home")
    make_full_pair(cohort, challenge="Coming in")
    bring_in(cohort, "people", people(person("a@in.test", "zoe"), person("b@in.test", "Yan")))

    def names(what: str, query: str) -> list[str]:
        return [row[0] for row in taken(manager, cohort, what, query)[1:]]

    assert names("people", "?alone=yes") == ["Yan", "zoe"]
    assert names("people", f"?q={professional.email}") == [professional.name]
    assert names("pairs", "?q=coming") == ["Coming in"]
    assert names("pairs", "?sort=challenge") == ["Coming in", "Going home"]


# ---- What spreadsheets do ----


def test_a_stray_format_far_down_is_no_row() -> None:
    book = Workbook()
    sheet = book.active
    for row in people(person("a@in.test")):
        sheet.append(list(row))
    sheet.cell(row=260_000, column=1).font = Font(bold=True)

    one = read(make_cohort(), "people", bytes_of(book))

    assert problems(one) == []
    assert one.new_count == 1


@pytest.mark.parametrize("typed", ["ada@exam\u200bple.test", "ada@exam\u00adple.test", "ada@\uff45xample.test"])
def test_an_address_that_looks_the_same_is_the_same(typed: str) -> None:
    cohort = make_cohort()
    bring_in(cohort, "people", people(person("ada@example.test")))

    one = read(cohort, "people", people(person(typed)))

    assert (one.new_count, one.same_count) == (0, 1)


def test_more_differences_than_the_page_shows_are_all_in_the_file(client: Any) -> None:
    cohort, manager = make_cohort(), make_staff(Role.MANAGER)
    days = [date(2098, 1, day) for day in range(1, 11)]
    for day in days:
        make_session(cohort, title="All", held_on=day, starts_at=time(14))
    rows = sessions(*(["All", day, time(14), 45, "Elsewhere", "", "Step-free"] for day in days))
    client.force_login(manager)

    one = read(cohort, "sessions", as_xlsx(rows), by=manager)
    page = client.get(f"/staff/imports/{one.pk}/").content.decode()

    assert "These are the first. All of them:" in page
    for kind in ("csv", "xlsx"):
        assert f'href="/staff/imports/{one.pk}/found.{kind}"' in page
    assert len(files.found(one, "difference")) == 30


def test_what_was_found_is_taken_away_in_both_ways_with_cells_that_do_not_run(client: Any) -> None:
    cohort, manager = make_cohort(), make_staff(Role.MANAGER)
    client.force_login(manager)
    one = read(cohort, "people", as_xlsx([["Email", "Name"], ["=2+3", "Ada"]]), by=manager)

    comma = b"".join(client.get(f"/staff/imports/{one.pk}/found.csv").streaming_content).decode()
    book = load_workbook(io.BytesIO(b"".join(client.get(f"/staff/imports/{one.pk}/found.xlsx").streaming_content)))

    found = next(cells for cells in book.active.iter_rows(min_row=2) if cells[2].value)
    assert (found[2].value, found[2].data_type) == ("=2+3", "s")
    assert "'=2+3" in comma
    assert client.get(f"/staff/imports/{one.pk}/found.ods").status_code == 404
