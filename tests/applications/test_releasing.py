"""Released together: what was seen is what is sent, to each person once, and never one place too many."""

import email
import email.policy
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

import accounts.actions
import cohorts.actions
from accounts import personal_data
from accounts.models import AuditEvent, User
from applications.actions import deciding, leaving, releasing
from applications.exceptions import AlreadyTold, AnswerDayPassed, PreviewOutdated
from applications.models import Applicant, Application, Decision, Letter, Offer
from applications.waiting_letters import release_of
from cohorts.exceptions import CohortArchived, NoPlaceLeft
from cohorts.models import Cohort
from notifications import delivery
from notifications.actions import queue_mail
from notifications.models import LedgerRow
from notifications.sink import Keeper
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import (
    decide,
    digest_of,
    holds,
    mail,
    make_offer,
    make_reserve,
    make_selecting_cohort,
    people_of,
    release,
    why_skipped,
)
from tests.applications.factories import make_application
from tests.notifications.sinks import mailer, running
from tests.pairs.factories import at_once, walk_to

pytestmark = pytest.mark.django_db

State = Application.State


@pytest.fixture
def manager(db: None) -> User:
    return make_staff()


def states(*applications: Application) -> list[str]:
    return [Application.objects.get(pk=one.pk).state for one in applications]


def test_everything_prepared_is_released_in_one_step(manager: User) -> None:
    cohort = make_selecting_cohort()
    offered, listed, refused = (make_application(cohort) for _number in range(3))
    for application, verdict in [(offered, "offer"), (listed, "reserve"), (refused, "not_this_time")]:
        deciding.prepare_decision(application=application, verdict=verdict, by=manager)
    seen = {(letter.applicant_id, letter.body) for letter in Letter.objects.all()}

    release(cohort, manager)

    assert states(offered, listed, refused) == [State.OFFERED, State.RESERVE, State.NOT_THIS_TIME]
    assert {(row.recipient_id, row.address) for row in mail("decision")} == {
        (one.user_id, one.email) for one in Applicant.objects.all()
    }
    assert len(mail("decision")) == 6
    assert {(letter.applicant_id, letter.body) for letter in Letter.objects.all()} == seen
    assert holds(cohort) == (1, 1)
    listed.refresh_from_db()
    assert listed.reserve_rank == 1


def test_an_offer_lasts_until_the_end_of_its_day_where_the_cohort_is(manager: User) -> None:
    cohort = make_selecting_cohort(time_zone="Pacific/Auckland")
    day = timezone.now().astimezone(cohort.zone).date() + timedelta(days=9)
    application = make_application(cohort)
    deciding.prepare_decision(application=application, verdict="offer", by=manager, answer_by=day)

    release(cohort, manager)

    end = application.offers.get().answer_by.astimezone(cohort.zone)
    assert (end.date(), end.hour, end.minute) == (day + timedelta(days=1), 0, 0)


def change_text(cohort: Cohort, manager: User) -> None:
    deciding.save_letter_text(cohort=cohort, verdict="offer", subject="A place", body="Dear {name}", by=manager)


def change_decision(cohort: Cohort, manager: User) -> None:
    before = Decision.objects.get(voided_at=None)
    deciding.prepare_decision(
        application=before.application, verdict="offer", instead_of=before, words="Bravo", by=manager
    )


def add_decision(cohort: Cohort, manager: User) -> None:
    deciding.prepare_decision(application=make_application(cohort), verdict="reserve", by=manager)


def take_back(cohort: Cohort, manager: User) -> None:
    deciding.take_back_decision(decision=Decision.objects.get(voided_at=None), by=manager)


def withdraw(cohort: Cohort, manager: User) -> None:
    leaving.leave(applicant=Applicant.objects.earliest("pk"), by=manager, seen="sent", how="telephone")


def new_number(cohort: Cohort, manager: User) -> None:
    cohorts.actions.edit_programme(programme=cohort.programme, by=manager, contact_phone="01632 960 000")


@pytest.mark.parametrize("change", [change_text, change_decision, add_decision, take_back, withdraw, new_number])
def test_whatever_changed_since_the_page_was_seen_nothing_is_sent(manager: User, change: object) -> None:
    cohort = make_selecting_cohort()
    deciding.prepare_decision(application=make_application(cohort), verdict="offer", by=manager)
    seen = digest_of(cohort)
    change(cohort, manager)  # type: ignore[operator]  # each is a function of these two

    with pytest.raises(PreviewOutdated):
        releasing.release_decisions(cohort=cohort, by=manager, digest=seen)

    assert mail("decision") == []
    assert Offer.objects.count() == 0


