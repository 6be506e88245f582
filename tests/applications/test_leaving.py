"""Leaving before the start: one way for every moment, what follows is shown first, and it happens so."""

from datetime import datetime
from threading import Barrier

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.actions import erase_person
from accounts.models import User
from applications.actions import deciding, inviting, leaving, offering
from applications.actions.leaving import Consequences, ForOther, Way
from applications.actions.starting import start_application
from applications.exceptions import NothingToLeave, OfferClosed, PreviewOutdated
from applications.models import Answer, Applicant, Application, Decision, Offer
from cohorts.models import Cohort, Participant
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
    say_yes,
)
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import at_once, walk_to

pytestmark = pytest.mark.django_db

State = Application.State
WRITTEN = {"professional": {"about": "I nurse."}, "partner": {"about": "I care."}, "together": {"challenge": "Fridays"}}


@pytest.fixture
def manager(db: None) -> User:
    return make_staff()


def go(applicant: Applicant, seen: str, **fields: object) -> Consequences:
    assert applicant.user is not None
    return leaving.leave(applicant=applicant, by=applicant.user, seen=seen, **fields)


def follows(applicant: Applicant) -> tuple[str, str, bool, bool]:
    """(way, what the other has, whether a place comes free, whether somebody is next)."""
    found = leaving.consequences(applicant=applicant, at=timezone.now())
    return found.way, found.for_other, found.frees_place, found.has_next


def test_leaving_a_draft_of_two_leaves_it_with_the_other(manager: User) -> None:
    application = make_application(make_selecting_cohort(), state=State.DRAFT, answers=WRITTEN)
    first, second = people_of(application)
    application.applicants.update(confirmed_at=timezone.now())
    assert follows(first) == (Way.DRAFT, ForOther.SAME_DRAFT, False, False)

    go(first, Way.DRAFT)

    application.refresh_from_db()
    assert application.state == State.DRAFT
    assert list(application.applicants.live()) == [second]
    second.refresh_from_db()
    assert second.confirmed_at is None
    assert {row.recipient_id for row in mail("other_left")} == {second.user_id}
    assert not Application.objects.of_applicant(first.user).exists()


def test_the_last_one_to_leave_a_draft_closes_it(manager: User) -> None:
    application = make_application(make_selecting_cohort(), state=State.DRAFT, professional=make_person())

    go(application.applicants.get(), Way.DRAFT)

    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert mail("other_left") == []


def test_withdrawing_what_was_sent_gives_the_other_a_draft_of_their_own_with_all_they_wrote(manager: User) -> None:
    application = make_application(make_selecting_cohort(), answers=WRITTEN)
    first, second = people_of(application)
    assert follows(first) == (Way.SENT, ForOther.NEW_DRAFT, False, False)

    go(first, Way.SENT)

    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    draft = Application.objects.get(state=State.DRAFT)
    assert [(one.user, one.side) for one in draft.applicants.live()] == [(second.user, "partner")]
    assert (draft.route, draft.question_set) == (Application.Route.AGAIN, application.question_set)
    said = Answer.objects.filter(application=draft).values_list("question__key", "value")
    assert set(said) == {("about", "I care."), ("challenge", "Fridays")}
    assert {row.ids["reference"] for row in mail("other_left")} == {draft.reference}
    assert {row.recipient_id for row in mail("left")} == {first.user_id}


