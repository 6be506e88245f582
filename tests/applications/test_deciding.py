"""Preparing decisions: one at a time, changed at will, and nothing goes out."""

from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.actions import deciding, offering, reviewing, states
from applications.exceptions import (
    AlreadyDecided,
    AnswerDayPassed,
    ApplicationMoved,
    ConflictOfInterest,
    NeedsPartner,
    UnknownPlaceholder,
)
from applications.letters import text_of, unknown_placeholders
from applications.models import Application, Decision, Letter, LetterText
from applications.models.selection import Verdict
from notifications.models import LedgerRow
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import decide, make_selecting_cohort, people_of, release
from tests.applications.factories import make_application
from tests.pairs.factories import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return make_staff()


def waiting() -> list[tuple[str, str]]:
    live = Decision.objects.filter(voided_at=None, released_at=None)
    return [(one.application.reference, one.verdict) for one in live]


def test_a_prepared_decision_has_a_letter_for_each_and_sends_nothing(manager: User) -> None:
    cohort = make_selecting_cohort()
    application = make_application(cohort)

    decision = deciding.prepare_decision(application=application, verdict="offer", by=manager, words="We loved it.")

    application.refresh_from_db()
    assert application.state == Application.State.SENT
    assert LedgerRow.objects.count() == 0
    letters = {letter.applicant: letter.body for letter in decision.letters.all()}
    first, second = people_of(application)
    assert set(letters) == {first, second}
    assert f"Dear {first.name}," in letters[first]
    assert second.name in letters[first]
    assert f"/applications/{application.reference}/offer/" in letters[first]
    assert letters[first].index("We loved it.") < letters[first].index("With warm wishes")
    assert decision.answer_by == timezone.now().astimezone(cohort.zone).date() + timedelta(days=cohort.offer_days)


