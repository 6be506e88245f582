"""Deciding, offers and leaving in the browser: what was shown is what happens, whatever the number of rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.actions import deciding, offering
from applications.models import Applicant, Application, Decision, Letter, Offer, OfferYes
from cohorts.models import Cohort
from pairs.models import Pair
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import (
    both_say_yes,
    digest_of,
    lapse,
    mail,
    make_offer,
    make_reserve,
    make_selecting_cohort,
    people_of,
    say_yes,
)
from tests.applications.factories import make_application
from tests.pairs.factories import walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff()
    client.force_login(user)
    return user


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_manager_prepares_sees_every_letter_and_releases(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort)
    first, _second = people_of(application)

    prepared = client.post(
        f"/staff/applications/{application.reference}/decide/", {"verdict": "offer", "words": "Bravo."}, follow=True
    )
    page = words(client.get(f"/staff/cohorts/{cohort.slug}/decisions/"))
    assert "Nothing is sent until you release" in words(prepared)
    assert f"Dear {first.name}," in page
    assert "Bravo." in page
    assert mail("decision") == []

    released = client.post(
        f"/staff/cohorts/{cohort.slug}/decisions/release/", {"digest": digest_of(cohort)}, follow=True
    )

    assert "1 decision is released." in words(released)
    assert len(mail("decision")) == 2


def test_a_release_of_what_was_not_seen_says_look_again(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort()
    deciding.prepare_decision(application=make_application(cohort), verdict="reserve", by=manager)

    page = client.post(f"/staff/cohorts/{cohort.slug}/decisions/release/", {"digest": "other"}, follow=True)

    assert "Nothing was sent: something changed" in words(page)
    assert mail("decision") == []


def test_the_page_says_what_stands_in_the_way(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    silent = make_application(cohort)
    Applicant.objects.filter(application=silent, side="partner").update(
        email="", user=None, name="Ada Quill", phone="01632 960 001"
    )
    deciding.prepare_several(applications=[silent, make_application(cohort)], verdict="offer", by=manager)

    page = words(client.get(f"/staff/cohorts/{cohort.slug}/decisions/"))

    assert "1 offer more than there are free places" in page
    assert "Ada Quill" in page
    assert 'href="tel:01632960001"' in page
    assert "Release the decisions" not in page


def test_who_decides_second_is_told_and_keeps_their_words(client: Client, manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="offer", by=make_staff())

    page = client.post(
        f"/staff/applications/{application.reference}/decide/",
        {"verdict": "not_this_time", "words": "We were sorry.", "seen": ""},
    )

    assert "Somebody else decided about it while you did" in words(page)
    assert "We were sorry." in words(page)
    assert Decision.objects.get(voided_at=None).verdict == "offer"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Choose what you want to tell them."),
        ({"verdict": "reserve", "reserve_rank": "zero"}, "The number must be a whole number"),
        (
            {"verdict": "offer", "answer_by_day": "1", "answer_by_month": "1", "answer_by_year": "2020"},
            "must be after today",
        ),
    ],
)
def test_a_decision_that_cannot_be_says_how_to_put_it_right(
    client: Client, manager: User, sent: dict[str, str], error: str
) -> None:
    application = make_application(make_selecting_cohort())

    page = words(client.post(f"/staff/applications/{application.reference}/decide/", sent | {"words": "Kept."}))

    assert error in page
    assert "Kept." in page
    assert "<title> Error: " in page or "<title>Error: " in page
    assert Decision.objects.count() == 0


def test_several_ticked_on_the_board_get_one_verdict(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort()
    chosen = [make_application(cohort), make_application(cohort, professional=make_person())]
    address = f"/staff/cohorts/{cohort.slug}/decisions/several/"
    ticked = {"applications": [one.reference for one in chosen]}
    assert words(client.get(address, ticked)).count("checked") == 2

    page = words(client.post(address, ticked | {"verdict": "offer"}, follow=True))

    assert "1 is prepared." in page
    assert "a place is for two" in page


def test_several_stand_on_the_reserve_list_in_the_order_of_the_board(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort()
    first, second, third = (make_application(cohort) for _number in range(3))
    ticked = {"applications": [one.reference for one in (third, first, second)]}
    address = f"/staff/cohorts/{cohort.slug}/decisions/several/"
    shown = words(client.get(address, ticked))

    client.post(address, ticked | {"verdict": "reserve"})

    assert shown.index(third.reference) < shown.index(first.reference) < shown.index(second.reference)
    asked = Decision.objects.order_by("reserve_rank").values_list("application__reference", flat=True)
    assert list(asked) == ticked["applications"]


def test_an_unknown_placeholder_is_explained_and_nothing_typed_is_lost(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort()
    address = f"/staff/cohorts/{cohort.slug}/letters/offer/"

    page = words(client.post(address, {"subject": "A place", "body": "Dear {nmae}, welcome"}))

    assert "We do not know {nmae}." in page
    assert "Dear {nmae}, welcome" in page
    client.post(address, {"subject": "A place", "body": "Dear {name}, welcome"})
    deciding.prepare_decision(application=make_application(cohort), verdict="offer", by=manager)
    assert all(letter.body.endswith(", welcome") for letter in Letter.objects.all())


def test_the_two_say_yes_each_on_their_own_and_are_a_pair(client: Client) -> None:
    offer = make_offer(make_selecting_cohort(), make_staff())
    first, second = people_of(offer.application)
    address = f"/applications/{offer.application.reference}/offer/"
    for person in (first, second):
        assert person.user is not None
        client.force_login(person.user)
        asked = client.post(address, {"answer": "yes"})
        assert asked["Location"] == f"{address}yes/"
        assert OfferYes.objects.filter(applicant=person).count() == 0
        assert "Say yes to the place?" in words(client.get(f"{address}yes/"))
        client.post(f"{address}yes/")

    assert Pair.objects.get().memberships.count() == 2
    assert "The place is yours" in words(client.get(address))


def test_an_offer_says_that_it_goes_to_the_next_pair_only_when_there_is_one(client: Client) -> None:
    manager, cohort = make_staff(), make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    first, _second = people_of(offer.application)
    assert first.user is not None
    client.force_login(first.user)
    address = f"/applications/{offer.application.reference}/offer/"

    alone = words(client.get(address))
    make_reserve(cohort, manager)
    with_one = words(client.get(address))
    client.post(f"/applications/{offer.application.reference}/leave/", {"seen": "offer"})

    assert "it is free for another pair" in alone
    assert "it goes to the next pair on the reserve list" in with_one
    for page in (alone, words(client.get(address))):
        assert "next pair" not in page


def test_a_no_is_shown_with_what_follows_before_it_counts(client: Client) -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    make_reserve(cohort, manager)
    first, second = people_of(offer.application)
    assert first.user is not None
    client.force_login(first.user)

    asked = client.post(f"/applications/{offer.application.reference}/offer/", {"answer": "no"}, follow=True)

    page = words(asked)
    assert "offered to the next pair on the reserve list at once" in page
    assert second.name in page
    assert Offer.objects.get(pk=offer.pk).state == "open"
    done = client.post(f"/applications/{offer.application.reference}/leave/", {"seen": "offer"})
    assert "That is noted" in words(done)
    assert Offer.objects.get(pk=offer.pk).state == "declined"
    again = client.post(f"/applications/{offer.application.reference}/leave/", {"seen": "offer"})
    assert "There is nothing to leave here" in words(again)


def test_a_manager_writes_down_a_yes_and_says_how_it_was_heard(client: Client, manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    address = f"/staff/applications/{offer.application.reference}/offer/partner/yes/"
    assert "Write down how you heard it" in words(client.post(address, {"how": ""}))

    client.post(address, {"how": "They rang on Tuesday."})

    assert OfferYes.objects.get().how == "They rang on Tuesday."


def test_offers_and_the_list_read_and_act(client: Client, manager: User) -> None:
    cohort = make_selecting_cohort(places=2)
    offer = make_offer(cohort, manager)
    say_yes(offer, people_of(offer.application)[0])
    first, second = make_reserve(cohort, manager), make_reserve(cohort, manager)
    page = words(client.get(f"/staff/cohorts/{cohort.slug}/offers/"))
    assert "14 days left" in page
    assert page.count("write down their yes") == 1

    client.post(f"/staff/applications/{second.reference}/reserve-list/up/")
    client.post(f"/staff/applications/{second.reference}/offer-now/")
    lapse(offer)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, first.state) == ("offered", "offered")
    client.post(f"/staff/applications/{offer.application.reference}/reserve-list/back/")
    assert Application.objects.get(pk=offer.application_id).state == "reserve"


def fill(cohort: Cohort, manager: User, count: int) -> None:
    for _number in range(count):
        make_offer(cohort, manager)
        make_reserve(cohort, manager)
        lapse(make_offer(cohort, manager))
        both_say_yes(make_offer(cohort, manager))
    for _number in range(count):
        deciding.prepare_decision(application=make_application(cohort), verdict="reserve", by=manager)
        deciding.prepare_decision(application=make_application(cohort), verdict="not_this_time", by=manager)


@pytest.mark.parametrize("page", ["decisions", "offers", "reserve-list", "letters"])
def test_pages_ask_the_database_no_more_with_more_rows(client: Client, manager: User, page: str) -> None:
    counts = []
    client.get("/staff/")  # the first page after signing in asks for who it is
    for number in (1, 4):
        cohort = make_selecting_cohort(places=60, offers_from_reserve=False)
        fill(cohort, manager, number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/staff/cohorts/{cohort.slug}/{page}/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_pages_of_the_two_ask_little(client: Client) -> None:
    offer = make_offer(make_selecting_cohort(), make_staff())
    first, _second = people_of(offer.application)
    assert first.user is not None
    client.force_login(first.user)
    for address in ("offer/", "offer/yes/", "leave/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/applications/{offer.application.reference}/{address}").status_code == 200
        assert len(queries) <= 12


@pytest.mark.parametrize("name", ["Ł" * 200, "שרה כהן", "🌻 Oriel", "<script>alert(1)</script>"])
def test_names_of_every_kind_stand_on_every_page(client: Client, manager: User, name: str) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort, professional=make_person(name=name), partner=make_person(name=name))
    deciding.prepare_decision(application=application, verdict="offer", by=manager)

    page = client.get(f"/staff/cohorts/{cohort.slug}/decisions/").content.decode()

    assert "<script>alert(1)" not in page


def test_who_has_no_address_is_still_to_ring_after_the_release_with_the_words_to_say(
    client: Client, manager: User
) -> None:
    cohort = make_selecting_cohort()
    application, decisions = make_application(cohort), f"/staff/cohorts/{cohort.slug}/decisions/"
    first, second = people_of(application)
    Applicant.objects.filter(pk=second.pk).update(email="", user=None, phone="01632 960 777")
    deciding.prepare_decision(application=application, verdict="reserve", by=manager, words="SAY-THIS")

    released = words(client.post(f"{decisions}release/", {"digest": digest_of(cohort)}, follow=True))

    rung = released[released.index("no message went out") :]
    assert ("01632 960 777" in rung, rung.count("SAY-THIS"), f"Letter to <bdi>{first.name}" in rung) == (True, 1, False)
    detail = words(client.get(f"/staff/applications/{application.reference}/"))
    assert detail.count("SAY-THIS") == 2
    offering.offer_now(application=Application.objects.get(), by=manager)
    assert "SAY-THIS" not in words(client.get(decisions))


def test_whoever_was_rung_is_not_rung_again_and_who_told_them_stands_on_the_letter(
    client: Client, manager: User
) -> None:
    cohort = make_selecting_cohort()
    application, decisions = make_application(cohort), f"/staff/cohorts/{cohort.slug}/decisions/"
    first, second = people_of(application)
    Applicant.objects.filter(pk=second.pk).update(email="", user=None, phone="01632 960 777")
    decision = deciding.prepare_decision(application=application, verdict="reserve", by=manager)
    mailed, rung = decision.letters.get(applicant=first), decision.letters.get(applicant=second)
    too_early = words(client.post(f"/staff/letters/{rung.pk}/told/", follow=True))
    client.post(f"{decisions}release/", {"digest": digest_of(cohort)})

    by_mail = words(client.post(f"/staff/letters/{mailed.pk}/told/", follow=True))
    told = words(client.post(f"/staff/letters/{rung.pk}/told/", follow=True))
    again = words(client.post(f"/staff/letters/{rung.pk}/told/", follow=True))

    assert ["Nothing changed" in page for page in (too_early, by_mail, told, again)] == [True, True, False, True]
    assert f"{second.shown_name} knows." in told
    assert "no message went out" not in told
    assert "told by telephone on" in words(client.get(f"/staff/applications/{application.reference}/"))
    assert Letter.objects.get(pk=rung.pk).told_by == manager


def test_after_the_end_of_a_cohort_nobody_is_asked_for_a_yes_that_cannot_be_said(client: Client) -> None:
    offer = make_offer(make_selecting_cohort(), make_staff())
    first, _second = people_of(offer.application)
    assert first.user is not None
    walk_to(offer.cohort, Cohort.State.ENDED)
    client.force_login(first.user)

    page = words(client.get(f"/applications/{offer.application.reference}/offer/"))

    assert ("has ended, so nobody can join it" in page, "We did not hear" in page, "Go on" in page) == (
        True,
        False,
        False,
    )
