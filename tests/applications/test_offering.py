"""Offers hold places and run out; what comes free goes to the next on the list, once."""

from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

import cohorts.actions
from accounts.models import User
from applications.actions import deciding, offering
from applications.exceptions import AlreadyDecided, ApplicationMoved, NeedsPartner, OfferClosed
from applications.models import Applicant, Application, Decision, Offer
from applications.tasks import lapse_offers
from cohorts.exceptions import NoPlaceLeft
from cohorts.models import Cohort
from notifications.models import LedgerRow
from pairs.models import Pair
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import (
    both_say_yes,
    decide,
    holds,
    lapse,
    mail,
    make_offer,
    make_reserve,
    make_selecting_cohort,
    people_of,
    release,
    run_out,
    say_yes,
    why_skipped,
)
from tests.applications.factories import make_application
from tests.pairs.factories import at_once, walk_to

pytestmark = pytest.mark.django_db

State = Application.State


@pytest.fixture
def manager(db: None) -> User:
    return make_staff()


def reserve_list(cohort: Cohort) -> list[tuple[str, int | None]]:
    return list(Application.objects.filter(cohort=cohort).on_reserve().values_list("reference", "reserve_rank"))


# ---- Running out ----


def test_an_offer_that_runs_out_frees_its_place_and_both_are_told(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer = make_offer(cohort, manager)
    say_yes(offer, people_of(offer.application)[0])

    lapse(offer)

    assert (offer.state, offer.closed_by) == (Offer.State.LAPSED, None)
    assert Application.objects.get().state == State.LAPSED
    assert holds(cohort) == (0, 0)
    assert len(mail("offer_lapsed")) == 2
    with pytest.raises(OfferClosed):
        say_yes(offer, people_of(offer.application)[1])


def test_a_place_that_ran_out_is_offered_to_the_next_on_the_list_once(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    first, second = make_reserve(cohort, manager), make_reserve(cohort, manager)

    lapse(offer)
    lapse_offers()

    first.refresh_from_db()
    assert first.state == State.OFFERED
    assert reserve_list(cohort) == [(second.reference, 1)]
    decision = Decision.objects.get(offer__application=first)
    assert (decision.prepared_by, decision.released_by, decision.letters.count()) == (None, None, 2)
    assert {row.address for row in mail("decision", letter=decision.letters.earliest("pk").pk)} == {
        people_of(first)[0].email
    }
    today = timezone.now().astimezone(cohort.zone).date()
    assert decision.answer_by == today + timedelta(days=cohort.offer_days)
    assert holds(cohort) == (1, 1)


@pytest.mark.parametrize("why_not", ["switched off", "begun", "only seekers", "decided otherwise"])
def test_nobody_is_offered_a_place_by_itself(manager: User, why_not: str) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    waiting = make_reserve(cohort, manager, partner=make_person() if why_not == "only seekers" else None)
    if why_not == "switched off":
        Cohort.objects.filter(pk=cohort.pk).update(offers_from_reserve=False)
    elif why_not == "begun":
        Cohort.objects.filter(pk=cohort.pk).update(state="running", starts_on=timezone.localdate())
    elif why_not == "decided otherwise":
        deciding.prepare_decision(application=waiting, verdict="not_this_time", by=manager)

    lapse(offer)

    waiting.refresh_from_db()
    assert waiting.state == State.RESERVE
    assert holds(cohort) == (0, 0)


def test_a_cohort_that_runs_but_has_not_started_still_fills_its_places(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer, waiting = make_offer(cohort, manager), make_reserve(cohort, manager)
    walk_to(cohort, Cohort.State.RUNNING)

    lapse(offer)

    waiting.refresh_from_db()
    assert waiting.state == State.OFFERED


def test_an_archived_cohort_lets_nothing_run_out(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer = make_offer(cohort, manager)
    walk_to(cohort, Cohort.State.ARCHIVED)

    lapse(offer)

    assert offer.state == Offer.State.OPEN


@pytest.mark.django_db(transaction=True)
def test_swept_from_many_threads_each_offer_runs_out_once_and_each_place_goes_to_one() -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=3)
    offers = [make_offer(cohort, manager) for _number in range(3)]
    for _number in range(6):
        make_reserve(cohort, manager)
    for offer in offers:
        run_out(offer)

    closed = at_once(lambda _number: offering.lapse_overdue(), threads=20)

    assert sum(closed) == 3
    assert Application.objects.filter(state=State.OFFERED).count() == 3
    assert [rank for _reference, rank in reserve_list(cohort)] == [1, 2, 3]
    assert holds(cohort) == (3, 3)
    assert len(mail("offer_lapsed")) == 6


def test_an_offer_that_cannot_be_closed_holds_no_other_back(manager: User) -> None:
    """As after an error of ours: an open offer of an application that has come to nothing."""
    cohort = make_selecting_cohort(places=2)
    broken, other = make_offer(cohort, manager), make_offer(cohort, manager)
    Application.objects.filter(pk=broken.application_id).update(state="withdrawn")
    run_out(broken)
    run_out(other)

    with pytest.raises(ExceptionGroup) as told:
        offering.lapse_overdue()

    assert [type(one) for one in told.value.exceptions] == [ApplicationMoved]
    assert [Offer.objects.get(pk=one.pk).state for one in (broken, other)] == ["open", "lapsed"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_sweeps_free_one_place_twice() -> None:
    """The race is real: looking for what is overdue and closing it then, without asking again under the lock."""
    manager, everybody_has_looked = make_staff(), Barrier(2)
    cohort = make_selecting_cohort(places=2)
    offer, _other = make_offer(cohort, manager), make_offer(cohort, manager)
    run_out(offer)

    def look_then_free(_number: int) -> None:
        with transaction.atomic():
            overdue = Offer.objects.overdue(timezone.now()).get(pk=offer.pk)
            everybody_has_looked.wait(timeout=30)
            Offer.objects.filter(pk=overdue.pk).update(state=Offer.State.LAPSED, closed_at=timezone.now())
            cohorts.actions.free_place(cohort=cohort)

    at_once(look_then_free, threads=2)

    assert holds(cohort) == (0, 1)


# ---- Reminders ----


def test_who_has_not_answered_is_reminded_once_a_few_days_before(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    first, second = people_of(offer.application)

    say_yes(offer, first)

    rows = {row.recipient_id: row for row in mail("offer_reminder")}
    assert {row.due_at for row in rows.values()} == {offer.answer_by - offering.REMINDED_BEFORE}
    assert (why_skipped(rows[first.user_id]), why_skipped(rows[second.user_id])) == ("superseded", None)
    lapse(offer)
    assert why_skipped(rows[second.user_id]) == "superseded"


def test_an_offer_of_a_few_days_sends_no_reminder_that_would_be_late(manager: User) -> None:
    cohort = make_selecting_cohort(offer_days=2)

    make_offer(cohort, manager)

    assert mail("offer_reminder") == []


# ---- The list, by hand ----


def test_the_list_is_moved_up_and_down_and_stops_at_its_ends(manager: User) -> None:
    cohort = make_selecting_cohort()
    a, b, c = (make_reserve(cohort, manager) for _number in range(3))

    offering.move_on_list(application=c, by=manager, up=True)
    offering.move_on_list(application=a, by=manager, up=True)
    offering.move_on_list(application=b, by=manager, up=False)

    assert reserve_list(cohort) == [(a.reference, 1), (c.reference, 2), (b.reference, 3)]


def test_a_rank_given_by_hand_makes_room(manager: User) -> None:
    cohort = make_selecting_cohort()
    a, b = make_reserve(cohort, manager), make_reserve(cohort, manager)
    first = make_application(cohort)

    decide(first, "reserve", manager, reserve_rank=1)

    assert [reference for reference, _rank in reserve_list(cohort)] == [first.reference, a.reference, b.reference]
    assert [rank for _reference, rank in reserve_list(cohort)] == [1, 2, 3]


def test_a_free_place_is_offered_by_hand(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    first, second = make_reserve(cohort, manager), make_reserve(cohort, manager)

    offering.offer_now(application=second, by=manager)

    assert reserve_list(cohort) == [(first.reference, 1)]
    assert Decision.objects.get(offer__application=second).released_by == manager
    with pytest.raises(NoPlaceLeft):
        offering.offer_now(application=first, by=manager)
    assert reserve_list(cohort) == [(first.reference, 1)]
    with pytest.raises(ApplicationMoved):
        offering.offer_now(application=second, by=manager)


def test_by_hand_too_a_seeker_alone_and_one_decided_about_are_refused(manager: User) -> None:
    cohort = make_selecting_cohort()
    seeker = make_reserve(cohort, manager, professional=make_person())
    decided = make_reserve(cohort, manager)
    deciding.prepare_decision(application=decided, verdict="not_this_time", by=manager)

    with pytest.raises(NeedsPartner):
        offering.offer_now(application=seeker, by=manager)
    with pytest.raises(AlreadyDecided):
        offering.offer_now(application=decided, by=manager)


def test_who_let_an_offer_run_out_can_be_put_back_at_the_end(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    lapse(offer)
    waiting = make_reserve(cohort, manager)

    back = offering.put_back(application=Application.objects.get(pk=offer.application_id), by=manager)

    assert reserve_list(cohort) == [(waiting.reference, 1), (back.reference, 2)]
    assert (back.closed_at, back.applicants.filter(is_counted=True).count()) == (None, 2)
    with pytest.raises(ApplicationMoved):
        offering.put_back(application=back, by=manager)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_offers_at_once_for_ten_places_make_ten() -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=10)
    waiting = [make_application(cohort, state=State.RESERVE, reserve_rank=rank) for rank in range(1, 101)]

    told = at_once(lambda number: offering.offer_now(application=waiting[number], by=manager), threads=100)

    assert sum(isinstance(one, Offer) for one in told) == 10
    assert sum(isinstance(one, NoPlaceLeft) for one in told) == 90
    assert holds(cohort) == (10, 10)
    assert Application.objects.filter(state=State.OFFERED).count() == 10
    assert LedgerRow.objects.filter(kind="applications.decision").count() == 20


@pytest.mark.django_db(transaction=True)
def test_counting_offers_without_the_lock_gives_away_more_places_than_there_are() -> None:
    """The race is real: counting first and offering then."""
    manager = make_staff()
    cohort = make_selecting_cohort(places=2)
    waiting = [make_application(cohort) for _number in range(10)]
    decisions = [deciding.prepare_decision(application=one, verdict="offer", by=manager) for one in waiting]
    everybody_has_counted = Barrier(10)

    def count_then_offer(number: int) -> Offer | None:
        with transaction.atomic():
            left = cohort.places - Offer.objects.open().filter(cohort=cohort).count()
            everybody_has_counted.wait(timeout=30)
            if left <= 0:
                return None
            now = timezone.now()
            return Offer.objects.create(
                application=waiting[number], cohort=cohort, decision=decisions[number], made_at=now, answer_by=now
            )

    made = [one for one in at_once(count_then_offer, threads=10) if isinstance(one, Offer)]

    assert len(made) == 10


# ---- Accepting beside everything else ----


@pytest.mark.django_db(transaction=True)
def test_accepting_and_running_out_at_once_leave_one_truth() -> None:
    manager = make_staff()
    for _round in range(6):
        cohort = make_selecting_cohort(places=1)
        offer = make_offer(cohort, manager)
        first, second = people_of(offer.application)
        say_yes(offer, first)
        run_out(offer)
        just_before = timezone.now() - timedelta(seconds=5)

        def act(number: int, offer: Offer = offer, second: Applicant = second, at: datetime = just_before) -> object:
            return offering.lapse_overdue() if number % 2 else say_yes(offer, second, at=at)

        at_once(act, threads=4)

        offer.refresh_from_db()
        made = Pair.objects.filter(cohort=cohort).count()
        assert (offer.state, made) in {("accepted", 1), ("lapsed", 0)}
        assert holds(cohort) == (made, made)


def test_what_is_accepted_never_runs_out(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer = make_offer(cohort, manager)
    both_say_yes(offer)

    lapse(offer)

    assert offer.state == Offer.State.ACCEPTED
    assert holds(cohort) == (1, 1)


def test_a_manager_can_offer_again_after_putting_back(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    lapse(offer)
    back = offering.put_back(application=Application.objects.get(pk=offer.application_id), by=manager)

    deciding.prepare_decision(application=back, verdict="offer", by=manager)
    release(cohort, manager)

    assert holds(cohort) == (1, 1)
    assert back.offers.count() == 2


def test_of_two_offers_to_the_same_people_only_the_last_ones_letters_go(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(places=2), manager)
    lapse(offer)
    back = offering.put_back(application=offer.application, by=manager)

    offering.offer_now(application=back, by=manager)

    assert [why_skipped(row) for row in mail("decision")] == ["superseded", "superseded", None, None]