def test_changing_a_decision_voids_the_one_before_and_its_letters(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    before = deciding.prepare_decision(application=application, verdict="not_this_time", by=manager)

    after = deciding.prepare_decision(application=application, verdict="reserve", instead_of=before, by=manager)

    before.refresh_from_db()
    assert before.voided_at is not None
    assert waiting() == [(application.reference, "reserve")]
    assert {letter.decision for letter in Letter.objects.all()} == {after}


def test_who_did_not_see_the_decision_there_is_cannot_replace_it(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="offer", by=manager)

    with pytest.raises(AlreadyDecided):
        deciding.prepare_decision(application=application, verdict="not_this_time", by=make_staff())

    assert waiting() == [(application.reference, "offer")]


@pytest.mark.django_db(transaction=True)
def test_of_ten_managers_who_decide_at_once_one_wins_and_the_others_are_told() -> None:
    application = make_application(make_selecting_cohort())
    managers = [make_staff() for _number in range(10)]

    told = at_once(
        lambda number: deciding.prepare_decision(
            application=application, verdict=Verdict.values[number % 3], by=managers[number]
        ),
        threads=10,
    )

    assert sum(isinstance(one, Decision) for one in told) == 1
    assert sum(isinstance(one, AlreadyDecided) for one in told) == 9
    assert len(waiting()) == 1
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_all_ten_see_nothing_and_only_the_index_keeps_nine_out() -> None:
    """The race is real: looking first and writing then, without holding the row."""
    application = make_application(make_selecting_cohort())
    manager, everybody_has_looked = make_staff(), Barrier(10)

    def look_then_write(_number: int) -> Decision | None:
        with transaction.atomic():
            before = deciding.prepared_for(application)
            everybody_has_looked.wait(timeout=30)
            if before:
                return None
            return Decision.objects.create(
                application=application, verdict="reserve", prepared_by=manager, prepared_at=timezone.now()
            )

    told = at_once(look_then_write, threads=10)

    assert sum(isinstance(one, Decision) for one in told) == 1
    assert sum(isinstance(one, IntegrityError) for one in told) == 9


def test_what_cannot_be_told_is_refused(manager: User) -> None:
    cohort = make_selecting_cohort()
    seeker = make_application(cohort, partner=make_person())
    withdrawn = make_application(cohort, state=Application.State.WITHDRAWN)
    sent = make_application(cohort)

    with pytest.raises(NeedsPartner):
        deciding.prepare_decision(application=seeker, verdict="offer", by=manager)
    with pytest.raises(ApplicationMoved):
        deciding.prepare_decision(application=withdrawn, verdict="not_this_time", by=manager)
    today = timezone.now().astimezone(cohort.zone).date()
    with pytest.raises(AnswerDayPassed):
        deciding.prepare_decision(application=sent, verdict="offer", by=manager, answer_by=today)

    assert waiting() == []


def test_several_get_one_verdict_and_those_that_cannot_are_given_back(manager: User) -> None:
    cohort = make_selecting_cohort()
    pair, decided, seeker = (
        make_application(cohort),
        make_application(cohort),
        make_application(cohort, professional=make_person()),
    )
    deciding.prepare_decision(application=decided, verdict="reserve", by=manager)

    left = deciding.prepare_several(applications=[seeker, pair, decided], verdict="offer", by=manager)

    assert {(one.reference, type(why)) for one, why in left} == {
        (seeker.reference, NeedsPartner),
        (decided.reference, AlreadyDecided),
    }
    assert set(waiting()) == {(pair.reference, "offer"), (decided.reference, "reserve")}


def test_numbers_on_the_list_follow_one_another(manager: User) -> None:
    cohort = make_selecting_cohort()
    first, second, third = (make_application(cohort) for _number in range(3))
    decide(first, "reserve", manager)
    deciding.prepare_decision(application=second, verdict="reserve", by=manager)

    decision = deciding.prepare_decision(application=third, verdict="reserve", by=manager)

    assert decision.reserve_rank == 3


def test_a_decision_taken_back_is_gone_and_only_once(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    decision = deciding.prepare_decision(application=application, verdict="offer", by=manager)

    deciding.take_back_decision(decision=decision, by=manager)

    assert (waiting(), Letter.objects.count()) == ([], 0)
    with pytest.raises(AlreadyDecided):
        deciding.take_back_decision(decision=decision, by=manager)


def test_a_released_decision_is_not_taken_back(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    decision = deciding.prepare_decision(application=application, verdict="not_this_time", by=manager)
    release(application.cohort, manager)

    with pytest.raises(AlreadyDecided):
        deciding.take_back_decision(decision=decision, by=manager)


def test_an_application_that_moves_on_voids_what_was_prepared_about_it(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="offer", by=manager)

    states.move(application=application, to=Application.State.WITHDRAWN, by=None, at=timezone.now())

    assert (waiting(), Letter.objects.count()) == ([], 0)


# ---- Letters ----


@pytest.mark.parametrize("verdict", Verdict.values)
def test_built_in_letters_know_their_placeholders_and_say_nothing_of_scores(verdict: str) -> None:
    text = text_of(make_selecting_cohort(), verdict)

    assert unknown_placeholders(text.subject, text.body) == []
    assert "score" not in text.body
    assert "review" not in text.body


def test_the_cohorts_own_words_rewrite_the_letters_that_wait(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="reserve", by=manager)

    deciding.save_letter_text(
        cohort=application.cohort, verdict="reserve", subject="{cohort}: list", body="{name}, {place}.", by=manager
    )

    first, _second = people_of(application)
    letter = Letter.objects.get(applicant=first)
    assert (letter.subject, letter.body) == (f"{application.cohort.name}: list", f"{first.name}, 1.")


def test_an_unknown_placeholder_is_named_and_nothing_is_saved(manager: User) -> None:
    cohort = make_selecting_cohort()

    with pytest.raises(UnknownPlaceholder) as refused:
        deciding.save_letter_text(
            cohort=cohort, verdict="offer", subject="{nmae}", body="{name} {date} {0} {}", by=manager
        )

    assert refused.value.names == ["nmae", "date", "0", ""]
    assert LetterText.objects.count() == 0


def test_a_name_with_braces_is_a_name(manager: User) -> None:
    person = make_person(name="{link} {0} %(x)s")
    application = make_application(make_selecting_cohort(), professional=person, partner=make_person())

    deciding.prepare_decision(application=application, verdict="reserve", by=manager)

    assert "Dear {link} {0} %(x)s," in Letter.objects.get(applicant__user=person).body


@pytest.mark.parametrize("name", ["Ł" * 200, "שרה כהן", "🌻 Oriel 🌻", "<b>Bram</b>"])
def test_names_of_every_kind_stand_in_letters_and_never_break_a_subject(manager: User, name: str) -> None:
    cohort = make_selecting_cohort()
    deciding.save_letter_text(cohort=cohort, verdict="offer", subject="{name} {partner}", body="{name}", by=manager)
    application = make_application(cohort, professional=make_person(name=name), partner=make_person(name=name))

    deciding.prepare_decision(application=application, verdict="offer", by=manager)

    assert {letter.body for letter in Letter.objects.all()} == {name}
    assert all(len(letter.subject) <= 200 for letter in Letter.objects.all())


def test_the_trail_holds_verbs_and_ids_and_no_words(manager: User) -> None:
    application = make_application(make_selecting_cohort())
    deciding.prepare_decision(application=application, verdict="offer", by=manager, words="A private word")

    assert "A private word" not in str(list(AuditEvent.objects.values()))


def test_nobody_decides_about_their_own_application_or_one_they_should_not_read(client: Client, manager: User) -> None:
    cohort, colleague = make_selecting_cohort(), make_staff()
    own = make_application(cohort, professional=manager, partner=make_person())
    helped, barred = make_application(cohort), make_application(cohort)
    helped.applicants.filter(side="partner").update(helper=manager, helper_agreed_at=timezone.now())
    reviewing.assign_reviewer(cohort=cohort, user=manager, by=colleague)
    reviewing.declare_conflict(application=barred, user=manager, by=manager)

    for application in (own, helped, barred):
        with pytest.raises(ConflictOfInterest):
            deciding.prepare_decision(application=application, verdict="offer", by=manager)
        prepared = deciding.prepare_decision(application=application, verdict="reserve", by=colleague)
        with pytest.raises(ConflictOfInterest):
            deciding.take_back_decision(decision=prepared, by=manager)
    several = deciding.prepare_several(applications=[own, helped, barred], verdict="offer", by=manager)
    assert [type(error) for _one, error in several] == [ConflictOfInterest] * 3

    release(cohort, colleague)
    for application in (own, helped, barred):
        for act in (offering.offer_now, partial(offering.move_on_list, up=True)):
            with pytest.raises(ConflictOfInterest):
                act(application=application, by=manager)
    client.force_login(manager)
    page = client.get(f"/staff/applications/{own.reference}/decide/", secure=True).content.decode()
    assert ("Ask another manager" in page, "Prepare the decision" in page) == (True, False)