def test_letters_written_before_a_number_changed_are_named_and_written_anew(manager: User) -> None:
    cohort = make_selecting_cohort()
    deciding.prepare_decision(application=make_application(cohort), verdict="offer", by=manager)
    new_number(cohort, manager)
    cohort = Cohort.objects.select_related("programme").get(pk=cohort.pk)
    today = timezone.now().astimezone(cohort.zone).date()

    assert len(release_of(cohort, today).outdated) == 2
    deciding.write_letters_anew(cohort=cohort, by=manager)

    assert release_of(cohort, today).outdated == []
    assert {"01632 960 000" in letter.body for letter in Letter.objects.all()} == {True}


def test_more_offers_than_places_are_refused_altogether(manager: User) -> None:
    cohort = make_selecting_cohort(places=2)
    applications = [make_application(cohort) for _number in range(3)]
    deciding.prepare_several(applications=applications, verdict="offer", by=manager)

    with pytest.raises(NoPlaceLeft):
        release(cohort, manager)

    assert states(*applications) == [State.SENT] * 3
    assert (holds(cohort), mail("decision")) == ((0, 0), [])


def test_an_offer_whose_last_day_has_come_is_not_released(manager: User) -> None:
    cohort = make_selecting_cohort()
    deciding.prepare_decision(application=make_application(cohort), verdict="offer", by=manager)
    Decision.objects.update(answer_by=timezone.now().astimezone(cohort.zone).date())
    deciding.write_letters_anew(cohort=cohort, by=manager)

    with pytest.raises(AnswerDayPassed):
        release(cohort, manager)

    assert mail("decision") == []


def test_an_archived_cohort_releases_nothing(manager: User) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort)
    walk_to(cohort, Cohort.State.RUNNING)
    deciding.prepare_decision(application=application, verdict="reserve", by=manager)
    walk_to(cohort, Cohort.State.ARCHIVED)

    with pytest.raises(CohortArchived):
        release(cohort, manager)


def test_who_has_no_address_gets_no_mail_and_is_named(manager: User) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort)
    _first, second = people_of(application)
    Applicant.objects.filter(pk=second.pk).update(email="", user=None)
    deciding.prepare_decision(application=application, verdict="offer", by=manager)
    today = timezone.now().astimezone(cohort.zone).date()

    assert release_of(cohort, today).by_telephone == [second]
    release(cohort, manager)

    assert len(mail("decision")) == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_managers_who_release_at_once_one_wins_and_each_letter_goes_once() -> None:
    cohort = make_selecting_cohort(places=10)
    managers = [make_staff() for _number in range(10)]
    applications = [make_application(cohort) for _number in range(5)]
    deciding.prepare_several(applications=applications, verdict="offer", by=managers[0])
    seen = digest_of(cohort)

    told = at_once(
        lambda number: releasing.release_decisions(cohort=cohort, by=managers[number], digest=seen), threads=10
    )

    assert sum(isinstance(one, list) for one in told) == 1
    assert sum(isinstance(one, PreviewOutdated) for one in told) == 9
    assert len(mail("decision")) == 10
    assert holds(cohort) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_of_ten_managers_who_told_somebody_at_once_the_first_stands() -> None:
    application, managers = make_application(make_selecting_cohort()), [make_staff() for _number in range(10)]
    Applicant.objects.filter(application=application).update(email="", user=None)
    decision = deciding.prepare_decision(application=application, verdict="reserve", by=managers[0])
    release(application.cohort, managers[0])
    letter = decision.letters.first()

    told = at_once(lambda number: releasing.note_told(letter=letter, by=managers[number]), threads=10)

    assert sum(isinstance(one, AlreadyTold) for one in told) == 9
    letter.refresh_from_db()
    assert told[managers.index(letter.told_by)] is None
    assert AuditEvent.objects.filter(verb="decision.told").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_condition_ten_managers_each_believe_they_released_it() -> None:
    """The race is real: looking first whether it still waits, and writing then."""
    application = make_application(make_selecting_cohort())
    manager, everybody_has_looked = make_staff(), Barrier(10)
    decision = deciding.prepare_decision(application=application, verdict="offer", by=manager)

    def look_then_release(_number: int) -> bool:
        with transaction.atomic():
            waits = Decision.objects.filter(pk=decision.pk, released_at=None).exists()
            everybody_has_looked.wait(timeout=30)
            now = timezone.now()
            return waits and bool(Decision.objects.filter(pk=decision.pk).update(released_by=manager, released_at=now))

    assert at_once(look_then_release, threads=10) == [True] * 10


@pytest.mark.django_db(transaction=True)
def test_deciding_while_releasing_never_sends_what_was_not_seen() -> None:
    for _round in range(5):
        cohort, manager = make_selecting_cohort(), make_staff()
        application = make_application(cohort)
        before = deciding.prepare_decision(application=application, verdict="offer", by=manager)
        seen = digest_of(cohort)

        def act(
            number: int, cohort: Cohort = cohort, before: Decision = before, seen: str = seen, by: User = manager
        ) -> object:
            if number:
                return releasing.release_decisions(cohort=cohort, by=by, digest=seen)
            return deciding.prepare_decision(
                application=before.application, verdict="not_this_time", instead_of=before, by=by
            )

        at_once(act, threads=2)

        application.refresh_from_db()
        if application.state == State.OFFERED:
            assert not Decision.objects.filter(application=application, verdict="not_this_time").exists()
        else:
            assert not Offer.objects.filter(application=application).exists()
            assert not LedgerRow.objects.filter(ids__letter__in=list(before.letters.values_list("pk", flat=True)))


