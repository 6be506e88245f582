"""The list: filters in the address, what is due first, pages without a gap, and the same rows to take away."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import accounts.actions
from accounts.models import AuditEvent, Role, User
from cohorts.enquiries import board
from cohorts.enquiries.actions import closing
from cohorts.enquiries.board import PAGE_ROWS, Filters, Place
from cohorts.enquiries.models import Enquiry
from tests.accounts.factories import make_staff
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, make_programme_page, soon, today

pytestmark = pytest.mark.django_db

LIST = "/staff/enquiries/"


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


def found(user: User, query: str = "") -> list[Enquiry]:
    return board.page_of(user, Filters.of(QueryDict(query)), None, today()).rows


def many(number: int, **fields: Any) -> list[Enquiry]:
    """Rows alone, some of one day, so that a page ends between two of the same."""
    programme = make_programme_page()
    return Enquiry.objects.bulk_create(
        Enquiry(
            programme=programme,
            reference=f"M{count:05d}",
            kind="question",
            name=f"Person {count}",
            email=f"p{count}@example.org",
            came_at=timezone.now() - timedelta(days=count // 7),
            answer_by=today(),
            next_step="Answer them",
            next_step_on=today() + timedelta(days=count // 40),
            **fields,
        )
        for count in range(number)
    )


def test_what_is_due_first_stands_first_and_closed_ones_are_left_out(manager: User) -> None:
    later, late, now = (make_enquiry(owner=manager, step=soon(days_ahead=away)) for away in (4, -2, 0))
    closed = make_enquiry()
    closing.close(enquiry=closed, outcome="answered", by=manager)

    assert found(manager) == [late, now, later]
    assert found(manager, "state=closed") == [closed]
    assert found(manager, "state=all") == [closed, now, late, later]


def test_each_filter_keeps_what_it_names(manager: User) -> None:
    colleague, other = make_manager(), make_programme_page(name="Elsewhere")
    mine = make_enquiry(owner=manager, step=soon(days_ahead=-1), name="Ada Birch")
    theirs = make_enquiry(owner=colleague, kind="bespoke", organisation="Fenby Surgery")
    nobodys = make_enquiry(other, kind="interest", email="", phone="01632 960 444")
    everything = {mine, theirs, nobodys}

    expected = {
        "": everything,
        "whose=mine": {mine},
        "whose=nobody": {nobodys},
        "due=late": {mine},
        "due=due": {mine},
        "kind=bespoke": {theirs},
        f"programme={other.slug}": {nobodys},
        "programme=no-such": set(),
        "q=birch": {mine},
        "q=fenby": {theirs},
        "q=960+444": {nobodys},
        f"q={theirs.reference.lower()}": {theirs},
        "whose=me&due=soon&kind=x&state=gone": everything,
        "q=%00%00": everything,
        "whose=mine&kind=bespoke": set(),
    }
    assert {query: set(found(manager, query)) for query in expected} == expected


@pytest.mark.parametrize("query", ["", "state=closed", "state=all", "q=person"])
def test_pages_follow_one_another_without_a_gap_or_a_double(manager: User, query: str) -> None:
    closed: dict[str, Any] = {}
    if query == "state=closed":
        closed = {"closed_at": timezone.now(), "outcome": "answered"}
    many(2 * PAGE_ROWS + 7, **closed)
    filters, seen, place = Filters.of(QueryDict(query)), [], None

    for _page in range(3):
        page = board.page_of(manager, filters, place, today())
        seen += [one.pk for one in page.rows]
        place = Place.read(page.next_place, filters)

    assert place is None
    assert seen == [one.pk for one in board.in_order(board.matching(manager, filters, today()), filters)]
    assert len(set(seen)) == page.found == 2 * PAGE_ROWS + 7


@pytest.mark.parametrize(
    "place", ["", "x", "2026-13-01~1", "2026-01-01~0", "2026-01-01~99999999999999999999", "~", "2026-01-01T00:00~3"]
)
def test_a_place_that_cannot_be_is_the_first_page(manager: User, client: Any, place: str) -> None:
    make_enquiry()
    client.force_login(manager)

    for query in ({"after": place}, {"after": place, "state": "all"}):
        assert client.get(LIST, query).status_code == 200


def test_the_page_asks_as_much_at_sixty_rows_as_at_one(manager: User, client: Any) -> None:
    make_enquiry(owner=manager)
    client.force_login(manager)
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as at_one:
        client.get(LIST)
    many(60, owner=manager)
    with CaptureQueriesContext(connection) as at_many:
        client.get(LIST)

    assert len(at_many) == len(at_one) <= 12


def test_the_empty_list_says_what_will_be_there(manager: User, client: Any) -> None:
    client.force_login(manager)

    assert "Nothing waits for an answer" in client.get(LIST).content.decode()
    assert "Nothing fits these filters" in client.get(LIST, {"q": "x"}).content.decode()


def test_whose_owner_has_left_the_team_stands_there_as_nobodys(manager: User, client: Any) -> None:
    left = make_manager()
    make_enquiry(owner=left)
    accounts.actions.revoke_role(assignment=left.role_assignments.get(), by=manager)
    client.force_login(manager)

    shown = client.get(LIST, {"whose": "nobody"}).content.decode()

    assert "Nobody any more" in shown
    assert left.name not in shown


# ---- To take away ----


def test_the_table_holds_what_the_list_shows_and_no_cell_runs(manager: User, client: Any) -> None:
    make_enquiry(name="=HYPERLINK(A1)", text="+1\n=2", organisation="@x", owner=manager)
    make_enquiry(kind="bespoke", name="Left out")
    client.force_login(manager)

    taken = client.get(reverse("cohorts:enquiry_table", args=["csv"]), {"kind": "question"})
    heads, row = csv.reader(io.StringIO(b"".join(taken.streaming_content).decode("utf-8-sig"), newline=""))

    cells = dict(zip(heads, row, strict=True))
    assert (cells["Name"], cells["What they asked"], cells["Organisation"]) == ("'=HYPERLINK(A1)", "'+1\n=2", "'@x")
    assert (cells["Who has it"], cells["Next step"]) == (str(manager), "Ring her")
    assert AuditEvent.objects.filter(verb="table.taken", actor=manager, facts={"table": "enquiries"}).count() == 1
    book = client.get(reverse("cohorts:enquiry_table", args=["xlsx"]), {"kind": "question"})
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert [cell.data_type for cell in sheet[2]].count("f") == 0
    assert client.get(reverse("cohorts:enquiry_table", args=["pdf"])).status_code == 404


def test_only_managers_take_it(client: Any) -> None:
    client.force_login(make_staff(Role.FACILITATOR))

    assert client.get(reverse("cohorts:enquiry_table", args=["csv"])).status_code == 403
