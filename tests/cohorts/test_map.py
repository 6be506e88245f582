"""The map of a cohort: what each state allows, what is missing before the next, and what is put right first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import cohorts.actions
from accounts.models import Role
from applications.actions import deciding
from applications.actions.questions import publish_starter
from cohorts import stages, steps
from cohorts.exceptions import NotReady
from cohorts.map_page import map_of
from cohorts.models import Cohort, Programme
from cohorts.stages import Act
from tests.applications.deciding import decide
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import make_cohort, make_pair, make_programme, make_session, make_staff, walk_to

pytestmark = pytest.mark.django_db
State = Cohort.State


def missing(cohort: Cohort, to: str) -> dict[str, bool]:
    """What is said before a step, and whether it must be put right first."""
    cohort.refresh_from_db()
    lines = steps.missing_before(cohort, before=cohort.state, to=to, at=timezone.now())
    return {line.words: line.must for line in lines}


def move(cohort: Cohort, to: str) -> Cohort:
    cohort.refresh_from_db()
    return cohorts.actions.move_cohort(cohort=cohort, to=to, by=None)


# ---- What each state allows ----


def test_the_table_and_the_questions_a_cohort_answers_say_the_same() -> None:
    told = {
        state: (
            Cohort(state=state).takes_applications(timezone.localdate()),
            Cohort(state=state).takes_pairs,
            Cohort(state=state).has_begun,
            Cohort(state=state).allows(Act.EDIT),
        )
        for state in State
    }

    assert told == {
        "draft": (False, True, False, True),
        "open": (True, True, False, True),
        "selecting": (False, True, False, True),
        "running": (False, True, True, True),
        "ended": (False, False, True, True),
        "archived": (False, False, True, False),
    }


def test_every_state_of_the_table_is_a_state_of_a_cohort() -> None:
    assert {state for states in stages.ALLOWED.values() for state in states} == set(State.values)


def test_a_step_back_begins_and_stops_what_the_step_on_stopped_and_began() -> None:
    assert stages.begins("open", "selecting") == stages.stops("selecting", "open") == []
    assert stages.stops("open", "selecting") == stages.begins("selecting", "open") == [Act.APPLY]


def test_the_map_says_when_each_state_was_entered_and_what_comes_again() -> None:
    cohort = make_cohort(state=State.SELECTING)
    for to in (State.OPEN, State.SELECTING):
        move(cohort, to)

    drawn = map_of(Cohort.objects.with_history().get(pk=cohort.pk)).stations

    entered = cohort.state_changes.latest("pk").at
    assert [(one.state, one.since is not None, one.is_now, one.is_again) for one in drawn] == [
        ("draft", True, False, False),
        ("open", True, False, True),
        ("selecting", True, True, True),
        ("running", False, False, False),
        ("ended", False, False, False),
        ("archived", False, False, False),
    ]
    assert drawn[2].since == entered


# ---- What must be put right first ----


def without_questions(cohort: Cohort) -> None:
    cohort.question_sets.update(published_at=None)


def without_contact(cohort: Cohort) -> None:
    Programme.objects.update(contact_phone="", contact_email="")


def with_a_last_day_that_has_passed(cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(apply_by=timezone.localdate() - timedelta(days=1))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (without_questions, "No questions are published"),
        (without_contact, "can neither ring nor write"),
        (with_a_last_day_that_has_passed, "has passed, so nobody could apply"),
    ],
)
def test_a_cohort_is_not_opened_before_it_is_ready(spoil: Callable[[Cohort], None], says: str) -> None:
    cohort = make_cohort(state=State.DRAFT)
    publish_starter(cohort=cohort, by=None)
    spoil(cohort)

    with pytest.raises(NotReady):
        move(cohort, State.OPEN)

    assert [must for words, must in missing(cohort, State.OPEN).items() if says in words] == [True]
    cohort.refresh_from_db()
    assert (cohort.state, cohort.state_changes.count()) == ("draft", 0)


def test_a_cohort_with_everything_opens_and_nothing_is_missing() -> None:
    today = timezone.localdate()
    programme = make_programme(who_for="Patients, carers and communities.", led_by="Oriel", paid_for="Travel.")
    cohort = make_cohort(state=State.DRAFT, programme=programme, starts_on=today + timedelta(days=90))
    Cohort.objects.filter(pk=cohort.pk).update(apply_by=today + timedelta(days=30))
    publish_starter(cohort=cohort, by=None)
    make_session(cohort)

    assert missing(cohort, State.OPEN) == {}
    assert move(cohort, State.OPEN).state == "open"


def test_what_the_public_page_does_not_say_yet_is_worth_knowing_before_it_opens() -> None:
    cohort = make_cohort(state=State.DRAFT)

    said = [words for words, must in missing(cohort, State.OPEN).items() if "Nobody is told" in words and not must]

    assert said == [
        "Nobody is told who the programme is for.",
        "Nobody is told who leads the programme.",
        "Nobody is told what is paid for.",
    ]


def test_it_is_not_opened_again_with_a_last_day_that_has_passed() -> None:
    cohort = make_cohort(state=State.SELECTING)
    with_a_last_day_that_has_passed(cohort)

    with pytest.raises(NotReady):
        move(cohort, State.OPEN)

    Cohort.objects.update(apply_by=timezone.localdate())
    assert move(cohort, State.OPEN).takes_applications_today


def test_a_cohort_does_not_start_over_letters_that_were_written_and_not_sent() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_open_cohort(manager=manager)
    application = make_application(cohort)
    move(cohort, State.SELECTING)
    decision = deciding.prepare_decision(application=application, verdict="reserve", by=manager)

    with pytest.raises(NotReady):
        move(cohort, State.RUNNING)

    deciding.take_back_decision(decision=decision, by=manager)
    assert move(cohort, State.RUNNING).state == "running"


# ---- What is worth knowing ----


def test_what_is_worth_knowing_before_choosing() -> None:
    cohort = make_open_cohort()
    Cohort.objects.update(apply_by=timezone.localdate() + timedelta(days=5))
    make_application(cohort, state="draft")

    said = " ".join(missing(cohort, State.SELECTING))

    for words in ("until", "Nobody has sent", "Nobody is asked to read", "Nothing is chosen to score", "1 application"):
        assert words in said, words
    assert set(missing(cohort, State.SELECTING).values()) == {False}


def test_what_is_worth_knowing_before_the_start() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_open_cohort(manager=manager, places=3)
    offered, _waiting = make_application(cohort), make_application(cohort)
    move(cohort, State.SELECTING)
    decide(offered, "offer", manager)
    make_pair(cohort)

    assert missing(cohort, State.RUNNING) == {
        "1 of 3 places is still free.": False,
        "No session is planned.": False,
        "No facilitator leads it yet.": False,
        "1 application has had no decision.": False,
        "1 offer waits for an answer. Saying yes stays possible while the cohort runs.": False,
        "2 people have not answered the invitation to a pair.": False,
    }


def test_what_is_worth_knowing_before_the_end_and_before_the_archive() -> None:
    cohort = make_cohort()
    session = make_session(cohort)
    make_pair(cohort)
    person = make_staff()
    cohorts.actions.join_cohort(cohort=cohort, user=person, by=person, at=timezone.now() - timedelta(days=90))

    before_the_end = " ".join(missing(cohort, State.ENDED))
    walk_to(cohort, State.ENDED)
    cohorts.actions.plan_reminders(session=session, at=session.reminder_due_at)
    before_the_archive = missing(cohort, State.ARCHIVED)

    for words in ("1 session is still to come", "The last day", "The invitations stop working"):
        assert words in before_the_end, words
    assert before_the_archive == {"1 message about a session has not gone out yet. It will be stopped.": False}


def test_all_that_is_missing_is_asked_in_one_query(django_assert_num_queries: Callable[[int], object]) -> None:
    cohort = make_cohort(state=State.SELECTING)
    for _number in range(3):
        make_session(cohort)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        steps.missing_before(cohort, before=cohort.state, to=State.RUNNING, at=timezone.now())


# ---- In the browser's terms ----


def test_the_cohorts_page_draws_the_map_and_links_to_what_is_missing(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)

    page = client.get(f"/staff/cohorts/{cohort.slug}/").content.decode()

    assert page.count('aria-current="step"') == 1
    assert "Needed" in page
    assert f"/staff/cohorts/{cohort.slug}/questions/" in page


def test_a_step_that_cannot_be_taken_has_no_button_and_refuses_what_is_sent(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)
    address = f"/staff/cohorts/{cohort.slug}/next/"

    page = client.get(address).content.decode()
    refused = client.post(address, {"from": "draft", "to": "open"}, follow=True).content.decode()

    assert 'name="to"' not in page
    assert "Something must be put right first" in refused
    cohort.refresh_from_db()
    assert cohort.state == "draft"


def test_the_way_back_to_applications_is_a_page_of_its_own(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.SELECTING)

    page = client.get(f"/staff/cohorts/{cohort.slug}/next/", {"to": "open"}).content.decode()
    client.post(f"/staff/cohorts/{cohort.slug}/next/", {"from": "selecting", "to": "open"})

    assert "Open again to applications?" in page
    cohort.refresh_from_db()
    assert cohort.state == "open"


def test_a_facilitator_sees_the_map_and_no_step(client: Client) -> None:
    facilitator = make_staff(Role.FACILITATOR)
    cohort = make_cohort(state=State.SELECTING)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    client.force_login(facilitator)

    page = client.get(f"/staff/cohorts/{cohort.slug}/").content.decode()

    assert 'aria-current="step"' in page
    assert "The next step" not in page


def test_the_questions_to_start_from_are_chosen_with_one_click_and_it_can_be_opened(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)
    address = f"/staff/cohorts/{cohort.slug}/questions/"

    before = client.get(address).content.decode()
    after = client.post(f"{address}publish/", follow=True).content.decode()

    assert ["Ask these questions" in page for page in (before, after)] == [True, False]
    assert move(cohort, State.OPEN).state == "open"