# ---- On the way out ----


def test_a_letter_is_skipped_when_its_application_was_withdrawn_first(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    (first, second) = mail("decision")
    assert [why_skipped(first), why_skipped(second)] == [None, None]

    mine, _other = people_of(offer.application)
    leaving.leave(applicant=mine, by=manager, seen="offer", how="telephone")

    assert None not in {why_skipped(first), why_skipped(second)}


def test_a_letter_of_the_reserve_list_is_not_sent_after_an_offer(manager: User) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort)
    decide(application, "reserve", manager)
    old = mail("decision")
    deciding.prepare_decision(application=application, verdict="offer", by=manager)
    release(cohort, manager)

    assert {why_skipped(row) for row in old} == {"superseded"}
    assert {why_skipped(row) for row in mail("decision")[2:]} == {None}


@pytest.mark.django_db(transaction=True)
def test_what_arrives_is_what_was_seen_once_each(settings: Any) -> None:
    cohort, manager = make_selecting_cohort(), make_staff()
    deciding.prepare_decision(application=make_application(cohort), verdict="offer", by=manager)
    seen = {letter.applicant.email: (letter.subject, letter.body) for letter in Letter.objects.all()}
    release(cohort, manager)
    keeper = Keeper()

    with running(keeper) as port:
        settings.MAILERS = mailer(port)
        for _time in range(3):
            delivery.deliver_due()

    arrived = {}
    for one in keeper.received:
        message = email.message_from_bytes(one.raw, policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()
        arrived[one.recipients[0]] = (
            str(message["Subject"]),
            text.replace("\r\n", "\n").partition("\n--\n")[0].strip(),
        )
    assert len(keeper.received) == 2
    assert arrived == seen


@pytest.mark.django_db(transaction=True)
def test_nobody_is_mailed_at_an_address_that_is_none(settings: Any) -> None:
    keeper = Keeper()
    with transaction.atomic():
        queue_mail(
            kind="applications.accepted",
            address="person-7@no-address.invalid",
            recipient=make_person(),
            dedupe_key="one",
            ids={"offer": 1},
        )

    with running(keeper) as port:
        settings.MAILERS = mailer(port)
        delivery.deliver_due()

    (row,) = LedgerRow.objects.all()
    assert (row.state, row.reason, keeper.received) == ("skipped", "no_address", [])


def test_who_is_erased_leaves_no_word_in_any_letter(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    mine, _other = people_of(offer.application)
    assert mine.user is not None

    accounts.actions.erase_person(user=mine.user, by=manager)

    assert {(letter.subject, letter.body) for letter in Letter.objects.all()} == {("", "")}
    assert personal_data.collect(mine.user) is not None


def test_an_address_without_an_account_is_enough_to_empty_the_letters(manager: User) -> None:
    offer = make_offer(make_selecting_cohort(), manager)
    mine, _other = people_of(offer.application)
    user = mine.user
    assert user is not None
    Applicant.objects.filter(pk=mine.pk).update(user=None)

    accounts.actions.erase_person(user=user, by=manager)

    assert {(letter.subject, letter.body) for letter in Letter.objects.all()} == {("", "")}


def test_the_number_a_letter_tells_is_the_one_they_come_to_have(manager: User) -> None:
    cohort = make_selecting_cohort()
    deciding.save_letter_text(cohort=cohort, verdict="reserve", subject="List", body="Number {place}.", by=manager)
    there = [make_reserve(cohort, manager) for _number in range(3)]
    asked = [(make_application(cohort), rank) for rank in (None, 2, 2, 9, 1, None)]
    prepared = [
        deciding.prepare_decision(application=one, verdict="reserve", reserve_rank=rank, by=manager)
        for one, rank in asked
    ]
    deciding.take_back_decision(decision=prepared[0], by=manager)
    deciding.prepare_decision(application=there[1], verdict="offer", by=manager)
    with pytest.raises(PreviewOutdated):
        release(cohort, manager)
    deciding.write_letters_anew(cohort=cohort, by=manager)

    release(cohort, manager)

    told = Letter.objects.filter(decision__in=[one.pk for one in prepared]).select_related("decision__application")
    numbers = {letter.decision.application: letter.body for letter in told}
    assert numbers == {one: f"Number {one.reserve_rank}." for one in Application.objects.on_reserve() if one in numbers}
    assert len(numbers) == 5