def test_who_stays_without_an_address_gets_a_draft_staff_can_write(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    first, second = people_of(application)
    Applicant.objects.filter(pk=second.pk).update(email="", user=None)

    go(first, Way.SENT)

    draft = Application.objects.get(state=State.DRAFT)
    assert draft.route == Application.Route.TELEPHONE
    assert mail("other_left") == []


def test_a_prepared_decision_is_void_when_its_application_is_withdrawn(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="offer", by=manager)

    go(people_of(application)[0], Way.SENT)

    assert Decision.objects.get().voided_at is not None


def test_leaving_the_reserve_list_moves_the_others_up(manager: User) -> None:
    cohort = make_selecting_cohort()
    first, second = make_reserve(cohort, manager), make_reserve(cohort, manager)

    go(people_of(first)[1], Way.SENT)

    second.refresh_from_db()
    assert second.reserve_rank == 1


def test_saying_no_frees_the_place_for_the_next_once_and_tells_the_other(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer, waiting = make_offer(cohort, manager), make_reserve(cohort, manager)
    first, second = people_of(offer.application)
    say_yes(offer, first)
    assert follows(second) == (Way.OFFER, ForOther.NEW_DRAFT, True, True)

    go(second, Way.OFFER)

    offer.refresh_from_db()
    waiting.refresh_from_db()
    assert (offer.state, offer.closed_by) == ("declined", second.user)
    assert Application.objects.get(pk=offer.application_id).state == State.DECLINED
    assert waiting.state == State.OFFERED
    assert holds(cohort) == (1, 1)
    assert {row.recipient_id for row in mail("other_left")} == {first.user_id}
    with pytest.raises(NothingToLeave):
        go(second, Way.OFFER)
    with pytest.raises(OfferClosed):
        say_yes(offer, first)
    assert holds(cohort) == (1, 1)


@pytest.mark.parametrize("way", [Way.OFFER, Way.PLACE])
@pytest.mark.parametrize("somebody_waits", [True, False])
def test_the_other_is_told_that_the_place_goes_on_only_when_somebody_is_next(
    manager: User, way: str, somebody_waits: bool
) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    first, _second = people_of(offer.application)
    if somebody_waits:
        make_reserve(cohort, manager)
    if way == Way.PLACE:
        both_say_yes(offer)
    go(first, way)

    (row,) = mail("other_left")
    context = row.mail_kind.render(row)
    said = [render_to_string(f"mail/applications/other_left_message.{kind}", context) for kind in ("txt", "html")]

    assert ["goes to the next pair on the reserve list" in text for text in said] == [somebody_waits] * 2
    assert ["is free for another pair" in text for text in said] == [not somebody_waits] * 2


def test_giving_a_place_back_before_the_start_ends_the_pair_and_fills_the_place(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer, waiting = make_offer(cohort, manager), make_reserve(cohort, manager)
    first, second = people_of(offer.application)
    pair = both_say_yes(offer)
    assert follows(first) == (Way.PLACE, ForOther.NEW_DRAFT, True, True)

    go(first, Way.PLACE)

    pair.refresh_from_db()
    waiting.refresh_from_db()
    offer.refresh_from_db()
    assert (pair.has_ended, pair.holds_place) == (True, False)
    assert Application.objects.get(pk=offer.application_id).state == State.LEFT
    assert (offer.state, waiting.state) == ("withdrawn", State.OFFERED)
    assert not Participant.objects.live().exists()
    assert holds(cohort) == (1, 1)
    assert {row.recipient_id for row in mail("other_left")} == {second.user_id}


def test_a_pair_that_staff_end_before_the_start_frees_its_application_and_fills_the_place(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer, waiting = make_offer(cohort, manager), make_reserve(cohort, manager)

    pairs.actions.end_pair(pair=both_say_yes(offer), by=manager)

    waiting.refresh_from_db()
    assert Application.objects.get(pk=offer.application_id).state == State.LEFT
    assert waiting.state == State.OFFERED
    assert holds(cohort) == (1, 1)


def test_once_the_cohort_has_begun_this_is_not_the_way(manager: User) -> None:
    cohort = make_selecting_cohort()
    offer = make_offer(cohort, manager)
    both_say_yes(offer)
    walk_to(cohort, Cohort.State.RUNNING)

    with pytest.raises(NothingToLeave):
        go(people_of(offer.application)[0], Way.PLACE)

    assert Pair.objects.live().count() == 1


def test_what_was_shown_is_what_happens_or_it_is_shown_again(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    first, _second = people_of(application)
    decide(application, "offer", manager)

    with pytest.raises(PreviewOutdated):
        go(first, Way.SENT)

    assert Application.objects.get().state == State.OFFERED
    assert mail("left") == []


def test_what_becomes_of_the_other_is_shown_again_when_they_joined_meanwhile(client: Client, manager: User) -> None:
    application = start_application(cohort=make_open_cohort(), by=make_person(), kind="pair", side="partner")
    mine, invitee = application.applicants.get(), make_person(name="Bram Oke")
    invited = inviting.invite_partner(application=application, by=mine.user, name="Bram", email=invitee.email)
    client.force_login(mine.user)
    address = f"/applications/{application.reference}/leave/"
    shown = client.get(address).context["follows"]
    inviting.take_up(applicant=invited, by=invitee)

    again = client.post(address, {"seen": shown.mark})

    assert "Something changed while you were reading." in again.content.decode()
    assert "stays with <bdi>Bram Oke</bdi>" in again.content.decode()
    assert application.applicants.live().count() == 2
    client.post(address, {"seen": again.context["follows"].mark})
    assert application.applicants.live().get().user == invitee


def test_a_team_member_writes_down_what_they_heard(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    first, _second = people_of(offer.application)

    leaving.leave(applicant=first, by=manager, seen=Way.OFFER, how="By telephone on Monday.")

    offer.refresh_from_db()
    assert (offer.state, offer.closed_by) == ("declined", manager)
    assert {row.recipient_id for row in mail("left")} == {first.user_id}


def introduced(cohort: Cohort, state: str) -> tuple[Application, Application, Application]:
    """Two seekers' own applications and the joint one they became."""
    professional, partner, now = make_person(), make_person(), timezone.now()
    own = [
        make_application(cohort, professional=professional, at=now),
        make_application(cohort, partner=partner, at=now),
    ]
    Applicant.objects.update(is_counted=False)
    joint = make_application(cohort, professional=professional, partner=partner, state=state)
    for one in own:
        Application.objects.filter(pk=one.pk).update(state=State.PAIRED, became=joint)
    return joint, own[0], own[1]


@pytest.mark.parametrize("state", [State.DRAFT, State.SENT])
def test_after_an_introduction_who_stays_looks_again_and_who_leaves_is_out(state: str, manager: User) -> None:
    joint, professionals, partners = introduced(make_selecting_cohort(), state)
    first, second = people_of(joint)
    assert follows(first)[1] == ForOther.LOOKS_AGAIN

    go(first, Way.DRAFT if state == State.DRAFT else Way.SENT)

    states = [Application.objects.get(pk=one.pk).state for one in (joint, professionals, partners)]
    assert states == [State.WITHDRAWN, State.WITHDRAWN, State.SENT]
    assert {row.ids["reference"] for row in mail("other_left")} == {partners.reference}
    assert Applicant.objects.filter(is_counted=True).get().user == second.user


# ---- At once ----


@pytest.mark.django_db(transaction=True)
def test_leaving_while_the_partner_accepts_leaves_one_truth() -> None:
    manager = make_staff()
    for _round in range(8):
        cohort = make_selecting_cohort(places=1)
        offer = make_offer(cohort, manager)
        first, second = people_of(offer.application)
        say_yes(offer, first)

        def act(number: int, offer: Offer = offer, first: Applicant = first, second: Applicant = second) -> object:
            return say_yes(offer, second) if number % 2 else go(first, Way.OFFER)

        told = at_once(act, threads=2)

        offer.refresh_from_db()
        if offer.state == Offer.State.ACCEPTED:
            assert isinstance(told[0], PreviewOutdated)
            assert holds(cohort) == (1, 1)
        else:
            assert isinstance(told[1], OfferClosed)
            assert holds(cohort) == (0, 0)
            assert not Pair.objects.filter(cohort=cohort).exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_who_leaves_and_one_who_accepts_leave_a_pair_without_a_place() -> None:
    """The race is real: both look at an open offer, and each then does what was right a moment ago."""
    cohort = make_selecting_cohort(places=1)
    offer, both_have_looked = make_offer(cohort, make_staff()), Barrier(2)

    def look_then_answer(number: int) -> None:
        with transaction.atomic():
            found = Offer.objects.open().filter(pk=offer.pk)
            is_open = found.exists()
            both_have_looked.wait(timeout=30)
            if not is_open:
                return
            if number:
                Offer.objects.filter(pk=offer.pk).update(state=Offer.State.ACCEPTED, closed_at=timezone.now())
                Pair.objects.create(cohort=cohort, challenge="Letters", created_at=timezone.now())
            else:
                Offer.objects.filter(pk=offer.pk).update(state=Offer.State.DECLINED, closed_at=timezone.now())
                cohorts.actions.free_place(cohort=cohort)

    at_once(look_then_answer, threads=2)

    assert holds(cohort) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_saying_no_and_running_out_at_once_free_one_place_and_offer_it_once() -> None:
    manager = make_staff()
    for _round in range(6):
        cohort = make_selecting_cohort(places=1)
        offer = make_offer(cohort, manager)
        for _number in range(3):
            make_reserve(cohort, manager)
        first, _second = people_of(offer.application)
        end: datetime = offer.answer_by

        def act(number: int, first: Applicant = first, end: datetime = end) -> object:
            return offering.lapse_overdue(at=end) if number % 2 else go(first, Way.OFFER)

        at_once(act, threads=6)

        assert holds(cohort) == (1, 1)
        assert Application.objects.filter(cohort=cohort).on_reserve().count() == 2


@pytest.mark.django_db(transaction=True)
def test_both_leaving_at_once_is_left_once() -> None:
    manager = make_staff()
    cohort = make_selecting_cohort(places=1)
    offer, _waiting, _another = (
        make_offer(cohort, manager),
        make_reserve(cohort, manager),
        make_reserve(cohort, manager),
    )
    both_say_yes(offer)
    people = people_of(offer.application)

    told = at_once(lambda number: go(people[number % 2], Way.PLACE), threads=6)

    assert sum(isinstance(one, Consequences) for one in told) == 1
    assert sum(isinstance(one, NothingToLeave) for one in told) == 5
    assert holds(cohort) == (1, 1)
    assert Application.objects.filter(cohort=cohort).on_reserve().count() == 1


# ---- Erasure ----


def test_who_is_erased_leaves_whatever_is_still_open(manager: User) -> None:
    cohort = make_selecting_cohort(places=4)
    offered = make_offer(cohort, manager)
    placed = make_offer(cohort, manager)
    both_say_yes(placed)
    ended = {
        "draft": make_application(cohort, state=State.DRAFT, professional=make_person()),
        "sent": make_application(cohort),
        "reserve": make_reserve(cohort, manager),
        "offered": offered.application,
        "placed": placed.application,
    }
    for application in ended.values():
        for person in list(application.applicants.all()):
            erase_person(user=person.user, by=manager)
            person.refresh_from_db()
            assert (person.name, person.email) == ("", "")

    assert {name: Application.objects.get(pk=one.pk).state for name, one in ended.items()} == {
        "draft": State.WITHDRAWN,
        "sent": State.WITHDRAWN,
        "reserve": State.WITHDRAWN,
        "offered": State.DECLINED,
        "placed": State.LEFT,
    }
    assert holds(cohort) == (0, 0)


def test_nobody_who_was_erased_is_offered_the_next_place(manager: User) -> None:
    cohort = make_selecting_cohort(places=1)
    offer = make_offer(cohort, manager)
    erased, following = make_reserve(cohort, manager), make_reserve(cohort, manager)
    for person in people_of(erased):
        assert person.user is not None
        erase_person(user=person.user, by=manager)

    lapse(offer)

    erased.refresh_from_db()
    following.refresh_from_db()
    assert (erased.state, following.state) == (State.WITHDRAWN, State.OFFERED)


def test_after_an_erasure_the_ledger_knows_no_address_and_sends_nothing(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    mine, other = people_of(offer.application)
    assert mine.user is not None
    address = mine.user.email
    assert LedgerRow.objects.filter(address=address).exists()

    erase_person(user=mine.user, by=manager)

    assert not LedgerRow.objects.filter(address=address).exists()
    assert not LedgerRow.objects.filter(recipient=mine.user).unsent().exists()
    assert {row.recipient_id for row in mail("other_left")} == {other.user_id}
