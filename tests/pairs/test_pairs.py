"""Places, pairs and memberships: what the database holds, also when a hundred come at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts import personal_data
from accounts.models import AuditEvent, Role
from cohorts.exceptions import NoPlaceLeft
from cohorts.models import Cohort, Participant
from notifications.models import LedgerRow
from pairs.exceptions import (
    AlreadyEnded,
    AlreadyInCohort,
    CohortClosed,
    InvitationClosed,
    SameAddressTwice,
    SideTaken,
)
from pairs.models import Invitation, Membership, Pair
from tests.pairs.factories import (
    accept,
    at_once,
    make_cohort,
    make_full_pair,
    make_pair,
    make_person,
    make_staff,
    side,
    walk_to,
)

PROFESSIONAL, PARTNER = Membership.Side.PROFESSIONAL, Membership.Side.PARTNER


def taken(cohort: Cohort) -> tuple[int, int]:
    """(places the counter says are taken, pairs that hold one)."""
    cohort.refresh_from_db()
    return cohort.places_taken, Pair.objects.filter(cohort=cohort, holds_place=True).count()


# ---- Places ----


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_pairs_made_at_once_ten_get_the_ten_places() -> None:
    cohort = make_cohort(places=10)

    told = at_once(lambda _n: make_pair(cohort), threads=100)

    assert sum(isinstance(one, Pair) for one in told) == 10
    assert sum(isinstance(one, NoPlaceLeft) for one in told) == 90
    assert taken(cohort) == (10, 10)
    assert LedgerRow.objects.filter(kind="pairs.invitation").count() == 20


@pytest.mark.django_db(transaction=True)
def test_counting_pairs_without_the_lock_overbooks() -> None:
    """The race is real: the same hundred, counting first and inserting then, take more places than there are."""
    cohort = make_cohort(places=10)

    def count_then_insert(_number: int) -> Pair | None:
        with transaction.atomic():
            if Pair.objects.filter(cohort=cohort).count() >= cohort.places:
                return None
            return Pair.objects.create(cohort=cohort, challenge="Letters", created_at=timezone.now())

    made = [one for one in at_once(count_then_insert, threads=100) if one is not None]

    assert len(made) > 10


@pytest.mark.django_db
def test_the_database_itself_refuses_one_place_too_many() -> None:
    cohort = make_cohort(places=1)
    make_pair(cohort)

    with pytest.raises(IntegrityError, match="places_taken_within_places"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(places_taken=2)


@pytest.mark.django_db
def test_a_pair_that_ends_before_the_start_gives_its_place_back() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(state=Cohort.State.SELECTING, places=1)
    pair, _professional, _partner = make_full_pair(cohort)

    pairs.actions.end_pair(pair=pair, by=manager)

    assert taken(cohort) == (0, 0)
    make_pair(cohort)


@pytest.mark.django_db
def test_a_pair_that_ends_under_way_keeps_its_place_if_anybody_had_joined() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(places=2)
    begun, _professional, _partner = make_full_pair(cohort)
    never_begun = make_pair(cohort)

    pairs.actions.end_pair(pair=begun, by=manager)
    pairs.actions.end_pair(pair=never_begun, by=manager)

    assert taken(cohort) == (1, 1)


@pytest.mark.django_db
def test_withdrawing_both_invitations_ends_the_pair_and_frees_the_place() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(places=1)
    pair = make_pair(cohort)

    for invitation in pair.invitations.all():
        assert taken(cohort) == (1, 1)
        pairs.actions.withdraw_invitation(invitation=invitation, by=manager)

    pair.refresh_from_db()
    assert (pair.has_ended, taken(cohort)) == (True, (0, 0))


@pytest.mark.django_db(transaction=True)
def test_places_add_up_when_pairs_are_made_and_ended_at_the_same_time() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(state=Cohort.State.OPEN, places=8)
    standing = [make_pair(cohort) for _number in range(8)]

    def make_or_end(number: int) -> object:
        if number % 2:
            return make_pair(cohort)
        return pairs.actions.end_pair(pair=Pair.objects.get(pk=standing[number % 8].pk), by=manager)

    at_once(make_or_end, threads=24)

    counter, holding = taken(cohort)
    assert counter == holding <= 8


# ---- Making a pair ----


@pytest.mark.django_db
def test_making_a_pair_invites_two_people_and_leaves_a_trail_without_addresses() -> None:
    manager = make_staff(Role.MANAGER)
    pair = make_pair(by=manager, professional_email=" Imogen@Pairs.Test ", partner_email="desmond@pairs.test")

    assert set(pair.invitations.values_list("side", "email", "state")) == {
        ("professional", "imogen@pairs.test", "sent"),
        ("partner", "desmond@pairs.test", "sent"),
    }
    rows = LedgerRow.objects.filter(kind="pairs.invitation")
    assert {row.address for row in rows} == {"imogen@pairs.test", "desmond@pairs.test"}
    trail = AuditEvent.objects.filter(verb__in=["pair.made", "invitation.sent"], actor=manager)
    assert trail.count() == 3
    assert not any("@" in str(event.facts) for event in trail)


@pytest.mark.django_db
def test_a_pair_is_two_different_people() -> None:
    with pytest.raises(SameAddressTwice):
        make_pair(professional_email="one@pairs.test", partner_email="ONE@pairs.test ")

    assert not Pair.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("has_joined", [True, False])
def test_nobody_is_invited_twice_to_one_cohort(has_joined: bool) -> None:
    cohort = make_cohort()
    pair = make_pair(cohort, partner_email="desmond@pairs.test")
    if has_joined:
        accept(side(pair, PARTNER))

    with pytest.raises(AlreadyInCohort) as refused:
        make_pair(cohort, professional_email="desmond@pairs.test")

    assert refused.value.side == PROFESSIONAL
    assert taken(cohort) == (1, 1)
    make_pair(make_cohort(), partner_email="desmond@pairs.test")


@pytest.mark.django_db(transaction=True)
def test_a_second_click_on_make_pair_makes_no_second_pair() -> None:
    cohort = make_cohort()

    def click(_number: int) -> Pair:
        return make_pair(cohort, professional_email="a@pairs.test", partner_email="b@pairs.test")

    told = at_once(click, threads=10)

    assert sum(isinstance(one, Pair) for one in told) == 1
    assert sum(isinstance(one, AlreadyInCohort) for one in told) == 9
    assert taken(cohort) == (1, 1)


@pytest.mark.django_db
def test_an_ended_cohort_takes_no_new_people() -> None:
    cohort = make_cohort()
    pair = make_pair(cohort)
    walk_to(cohort, Cohort.State.ENDED)

    with pytest.raises(CohortClosed):
        make_pair(cohort)
    with pytest.raises(InvitationClosed):
        accept(side(pair, PARTNER))


# ---- Memberships ----


@pytest.mark.django_db
def test_a_member_belongs_to_the_pairs_own_cohort() -> None:
    pair = make_pair()
    stranger = cohorts.actions.join_cohort(cohort=make_cohort(), user=make_person(), by=None)
    now = timezone.now()

    for cohort in (pair.cohort, stranger.cohort):
        with pytest.raises(IntegrityError, match="of_this_cohort"), transaction.atomic():
            Membership.objects.create(pair=pair, participant=stranger, cohort=cohort, side=PARTNER, joined_at=now)


@pytest.mark.django_db
def test_a_pair_has_one_live_member_a_side_and_a_person_one_live_pair() -> None:
    pair, professional, _partner = make_full_pair()
    now = timezone.now()
    other = cohorts.actions.join_cohort(cohort=pair.cohort, user=make_person(), by=None)
    participant = Participant.objects.get(user=professional)
    second = make_pair(pair.cohort)

    with pytest.raises(IntegrityError, match="one_live_member_per_side"), transaction.atomic():
        Membership.objects.create(pair=pair, participant=other, cohort=pair.cohort, side=PARTNER, joined_at=now)
    with pytest.raises(IntegrityError, match="one_live_pair_per_participant"), transaction.atomic():
        Membership.objects.create(pair=second, participant=participant, cohort=pair.cohort, side=PARTNER, joined_at=now)


@pytest.mark.django_db
def test_who_leaves_keeps_the_place_for_the_one_who_remains_and_may_be_followed() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(places=1)
    pair, professional, partner = make_full_pair(cohort)
    membership = Membership.objects.live().of(partner).get()

    pairs.actions.end_membership(membership=membership, by=manager, reason="left")
    with pytest.raises(AlreadyEnded):
        pairs.actions.end_membership(membership=membership, by=manager, reason="left")

    assert taken(cohort) == (1, 1)
    assert list(Pair.objects.of_member(professional)) == [pair]
    assert not Pair.objects.visible_to(partner).exists()
    assert not Participant.objects.live().filter(user=partner).exists()
    invitation = pairs.actions.invite_to_pair(pair=pair, side=PARTNER, email="next@pairs.test", by=manager)
    accept(invitation)
    assert pair.memberships.live().count() == 2
    with pytest.raises(SideTaken):
        pairs.actions.invite_to_pair(pair=pair, side=PARTNER, email="third@pairs.test", by=manager)


# ---- Who sees what ----


@pytest.mark.django_db
def test_who_sees_a_pair() -> None:
    cohort = make_cohort()
    pair, professional, partner = make_full_pair(cohort)
    other_pair, other, _companion = make_full_pair(cohort)
    elsewhere, _someone, _else = make_full_pair()
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    readers = {
        "professional": professional,
        "partner": partner,
        "other": other,
        "facilitator": facilitator,
        "manager": make_staff(Role.MANAGER),
        "moderator": make_staff(Role.MODERATOR),
        "unassigned": make_staff(Role.FACILITATOR),
        "visitor": AnonymousUser(),
    }

    assert {name: set(Pair.objects.visible_to(user)) for name, user in readers.items()} == {
        "professional": {pair},
        "partner": {pair},
        "other": {other_pair},
        "facilitator": {pair, other_pair},
        "manager": {pair, other_pair, elsewhere},
        "moderator": set(),
        "unassigned": set(),
        "visitor": set(),
    }
    assert set(Invitation.objects.visible_to(professional)) == set()
    assert set(Membership.objects.visible_to(partner)) == set(pair.memberships.all())


@pytest.mark.django_db
def test_erasing_a_person_empties_the_invitations_they_got() -> None:
    pair, professional, _partner = make_full_pair(professional_name="Canary Name")
    waiting = make_pair(partner_email=professional.email, partner_name="Canary Name")
    address = professional.email

    with transaction.atomic():
        personal_data.erase(professional)

    kept = str(list(Invitation.objects.values()))
    assert address not in kept
    assert "Canary" not in kept
    assert side(waiting, PARTNER).state == "withdrawn"
    assert pair.invitations.count() == 2


@pytest.mark.django_db
def test_an_invitation_lasts_three_weeks() -> None:
    now = timezone.now()

    invitation = side(make_pair(at=now), PARTNER)

    assert invitation.expires_at == now + timedelta(days=21)
