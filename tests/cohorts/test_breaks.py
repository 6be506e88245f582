"""Taking a break: one's own, with no reason, seen by partner and facilitators while it lasts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts import personal_data
from accounts.models import AuditEvent, Role, User
from cohorts.exceptions import CohortArchived, NotTakingPart
from cohorts.models import Break, Cohort, Participant
from pairs.models import Pair
from pairs.quiet import wants_quiet
from tests.pairs.factories import at_once, make_cohort, make_full_pair, make_staff, walk_to

pytestmark = pytest.mark.django_db


def part_of(user: User) -> Participant:
    return Participant.objects.select_related("cohort").get(user=user)


def rest(user: User, **fields: Any) -> Break:
    return cohorts.actions.take_break(participant=part_of(user), by=user, **fields)


def come_back(user: User) -> bool:
    return cohorts.actions.end_break(participant=part_of(user), by=user)


def leave(pair: Pair, user: User) -> None:
    membership = pair.memberships.get(participant__user=user)
    pairs.actions.end_membership(membership=membership, by=make_staff(Role.MANAGER), reason="left")


def trail() -> list[tuple[str, int]]:
    rows = AuditEvent.objects.filter(verb__startswith="break.").order_by("pk")
    return [(verb, actor or 0) for verb, actor in rows.values_list("verb", "actor_id")]


def test_a_break_begins_and_ends_with_one_row_of_the_trail_each_however_often_it_is_clicked() -> None:
    _pair, _professional, partner = make_full_pair()

    begun = [rest(partner), rest(partner)]
    ended = [come_back(partner), come_back(partner)]

    assert begun[0] == begun[1]
    assert ended == [True, False]
    assert trail() == [("break.begun", partner.pk), ("break.ended", partner.pk)]
    assert not Break.objects.live().exists()


def test_nobody_takes_or_ends_a_break_for_another() -> None:
    _pair, professional, partner = make_full_pair()
    manager = make_staff(Role.MANAGER)
    rest(partner)

    for other in (professional, manager):
        with pytest.raises(NotTakingPart):
            cohorts.actions.end_break(participant=part_of(partner), by=other)
    with pytest.raises(NotTakingPart):
        cohorts.actions.take_break(participant=part_of(professional), by=partner)

    assert list(Break.objects.live().values_list("participant__user", flat=True)) == [partner.pk]


def test_a_break_ends_with_the_part_in_the_cohort_and_none_begins_after_it() -> None:
    pair, _professional, partner = make_full_pair()
    resting = rest(partner)

    leave(pair, partner)

    resting.refresh_from_db()
    assert resting.ended_at is not None
    with pytest.raises(NotTakingPart):
        rest(partner)


def test_an_archived_cohort_refuses_and_its_breaks_stop_nothing_any_more() -> None:
    cohort = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    rest(partner)
    walk_to(cohort, Cohort.State.ARCHIVED)

    with pytest.raises(CohortArchived):
        rest(professional)
    with pytest.raises(CohortArchived):
        come_back(partner)

    assert not wants_quiet(partner, timezone.now())


def test_quiet_is_wanted_from_beginning_to_end_of_a_break_by_that_person_alone() -> None:
    _pair, professional, partner = make_full_pair()
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    rest(partner, at=noon)

    assert [wants_quiet(partner, noon + timedelta(minutes=minutes)) for minutes in (-1, 0, 1)] == [False, True, True]
    assert not wants_quiet(professional, noon)
    come_back(partner)
    assert not wants_quiet(partner, noon)


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_break_begins_and_one_end_counts() -> None:
    _pair, _professional, partner = make_full_pair()

    begun = at_once(lambda _n: rest(partner), threads=8)
    ended = at_once(lambda _n: come_back(partner), threads=8)

    assert {one.pk for one in begun} == {Break.objects.get().pk}
    assert sorted(ended) == [False] * 7 + [True]
    assert len(trail()) == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_while_taking_a_break_has_none() -> None:
    for _time in range(5):
        pair, _professional, partner = make_full_pair()
        part = part_of(partner)
        acts = [
            lambda pair=pair, partner=partner: leave(pair, partner),
            lambda part=part, partner=partner: cohorts.actions.take_break(participant=part, by=partner),
        ]

        told = at_once(lambda number, acts=acts: acts[number](), threads=2)

        assert told[0] is None
        assert isinstance(told[1], (Break, NotTakingPart))
        assert not Break.objects.live().of(partner).exists()


def test_the_database_holds_one_live_break_a_participant() -> None:
    _pair, _professional, partner = make_full_pair()
    resting = rest(partner)

    with pytest.raises(IntegrityError, match="one_live_break_per_participant"), transaction.atomic():
        Break.objects.create(participant=resting.participant, began_at=timezone.now())


def test_a_page_says_what_it_means_and_one_click_begins_and_ends_it(client: Client) -> None:
    pair, _professional, partner = make_full_pair()
    client.force_login(partner)
    address = f"/cohorts/{pair.cohort.slug}/break/"

    page = client.get(address).text
    assert "No reason needed" in page
    assert "Nobody sees why" in page
    assert not Break.objects.exists()

    assert "You are taking a break" in client.post(address, follow=True).text
    assert "I am back" in client.get(address).text
    assert "Welcome back." in client.post(f"{address}end/", follow=True).text
    assert not Break.objects.live().exists()


def test_partner_and_facilitators_see_it_while_it_lasts(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    manager = make_staff(Role.MANAGER)
    tag = "Taking a break</span>"

    def shown() -> list[int]:
        counts = []
        for reader, address in (
            (partner, f"/pairs/{pair.pk}/"),
            (professional, f"/pairs/{pair.pk}/"),
            (manager, f"/staff/pairs/{pair.pk}/"),
        ):
            client.force_login(reader)
            counts.append(client.get(address).text.count(tag))
        return counts

    before = shown()
    rest(partner)
    during = shown()
    come_back(partner)

    assert (before, during, shown()) == ([0, 0, 0], [1, 1, 1], [0, 0, 0])


def test_an_archived_cohort_tells_so_on_the_page(client: Client) -> None:
    cohort = make_cohort()
    _pair, _professional, partner = make_full_pair(cohort)
    walk_to(cohort, Cohort.State.ARCHIVED)
    client.force_login(partner)

    page = client.post(f"/cohorts/{cohort.slug}/break/", follow=True).text

    assert "This cohort is archived" in page
    assert "Take a break" not in page


def test_who_has_left_finds_no_page(client: Client) -> None:
    pair, _professional, partner = make_full_pair()
    leave(pair, partner)
    client.force_login(partner)
    address = f"/cohorts/{pair.cohort.slug}/break/"

    assert [client.get(address).status_code, client.post(f"{address}end/").status_code] == [404, 404]


def test_breaks_are_told_to_their_owner_and_forgotten_with_them() -> None:
    _pair, professional, partner = make_full_pair()
    for person in (professional, partner):
        rest(person)

    collected = personal_data.collect(partner)["breaks"]
    personal_data.erase(partner)

    assert [set(one) for one in collected] == [{"cohort", "began_at", "ended_at"}]
    assert list(Break.objects.values_list("participant__user", flat=True)) == [professional.pk]
