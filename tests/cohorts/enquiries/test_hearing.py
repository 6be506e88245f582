"""Who rings instead of writing: a manager writes it down, and it is an enquiry like any other."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import accounts.actions
from accounts.models import User
from cohorts.enquiries.models import Enquiry
from notifications.models import LedgerRow
from tests.cohorts.enquiries.factories import WORDS, make_manager, make_programme_page
from tests.pairs.factories import at_once

pytestmark = pytest.mark.django_db
SAID = {**WORDS, "kind": "interest", "email": "", "phone": "01632 960 218", "reach": "After ten, please"}


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


def send(manager: User, **typed: Any) -> Any:
    programme = make_programme_page() if "address" not in typed else None
    address = typed.pop("address", None) or reverse("cohorts:enquiry_new", args=[programme and programme.slug])
    client = Client()
    client.force_login(manager)
    return client.post(address, {"key": str(uuid.uuid4()), **SAID, **typed}, secure=True)


def test_what_is_heard_is_an_enquiry_of_the_caller_with_an_owner_and_a_dated_next_step(manager: User) -> None:
    answer = send(manager)

    enquiry = Enquiry.objects.get()
    assert answer.url == enquiry.get_absolute_url()
    assert (enquiry.name, enquiry.phone, enquiry.text) == (WORDS["name"], "01632 960 218", WORDS["text"])
    assert (enquiry.owner, enquiry.user) == (manager, None)
    assert enquiry.next_step_on == enquiry.answer_by
    assert not LedgerRow.objects.exists()


def test_the_page_says_who_wrote_it_down_and_the_list_leads_to_the_form(manager: User, client: Client) -> None:
    send(manager)
    client.force_login(manager)
    enquiry = Enquiry.objects.get()

    assert "written down by" in client.get(enquiry.get_absolute_url()).content.decode()
    listed = client.get(reverse("cohorts:enquiry_list")).content.decode()
    assert reverse("cohorts:enquiry_new", args=[enquiry.programme.slug]) in listed


def test_what_cannot_be_kept_comes_back_with_every_word(manager: User) -> None:
    page = send(manager, phone="", name="")

    assert not Enquiry.objects.exists()
    shown = page.content.decode()
    for text in ("so that they can be answered", "Enter their name.", WORDS["text"], "After ten, please"):
        assert text in shown


def test_whoever_gave_an_address_gets_the_same_confirmation_as_everybody(manager: User) -> None:
    send(manager, email="caller@example.org")

    row = LedgerRow.objects.get()
    assert (row.kind, row.address, row.recipient) == ("enquiries.received", "caller@example.org", None)


def test_erasing_the_manager_leaves_what_callers_said(manager: User) -> None:
    send(manager)

    accounts.actions.erase_person(user=manager, by=make_manager())

    enquiry = Enquiry.objects.get()
    assert (enquiry.text, enquiry.owner) == (WORDS["text"], None)


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_on_one_form_one_is_kept() -> None:
    manager, programme, key = make_manager(), make_programme_page(), str(uuid.uuid4())
    address = reverse("cohorts:enquiry_new", args=[programme.slug])

    answers = at_once(lambda _number: send(manager, address=address, key=key), threads=6)

    assert {answer.url for answer in answers} == {Enquiry.objects.get().get_absolute_url()}
