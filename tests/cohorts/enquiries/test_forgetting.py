"""What one person told us is removed; what somebody else sent from the same telephone is not, unless it is ticked."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from cohorts.enquiries.actions.forgetting import perhaps_theirs
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views import closing
from tests.cohorts.enquiries.factories import make_enquiry, make_manager

pytestmark = pytest.mark.django_db

NUMBER = "01632 960 377"


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


@pytest.fixture
def desk(client: Any, manager: User) -> Any:
    """The manager at their desk."""
    client.force_login(manager)
    return client


def address(enquiry: Enquiry) -> str:
    return reverse("cohorts:enquiry_forget", args=[enquiry.pk])


def boxes(page: Any) -> dict[int, bool]:
    """Each enquiry that can be ticked, and whether it is."""
    found = re.findall(r'<input[^>]*name="which" value="(\d+)"[^>]*?( checked)?>', page.content.decode())
    return {int(pk): bool(checked) for pk, checked in found}


def left() -> set[Enquiry]:
    return set(Enquiry.objects.filter(forgotten_at=None))


def ringing(name: str, phone: str = NUMBER, email: str = "", **fields: Any) -> Enquiry:
    return make_enquiry(name=name, phone=phone, email=email, **fields)


def test_whoever_only_shares_the_number_stays_unless_they_are_ticked(desk: Any) -> None:
    nuala, again, idris = ringing("Nuala Fairweather"), ringing("nuala  fairweather"), ringing("Idris Fairweather")
    stranger = ringing("Nuala Fairweather", phone="01632 960 378")

    page = desk.get(address(nuala))
    assert boxes(page) == {nuala.pk: True, again.pk: True, idris.pk: False}
    shown = page.content.decode()
    for told in ("Idris Fairweather", idris.reference, "3 enquiries came from the same"):
        assert told in shown
    whys = ["This enquiry", "Same telephone number and name", "Same telephone number, another name"]
    assert [shown.count(f">{why} ·") for why in whys] == [1, 1, 1]
    desk.post(address(nuala), {"which": [nuala.pk, again.pk]})

    assert left() == {idris, stranger}


def test_what_came_from_the_same_address_is_ticked_and_can_be_unticked(desk: Any) -> None:
    mine, reception = (make_enquiry(email="surgery@example.org", name=name) for name in ("Ada", "Bram"))

    page = desk.get(address(mine))
    assert boxes(page) == {mine.pk: True, reception.pk: True}
    assert page.content.decode().count(">Same email address ·") == 1
    desk.post(address(mine), {"which": [mine.pk]})

    assert left() == {reception}


def test_one_person_who_wrote_once_and_rang_once_is_found_by_either(desk: Any) -> None:
    wrote, rang = ringing("Ada", email="ada@example.org"), ringing("Ada")

    for one in (wrote, rang):
        assert boxes(desk.get(address(one))) == {wrote.pk: True, rang.pk: True}


@pytest.mark.parametrize(
    ("phone", "is_found"),
    [
        ("01632960377", True),
        ("+44 1632 960 377", True),
        ("+44 (0)1632 960-377", True),
        ("01632 960377 ext 4", True),
        ("01632 960 378", False),
        ("", False),
    ],
)
def test_a_number_is_the_same_however_it_is_written(phone: str, *, is_found: bool) -> None:
    enquiry, other = ringing("Ada"), ringing("Bram", phone=phone, email="bram@example.org")

    assert set(perhaps_theirs(enquiry)) == ({enquiry, other} if is_found else {enquiry})


def test_a_number_without_figures_is_like_itself_alone() -> None:
    words, figures = ringing("Ada", phone="ask at the desk"), ringing("Bram", phone="by the door")

    assert set(perhaps_theirs(words)) == {words}
    assert set(perhaps_theirs(figures)) == {figures}


def test_nothing_ticked_removes_nothing_and_says_so(desk: Any) -> None:
    enquiry = ringing("Ada")

    page = desk.post(address(enquiry), {"which": []})

    assert "Tick what is to be removed" in page.content.decode()
    assert left() == {enquiry}


def test_nobody_removes_what_is_not_on_the_page(desk: Any) -> None:
    enquiry, other = ringing("Ada"), make_enquiry(email="other@example.org")

    page = desk.post(address(enquiry), {"which": [enquiry.pk, other.pk]})

    assert "Look at the ticks again" in page.content.decode()
    assert left() == {enquiry, other}


def test_what_is_kept_of_a_removal_is_who_did_it_and_to_which(desk: Any, manager: User) -> None:
    enquiry = ringing("Ada")

    for _click in range(2):
        assert desk.post(address(enquiry), {"which": [enquiry.pk]}).status_code == 302

    assert AuditEvent.objects.filter(verb="enquiry.forgotten", actor=manager, target_id=enquiry.pk).count() == 1


def test_ticks_sent_after_the_session_ended_come_back(client: Any, manager: User) -> None:
    mine, other = ringing("Ada"), ringing("Bram")

    client.post(address(mine), {"which": [other.pk]})
    client.force_login(manager)

    assert boxes(client.get(address(mine))) == {mine.pk: False, other.pk: True}


def test_of_many_the_number_is_told_and_the_rest_come_after(desk: Any) -> None:
    first = ringing("Ada", email="ada@example.org")
    for _one in range(closing.SHOWN + 2):
        ringing("Ada", email="ada@example.org")

    page = desk.get(address(first))
    assert f"{closing.SHOWN + 3} enquiries came from the same" in page.content.decode()
    ticked = boxes(page)
    assert (len(ticked), ticked[first.pk]) == (closing.SHOWN, True)
    after = desk.post(address(first), {"which": list(ticked)})
    rest = desk.get(after.url)
    desk.post(after.url, {"which": list(boxes(rest))})

    assert left() == set()


def test_the_page_asks_as_much_of_many_as_of_one(desk: Any) -> None:
    enquiry = ringing("Ada")
    desk.get(address(enquiry))
    with CaptureQueriesContext(connection) as at_one:
        desk.get(address(enquiry))
    for _one in range(20):
        ringing("Bram")
    with CaptureQueriesContext(connection) as at_many:
        desk.get(address(enquiry))

    assert len(at_many) == len(at_one) <= 12
