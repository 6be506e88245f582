"""Under the radar: both begin it, either ends it, a review date asks, and others see the tag alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

import pairs.actions
from accounts import personal_data
from accounts.models import AuditEvent, Role, User
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from pairs.exceptions import AlreadyEnded, NeedsTheOther, NotInThisPair, ReviewOutOfReach
from pairs.models import Pair, QuietTime
from pairs.quiet import wants_quiet
from pairs.review_dates import first_review_on, months_later
from tests.pairs.factories import accept, at_once, make_cohort, make_full_pair, make_staff, side, walk_to

pytestmark = pytest.mark.django_db


def ask(pair: Pair, by: User, **fields: Any) -> QuietTime:
    fields = {"review_on": timezone.localdate() + timedelta(days=30)} | fields
    return pairs.actions.ask_quiet(pair=pair, by=by, **fields)


def agree(quiet_time: QuietTime, by: User) -> QuietTime:
    return pairs.actions.agree_quiet(quiet_time=QuietTime.objects.get(pk=quiet_time.pk), by=by)


def end(quiet_time: QuietTime, by: User) -> bool:
    return pairs.actions.end_quiet(quiet_time=QuietTime.objects.get(pk=quiet_time.pk), by=by)


def go_quiet(pair: Pair, professional: User, partner: User, **fields: Any) -> QuietTime:
    return agree(ask(pair, partner, **fields), professional)


def leave(pair: Pair, user: User) -> None:
    membership = pair.memberships.get(participant__user=user)
    pairs.actions.end_membership(membership=membership, by=make_staff(Role.MANAGER), reason="left")


def trail() -> list[str]:
    rows = AuditEvent.objects.filter(verb__startswith="quiet_time.").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def date_parts(day: date) -> dict[str, str]:
    return {"review_on_day": str(day.day), "review_on_month": str(day.month), "review_on_year": str(day.year)}


def test_one_asks_the_other_agrees_and_either_ends_it() -> None:
    pair, professional, partner = make_full_pair()
    asked = ask(pair, partner)
    assert not wants_quiet(partner, timezone.now())

    agree(asked, professional)
    agree(asked, professional)

    assert [wants_quiet(person, timezone.now()) for person in (professional, partner)] == [True, True]
    assert [end(asked, partner), end(asked, professional)] == [True, False]
    assert [wants_quiet(person, timezone.now()) for person in (professional, partner)] == [False, False]
    assert trail() == ["quiet_time.begun", "quiet_time.ended"]


def test_a_question_taken_back_or_answered_not_now_leaves_no_trail_and_cannot_be_agreed_to() -> None:
    pair, professional, partner = make_full_pair()
    for answering in (professional, partner):
        asked = ask(pair, partner)
        assert end(asked, answering)
        with pytest.raises(AlreadyEnded):
            agree(asked, professional)

    assert trail() == []
    assert not wants_quiet(partner, timezone.now())


def test_whoever_asked_cannot_say_yes_and_the_database_holds_it() -> None:
    pair, _professional, partner = make_full_pair()
    asked = ask(pair, partner)

    with pytest.raises(NeedsTheOther):
        agree(asked, partner)
    with pytest.raises(IntegrityError, match="two_people_go_under_the_radar"), transaction.atomic():
        QuietTime.objects.filter(pk=asked.pk).update(agreed_by=partner, agreed_at=timezone.now())


def test_nobody_asks_agrees_goes_on_or_ends_for_another_pair() -> None:
    pair, _professional, partner = make_full_pair()
    _other_pair, other, _companion = make_full_pair(pair.cohort)
    asked = ask(pair, partner)
    for stranger in (other, make_staff(Role.MANAGER)):
        for act in (
            lambda by=stranger: ask(pair, by),
            lambda by=stranger: agree(asked, by),
            lambda by=stranger: pairs.actions.go_on_quiet(quiet_time=asked, by=by),
            lambda by=stranger: end(asked, by),
        ):
            with pytest.raises(NotInThisPair):
                act()

    assert QuietTime.objects.filter(ended_at=None, agreed_at=None).count() == 1


def test_it_ends_when_one_of_the_two_leaves_and_who_follows_has_agreed_to_nothing() -> None:
    pair, professional, partner = make_full_pair()
    quiet_time = go_quiet(pair, professional, partner)

    leave(pair, partner)
    pairs.actions.invite_to_pair(pair=pair, side="partner", email="next@pairs.test", by=None)
    successor = accept(side(pair, "partner")).participant.user

    assert not QuietTime.objects.open().exists()
    assert not wants_quiet(professional, timezone.now())
    for act in (lambda: end(quiet_time, partner), lambda: agree(quiet_time, partner), lambda: ask(pair, partner)):
        with pytest.raises(NotInThisPair):
            act()
    assert ask(pair, successor).asked_by == successor


def test_an_archived_cohort_refuses_and_stops_nothing_any_more() -> None:
    cohort = make_cohort()
    pair, professional, partner = make_full_pair(cohort)
    quiet_time = go_quiet(pair, professional, partner)
    walk_to(cohort, Cohort.State.ARCHIVED)

    for act in (
        lambda: ask(pair, partner),
        lambda: agree(quiet_time, professional),
        lambda: pairs.actions.go_on_quiet(quiet_time=quiet_time, by=partner),
        lambda: end(quiet_time, partner),
    ):
        with pytest.raises(CohortArchived):
            act()
    assert not wants_quiet(partner, timezone.now())


def test_the_review_date_is_to_come_and_within_a_year() -> None:
    pair, _professional, partner = make_full_pair()
    today = timezone.localdate()

    for day in (today, today - timedelta(days=1), months_later(today, 12) + timedelta(days=1)):
        with pytest.raises(ReviewOutOfReach):
            ask(pair, partner, review_on=day)

    assert ask(pair, partner, review_on=months_later(today, 12)).review_on == months_later(today, 12)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int, found: date) -> None:
    assert months_later(day, months) == found


def test_after_the_review_date_it_stays_and_one_of_the_two_can_let_it_go_on() -> None:
    pair, professional, partner = make_full_pair()
    quiet_time = go_quiet(pair, professional, partner)
    before = pairs.actions.go_on_quiet(quiet_time=quiet_time, by=partner)
    later = timezone.now() + timedelta(days=31)

    assert wants_quiet(partner, later)
    told = [pairs.actions.go_on_quiet(quiet_time=quiet_time, by=partner, at=later) for _click in range(2)]

    quiet_time.refresh_from_db()
    assert (before, told) == (False, [True, False])
    assert quiet_time.review_on == first_review_on(later.date())
    assert trail() == ["quiet_time.begun", "quiet_time.goes_on"]


@pytest.mark.django_db(transaction=True)
def test_of_questions_asked_at_once_there_is_one() -> None:
    pair, professional, partner = make_full_pair()

    told = at_once(lambda number: ask(pair, (professional, partner)[number % 2]), threads=8)

    assert {one.pk for one in told} == {QuietTime.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_taking_back_at_once_leave_one_story() -> None:
    for _time in range(5):
        pair, professional, partner = make_full_pair()
        asked = ask(pair, partner)
        acts = [lambda asked=asked, by=professional: agree(asked, by), lambda asked=asked, by=partner: end(asked, by)]

        told = at_once(lambda number, acts=acts: acts[number](), threads=2)

        asked.refresh_from_db()
        assert told[1] is True
        assert asked.ended_by == partner
        assert isinstance(told[0], AlreadyEnded) == (asked.agreed_at is None)


@pytest.mark.django_db(transaction=True)
def test_when_both_end_it_at_once_one_end_counts() -> None:
    pair, professional, partner = make_full_pair()
    quiet_time = go_quiet(pair, professional, partner)

    told = at_once(lambda number: end(quiet_time, (professional, partner)[number % 2]), threads=8)

    assert sorted(told) == [False] * 7 + [True]
    assert trail() == ["quiet_time.begun", "quiet_time.ended"]


def test_the_database_holds_one_open_quiet_time_a_pair() -> None:
    pair, professional, partner = make_full_pair()
    ask(pair, partner)

    with pytest.raises(IntegrityError, match="one_open_quiet_time_per_pair"), transaction.atomic():
        QuietTime.objects.create(
            pair=pair, asked_by=professional, asked_at=timezone.now(), review_on=timezone.localdate()
        )


def test_the_pages_lead_from_the_question_to_the_end(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    address = f"/pairs/{pair.pk}/quiet/"
    day = timezone.localdate() + timedelta(days=60)

    client.force_login(partner)
    assert "Help, session reminders and payments go on" in client.get(address).text
    assert "Your partner is asked." in client.post(address, date_parts(day), follow=True).text
    quiet_time = QuietTime.objects.get()
    assert "Take the question back" in client.get(address).text
    assert "See what it means, and answer" not in client.get("/pair/").text

    client.force_login(professional)
    assert "See what it means, and answer" in client.get("/pair/").text
    assert f"{day.day} {day:%B %Y}" in client.get(address).text
    page = client.post(f"{address}{quiet_time.pk}/agree/", follow=True).text
    assert f"Under the radar until {day.day} {day:%B}" in page

    client.force_login(partner)
    page = client.post(f"{address}{quiet_time.pk}/end/", follow=True).text
    assert "no longer under the radar" in page
    assert "Go under the radar" in page


@pytest.mark.parametrize("days", [0, 400])
def test_a_date_out_of_reach_is_put_right_on_the_page(client: Client, days: int) -> None:
    pair, _professional, partner = make_full_pair()
    client.force_login(partner)

    page = client.post(f"/pairs/{pair.pk}/quiet/", date_parts(timezone.localdate() + timedelta(days=days))).text

    assert "Choose a day after today and within a year." in page
    assert not QuietTime.objects.exists()


def test_once_the_review_date_has_come_the_pairs_home_asks(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    month_ago = timezone.now() - timedelta(days=31)
    quiet_time = ask(pair, partner, review_on=timezone.localdate(), at=month_ago)
    agree(quiet_time, professional)
    client.force_login(professional)

    assert "Still under the radar?" in client.get("/pair/").text
    client.post(f"/pairs/{pair.pk}/quiet/{quiet_time.pk}/go-on/")
    page = client.get("/pair/").text

    day = first_review_on(timezone.localdate())
    assert "Still under the radar?" not in page
    assert f"Under the radar until {day.day} {day:%B}" in page


def test_staff_see_the_tag_once_both_agreed_and_never_the_question(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    client.force_login(make_staff(Role.MANAGER))
    address = f"/staff/pairs/{pair.pk}/"
    before = client.get(address).text

    asked = ask(pair, partner)
    assert "radar" not in before + client.get(address).text
    agree(asked, professional)
    during = client.get(address).text
    end(asked, partner)

    assert during.count("Under the radar until") == 1
    assert "radar" not in client.get(address).text


@pytest.mark.parametrize("verb", ["agree", "go-on", "end"])
def test_the_buttons_are_hidden_from_everybody_else(client: Client, verb: str) -> None:
    pair, professional, partner = make_full_pair()
    quiet_time = go_quiet(pair, professional, partner)
    own_pair, other, _companion = make_full_pair(pair.cohort)
    leave(pair, partner)

    answers = []
    for reader, pair_id in (
        (other, pair.pk),
        (other, own_pair.pk),
        (partner, pair.pk),
        (make_staff(Role.MANAGER), pair.pk),
    ):
        client.force_login(reader)
        answers.append(client.post(f"/pairs/{pair_id}/quiet/{quiet_time.pk}/{verb}/").status_code)

    assert answers == [404, 404, 404, 404]


def test_the_pairs_home_asks_as_little_under_the_radar(client: Client, django_assert_max_num_queries: Any) -> None:
    pair, professional, partner = make_full_pair()
    client.force_login(professional)
    client.get("/pair/")  # once a minute a session also notes that it was seen
    counts = []
    for begin in (False, True):
        if begin:
            go_quiet(pair, professional, partner)
        with django_assert_max_num_queries(12) as asked:
            client.get("/pair/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_each_is_told_of_their_own_part_and_not_of_the_other() -> None:
    pair, professional, partner = make_full_pair()
    go_quiet(pair, professional, partner)

    told = {person: personal_data.collect(person)["quiet_times"] for person in (professional, partner)}

    assert [one["asked_by_you"] for person in told for one in told[person]] == [False, True]
    assert professional.name not in str(told[partner])
