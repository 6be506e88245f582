"""Somebody may take part in a cohort before they have a pair, and get one by every door; nobody is promised two."""

from pathlib import Path
from typing import Any

import pytest

import pairs.actions
from accounts.models import Role, User
from cohorts.models import Cohort, Participant
from pairs.exceptions import AlreadyInAPair, AlreadyInCohort
from pairs.models import Membership
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import make_offer, make_selecting_cohort, people_of, say_yes
from tests.pairs.factories import accept, make_cohort, make_full_pair, make_pair, side
from tests.portal.bringing import bring_in, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def brought_in(cohort: Cohort, *persons: User) -> None:
    bring_in(cohort, "people", people(*([person.email, person.name, "", ""] for person in persons)))


@pytest.mark.parametrize("when", ["before the offer", "after the offer", "between the two"])
def test_who_was_brought_in_accepts_the_place_they_are_offered(when: str) -> None:
    cohort, professional, partner = make_selecting_cohort(), make_person(), make_person()
    if when == "before the offer":
        brought_in(cohort, professional, partner)
    offer = make_offer(cohort, make_staff(Role.MANAGER), professional=professional, partner=partner)
    if when == "after the offer":
        brought_in(cohort, professional, partner)
    first, second = people_of(offer.application)
    say_yes(offer, first)
    if when == "between the two":
        brought_in(cohort, partner)

    pair = say_yes(offer, second)

    assert pair is not None
    assert {one.participant.user for one in pair.memberships.live()} == {professional, partner}
    assert Participant.objects.live().filter(cohort=cohort).count() == 2


def test_who_was_brought_in_is_put_into_a_pair_by_hand() -> None:
    cohort, person, other = make_cohort(places=2), make_person(), make_person()
    brought_in(cohort, person, other)
    waiting = make_pair(cohort)
    pairs.actions.withdraw_invitation(invitation=side(waiting, "partner"), by=make_staff(Role.MANAGER))

    joined = accept(pairs.actions.invite_to_pair(pair=waiting, side="partner", email=person.email, by=None))
    made = pairs.actions.make_pair(
        cohort=cohort, professional_email=other.email, partner_email="new@in.test", challenge="x", by=None
    )
    accept(side(made, "professional"))

    assert joined.participant == Participant.objects.live().get(user=person)
    assert Membership.objects.live().filter(participant__user=other).count() == 1


def test_who_is_in_a_pair_gets_no_second_one_and_who_joins_it_twice_is_told() -> None:
    cohort = make_cohort(places=3)
    _pair, professional, _partner = make_full_pair(cohort)
    person = make_person()
    first, second = (make_pair(cohort) for _one in range(2))

    with pytest.raises(AlreadyInCohort):
        pairs.actions.make_pair(
            cohort=cohort, professional_email=professional.email, partner_email="n@in.test", challenge="x", by=None
        )
    first.invitations.update(email=person.email)
    second.invitations.update(email=person.email)
    pairs.actions.accept_invitation(invitation=side(first, "partner"), by=person)
    with pytest.raises(AlreadyInAPair):
        pairs.actions.accept_invitation(invitation=side(second, "partner"), by=person)


def test_no_pair_is_made_by_hand_of_somebody_who_has_been_offered_a_place() -> None:
    cohort = make_selecting_cohort(places=5)
    offer = make_offer(cohort, make_staff(Role.MANAGER))
    first, second = people_of(offer.application)

    with pytest.raises(AlreadyInCohort):
        pairs.actions.make_pair(
            cohort=cohort, professional_email=first.email, partner_email="n@in.test", challenge="x", by=None
        )

    say_yes(offer, first)
    assert say_yes(offer, second) is not None


def test_who_left_may_be_invited_again() -> None:
    cohort = make_cohort(places=2)
    pair, _professional, partner = make_full_pair(cohort)
    membership = Membership.objects.get(participant__user=partner)
    pairs.actions.end_membership(membership=membership, by=make_staff(Role.MANAGER), reason="left")

    accept(pairs.actions.invite_to_pair(pair=pair, side="partner", email=partner.email, by=None))

    assert pair.memberships.live().count() == 2
