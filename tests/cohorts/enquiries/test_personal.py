"""Whoever asked can see all of it, and have all of it removed: rows and totals stay, and not one word."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction

from accounts import new_addresses, personal_data
from accounts.models import User
from cohorts.enquiries import letters, personal
from cohorts.enquiries.actions import answering, closing, forgetting, owning, stepping
from cohorts.enquiries.letters import Words
from cohorts.enquiries.models import Enquiry
from notifications.models import LedgerRow
from tests.accounts.factories import make_person
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon, today

pytestmark = pytest.mark.django_db

CANARY = "canary"
TYPED = {
    "name": "Canary Birch",
    "phone": "01632 canary",
    "reach": "Ring canary",
    "organisation": "Canary Surgery",
    "text": "My canary sings",
}


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


def lived_through(manager: User, **fields: Any) -> Enquiry:
    """With every kind of thing written about it."""
    enquiry = make_enquiry(owner=manager, **{**TYPED, **fields})
    stepping.note_call(enquiry=enquiry, text="canary said", on=today(), step=soon("Ask canary"), by=manager)
    stepping.add_note(enquiry=enquiry, text="canary noted", by=manager)
    colleague = make_manager()
    owning.hand_over(enquiry=enquiry, to=colleague, by=manager, seen_owner=manager.pk, word="canary")
    words = Words("canary subject", "canary answer")
    digest = letters.letter_of(Enquiry.objects.get(pk=enquiry.pk), words).digest
    step = soon("After canary")
    answering.answer(enquiry=enquiry, words=words, step=step, by=manager, digest=digest, seen_answers=0)
    enquiry.refresh_from_db()
    return enquiry


def erase(user: User) -> None:
    with transaction.atomic():
        personal_data.erase(user)


def everywhere() -> list[str]:
    """Each column of each table of the system that still holds the canary."""
    found = []
    for model in apps.get_models():
        for row in model._base_manager.all().values():
            found += [f"{model.__name__}.{name}" for name, value in row.items() if CANARY in str(value).lower()]
    return found


@pytest.mark.parametrize("known_by", ["account", "address alone", "second address", "address before"])
def test_not_one_word_is_left_anywhere(manager: User, known_by: str) -> None:
    person = make_person("canary@example.test", name="Canary")
    fields = {"user": person, "email": "typed.canary@example.test"}
    if known_by == "address alone":
        fields = {"email": person.email}
    elif known_by == "second address":
        EmailAddress.objects.create(user=person, email="second.canary@example.test", verified=True, primary=False)
        fields = {"email": "second.canary@example.test"}
    elif known_by == "address before":
        fields = {"email": "before.canary@example.test"}
    enquiry = lived_through(manager, **fields)
    closed = lived_through(manager, **fields)
    closing.close(enquiry=closed, outcome="applied", by=manager, note="canary closed")
    assert everywhere()
    new_addresses.follow(person, before="before.canary@example.test", after=person.email)

    erase(person)

    assert everywhere() == []
    enquiry.refresh_from_db()
    closed.refresh_from_db()
    assert (enquiry.outcome, closed.outcome) == ("forgotten", "applied")
    assert Enquiry.objects.count() == 2
    assert not LedgerRow.objects.unsent().filter(kind="enquiries.answer").exists()
    erase(person)
    assert enquiry.events.filter(verb="closed").count() == 1


def test_somebody_without_an_account_is_forgotten_too(manager: User) -> None:
    lived_through(manager, email="canary@example.test")
    telephone = lived_through_by_telephone(manager)

    for enquiry in (Enquiry.objects.exclude(email="").get(), telephone):
        forgetting.forget(enquiries=forgetting.perhaps_theirs(enquiry), by=manager)

    assert everywhere() == []


def lived_through_by_telephone(manager: User) -> Enquiry:
    enquiry = make_enquiry(owner=manager, **{**TYPED, "email": ""})
    stepping.note_call(enquiry=enquiry, text="canary said", on=today(), step=soon("Ring canary"), by=manager)
    return enquiry


def test_others_stay_as_they_are(manager: User) -> None:
    person, other = make_person("canary@example.test"), make_enquiry(email="bram@example.test", owner=manager)
    lived_through(manager, email=person.email)
    before = Enquiry.objects.filter(pk=other.pk).values().get()

    erase(person)

    assert Enquiry.objects.filter(pk=other.pk).values().get() == before


def test_what_a_manager_had_who_is_forgotten_is_nobodys_again(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)

    erase(manager)

    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.is_open, enquiry.name) == (None, True, "Oriel Tamblyn")
    assert set(Enquiry.objects.nobodys()) == {enquiry}


def test_a_person_reads_all_that_is_held_of_them_and_nothing_of_others(manager: User) -> None:
    person = make_person("ada@example.test")
    mine, typed = make_enquiry(user=person, email="x@example.test"), lived_through(manager, email="ada@example.test")
    make_enquiry(email="bram@example.test")

    held = personal.enquiries_of(person)

    assert [one["reference"] for one in held] == [mine.reference, typed.reference]
    assert {line["text"] for line in held[1]["history"]} >= {"canary said", "canary noted", "canary answer"}
    assert personal_data.collect(person)["enquiries"] == held
