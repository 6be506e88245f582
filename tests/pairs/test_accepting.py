"""Both say yes: the second yes makes the pair, in one step, on the place that the offer held."""

from threading import Barrier

import pytest
from django.utils import timezone

import pairs.actions
from accounts.models import User
from applications.exceptions import NotTheirs, OfferClosed
from applications.models import Applicant, Application, Offer, OfferYes
from cohorts.models import Cohort, Participant
from pairs.exceptions import AlreadyInAPair
from pairs.models import Membership, Pair
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import (
    both_say_yes,
    holds,
    mail,
    make_offer,
    make_selecting_cohort,
    people_of,
    say_yes,
)
from tests.pairs.factories import at_once, make_full_pair, walk_to
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return make_staff()


def test_the_second_yes_makes_the_pair_on_the_place_the_offer_held(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(
        cohort, manager, answers={"together": {"challenge-more": "Nobody tells us.", "funding": "Not yet"}}
    )
    first, second = people_of(offer.application)

    assert say_yes(offer, first) is None
    assert holds(cohort) == (1, 1)
    pair = say_yes(offer, second)

    assert pair is not None
    assert (pair.challenge, pair.challenge_summary, pair.funding) == (
        "Going home on a Friday",
        "Nobody tells us.",
        "Not yet",
    )
    assert set(pair.memberships.values_list("side", "participant__user")) == {
        ("professional", first.user_id),
        ("partner", second.user_id),
    }
    offer.refresh_from_db()
    assert (offer.state, Application.objects.get().state) == ("accepted", "accepted")
    assert holds(cohort) == (1, 1)
    assert {row.recipient_id for row in mail("accepted")} == {first.user_id, second.user_id}


def test_a_second_click_changes_nothing(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    first, second = people_of(offer.application)

    assert (say_yes(offer, first), say_yes(offer, first)) == (None, None)
    pair = say_yes(offer, second)

    assert say_yes(offer, second) == pair
    assert (OfferYes.objects.count(), Pair.objects.count(), len(mail("accepted"))) == (2, 1, 2)


def test_nobody_says_yes_to_what_was_not_offered_to_them(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer, other = make_offer(cohort, manager), make_offer(cohort, manager)

    with pytest.raises(NotTheirs):
        say_yes(offer, people_of(other.application)[0])


def test_after_the_end_of_the_cohort_nothing_is_accepted(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer = make_offer(cohort, manager)
    walk_to(cohort, Cohort.State.ENDED)

    with pytest.raises(OfferClosed):
        say_yes(offer, people_of(offer.application)[0])


def test_after_the_last_day_a_yes_is_too_late_even_before_the_sweep(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)

    with pytest.raises(OfferClosed):
        say_yes(offer, people_of(offer.application)[0], at=offer.answer_by)


def test_a_yes_on_the_telephone_says_how_it_was_heard_and_by_whom(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    first, _second = people_of(offer.application)

    pairs.actions.accept_offer(offer=offer, applicant=first, by=manager, how="They rang on Tuesday.")

    yes = OfferYes.objects.get()
    assert (yes.applicant, yes.recorded_by, yes.how) == (first, manager, "They rang on Tuesday.")


def test_who_has_no_email_address_gets_an_account_no_mail_ever_goes_to(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    first, second = people_of(offer.application)
    Applicant.objects.filter(pk=second.pk).update(email="", user=None, name="Desmond Quill")
    say_yes(offer, first)

    pair = pairs.actions.accept_offer(offer=offer, applicant=second, by=manager, how="By telephone.")

    assert pair is not None
    user = pair.memberships.get(side="partner").user
    assert (user.name, user.email) == ("Desmond Quill", f"person-{second.pk}@no-address.invalid")
    assert not user.has_usable_password()
    assert {row.recipient_id for row in mail("accepted")} == {first.user_id}


def test_an_account_without_a_name_gets_the_one_they_applied_with_and_a_name_stays(manager: User) -> None:
    nameless, named = make_person(name=""), make_person(name="Imogen")
    offer = make_offer(make_selecting_cohort(), manager, professional=nameless, partner=named)
    offer.application.applicants.filter(user=nameless).update(name="Bram", time_zone="Asia/Kolkata")
    offer.application.applicants.filter(user=named).update(name="Someone else")

    both_say_yes(offer)

    nameless.refresh_from_db()
    named.refresh_from_db()
    assert (nameless.name, nameless.time_zone, named.name) == ("Bram", "Asia/Kolkata", "Imogen")


def test_somebody_in_another_pair_of_the_cohort_cannot_have_a_second_one(manager: User) -> None:
    cohort = make_selecting_cohort(places=5)
    _pair, professional, _partner = make_full_pair(cohort)
    offer = make_offer(cohort, manager, professional=professional, partner=make_person())
    first, second = people_of(offer.application)
    say_yes(offer, first)

    with pytest.raises(AlreadyInAPair):
        say_yes(offer, second)

    offer.refresh_from_db()
    assert (offer.state, offer.yeses.count(), Pair.objects.count()) == ("open", 1, 1)
    assert holds(cohort) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_both_saying_yes_many_times_at_once_make_one_pair() -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    people = people_of(offer.application)

    told = at_once(lambda number: say_yes(offer, people[number % 2]), threads=40)

    assert not [one for one in told if isinstance(one, Exception)]
    assert (Pair.objects.count(), Membership.objects.count(), OfferYes.objects.count()) == (1, 2, 2)
    assert holds(cohort) == (1, 1)
    assert len(mail("accepted")) == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_two_yeses_at_once_make_no_pair_at_all() -> None:
    """The race is real: neither sees that theirs was the second, so both are told to wait for the other."""
    offer = make_offer(make_selecting_cohort(places=1), make_staff())
    people, both_have_read = people_of(offer.application), Barrier(2)

    def unlocked(number: int) -> Pair | None:
        who_said_yes = 'SELECT "applications_offeryes"."applicant_id"'
        with without_row_locks(after=who_said_yes, then=lambda: both_have_read.wait(timeout=30)):
            return say_yes(offer, people[number])

    told = at_once(unlocked, threads=2)

    assert told == [None, None]
    assert (OfferYes.objects.count(), Pair.objects.count()) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_people_accept_at_once_and_no_place_is_counted_twice() -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=50)
    people = [one for _number in range(50) for one in people_of(make_offer(cohort, manager).application)]
    offers = {offer.application_id: offer for offer in Offer.objects.all()}

    told = at_once(lambda number: say_yes(offers[people[number].application_id], people[number]), threads=100)

    assert not [one for one in told if isinstance(one, Exception)]
    assert Pair.objects.count() == 50
    assert Participant.objects.live().count() == 100
    assert holds(cohort) == (50, 50)


@pytest.mark.django_db(transaction=True)
def test_one_person_who_accepts_two_places_at_once_is_in_one_pair() -> None:
    """As after an error of ours: the same person in two offers of one cohort."""
    manager = make_staff()
    for _round in range(4):
        cohort = make_selecting_cohort(places=5)
        person = make_person()
        one, two = make_offer(cohort, manager), make_offer(cohort, manager)
        mine = [people_of(offer.application)[0] for offer in (one, two)]
        for offer in (one, two):
            say_yes(offer, people_of(offer.application)[1])
        Applicant.objects.filter(pk__in=[part.pk for part in mine]).update(is_counted=False, user=person)

        told = at_once(
            lambda number, offers=(one, two), mine=mine, person=person: pairs.actions.accept_offer(
                offer=offers[number], applicant=mine[number], by=person
            ),
            threads=2,
        )

        assert sum(isinstance(answer, Pair) for answer in told) == 1
        assert Participant.objects.live().filter(user=person).count() == 1
        assert holds(cohort) == (2, 2)


def test_the_yes_of_the_one_counts_when_it_was_said(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    now = timezone.now()

    say_yes(offer, people_of(offer.application)[0], at=now)

    assert OfferYes.objects.get().at == now
