"""Cohorts: their map, who runs them, and what an archive refuses."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

import cohorts.actions
from accounts.models import AuditEvent, Role
from applications.actions.questions import publish_starter
from cohorts.exceptions import (
    AlreadyTakingPart,
    CohortArchived,
    NotAFacilitator,
    PlacesTaken,
    StateChanged,
)
from cohorts.models import Cohort, CohortStateChange, Participant, Programme, Session
from tests.pairs.factories import (
    at_once,
    make_cohort,
    make_full_pair,
    make_pair,
    make_person,
    make_programme,
    make_session,
    make_staff,
    walk_to,
)

State = Cohort.State


def steps_of(cohort: Cohort) -> list[tuple[str, str]]:
    return [(change.from_state, change.to_state) for change in CohortStateChange.objects.filter(cohort=cohort)]


@pytest.mark.django_db
def test_a_cohort_walks_its_map_and_leaves_a_history() -> None:
    cohort = make_cohort(state=State.ARCHIVED)

    assert steps_of(cohort) == [
        ("draft", "open"),
        ("open", "selecting"),
        ("selecting", "running"),
        ("running", "ended"),
        ("ended", "archived"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["draft", "running", "ended", "archived", "nonsense"])
def test_a_step_the_map_does_not_have_is_refused(to: str) -> None:
    cohort = make_cohort(state=State.OPEN)

    with pytest.raises(StateChanged):
        cohorts.actions.move_cohort(cohort=cohort, to=to, by=None)

    cohort.refresh_from_db()
    assert (cohort.state, cohort.state_changes.count()) == ("open", 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_a_cohort_at_once_one_wins_and_the_others_are_told() -> None:
    cohort = make_cohort(state=State.DRAFT)
    publish_starter(cohort=cohort, by=None)

    def move(_number: int) -> object:
        return cohorts.actions.move_cohort(cohort=Cohort.objects.get(pk=cohort.pk), to=State.OPEN, by=None)

    told = at_once(move, threads=20)

    assert sum(isinstance(one, Cohort) for one in told) == 1
    assert sum(isinstance(one, StateChanged) for one in told) == 19
    assert cohort.state_changes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_different_steps_at_once_one_wins() -> None:
    cohort = make_cohort(state=State.SELECTING)

    def move(number: int) -> object:
        seen = Cohort(pk=cohort.pk, state=State.SELECTING)
        return cohorts.actions.move_cohort(cohort=seen, to=State.RUNNING if number % 2 else State.OPEN, by=None)

    told = at_once(move, threads=20)

    assert sum(isinstance(one, Cohort) for one in told) == 1
    assert sum(isinstance(one, StateChanged) for one in told) == 19
    assert steps_of(cohort)[2:] == [("selecting", Cohort.objects.get(pk=cohort.pk).state)]


@pytest.mark.django_db(transaction=True)
def test_looking_first_and_moving_then_takes_one_step_many_times() -> None:
    """The race is real: the same clicks, with the state looked at before the write instead of inside it."""
    cohort = make_cohort(state=State.DRAFT)
    everybody_has_looked = Barrier(10)

    def look_then_move(_number: int) -> None:
        with transaction.atomic():
            seen = Cohort.objects.get(pk=cohort.pk)
            everybody_has_looked.wait(timeout=30)
            if seen.state == State.DRAFT:
                Cohort.objects.filter(pk=cohort.pk).update(state=State.OPEN)
                CohortStateChange.objects.create(
                    cohort=seen, from_state=State.DRAFT, to_state=State.OPEN, at=timezone.now()
                )

    at_once(look_then_move, threads=10)

    assert steps_of(cohort) == [("draft", "open")] * 10


@pytest.mark.django_db
def test_a_cohort_that_is_choosing_can_take_applications_again_and_again() -> None:
    cohort = make_cohort(state=State.SELECTING)

    for to in (State.OPEN, State.SELECTING, State.OPEN):
        cohorts.actions.move_cohort(cohort=cohort, to=to, by=None)

    assert steps_of(cohort) == [
        ("draft", "open"),
        ("open", "selecting"),
        ("selecting", "open"),
        ("open", "selecting"),
        ("selecting", "open"),
    ]


@pytest.mark.django_db
def test_an_archived_cohort_takes_no_writes() -> None:
    manager = make_staff(Role.MANAGER)
    facilitator = make_staff(Role.FACILITATOR)
    cohort = make_cohort(state=State.RUNNING)
    session = make_session(cohort)
    _pair, _professional, _partner = make_full_pair(cohort)
    walk_to(cohort, State.ARCHIVED)
    before = AuditEvent.objects.count()

    for act in (
        lambda: cohorts.actions.edit_cohort(cohort=cohort, by=manager, name="Other"),
        lambda: make_session(cohort),
        lambda: cohorts.actions.change_session(session=session, by=manager, title="Other"),
        lambda: cohorts.actions.cancel_session(session=session, by=manager),
        lambda: cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=manager),
        lambda: cohorts.actions.join_cohort(cohort=cohort, user=manager, by=manager),
        lambda: make_pair(cohort),
    ):
        with pytest.raises(CohortArchived):
            act()

    assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_a_cohort_cannot_have_fewer_places_than_are_taken() -> None:
    manager = make_staff(Role.MANAGER)
    cohort = make_cohort(places=2)
    make_pair(cohort)
    make_pair(cohort)

    with pytest.raises(PlacesTaken):
        cohorts.actions.edit_cohort(cohort=cohort, by=manager, places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(places=1)


@pytest.mark.django_db
def test_a_person_is_a_live_participant_once_and_may_come_back() -> None:
    cohort, person = make_cohort(), make_person()
    participant = cohorts.actions.join_cohort(cohort=cohort, user=person, by=person)

    with pytest.raises(AlreadyTakingPart):
        cohorts.actions.join_cohort(cohort=cohort, user=person, by=person)
    cohorts.actions.end_participation(participant=participant, by=person)
    cohorts.actions.join_cohort(cohort=cohort, user=person, by=person)

    assert Participant.objects.filter(user=person).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_person_who_joins_from_many_windows_is_in_once() -> None:
    cohort, person = make_cohort(), make_person()

    told = at_once(lambda _n: cohorts.actions.join_cohort(cohort=cohort, user=person, by=person), threads=20)

    assert sum(isinstance(one, Participant) for one in told) == 1
    assert Participant.objects.live().count() == 1


@pytest.mark.django_db
def test_only_somebody_with_the_role_can_lead_a_cohort() -> None:
    cohort = make_cohort()

    with pytest.raises(NotAFacilitator):
        cohorts.actions.assign_facilitator(cohort=cohort, user=make_person(), by=None)


@pytest.mark.django_db
def test_facilitators_see_their_own_cohorts_and_nobody_elses() -> None:
    mine, theirs = make_cohort(), make_cohort()
    facilitator = make_staff(Role.FACILITATOR)
    assignment = cohorts.actions.assign_facilitator(cohort=mine, user=facilitator, by=None)
    make_session(mine), make_session(theirs)

    assert list(Cohort.objects.run_by(facilitator)) == [mine]
    assert [session.cohort for session in Session.objects.visible_to(facilitator)] == [mine]

    cohorts.actions.end_assignment(assignment=assignment, by=facilitator)
    assert not Cohort.objects.visible_to(facilitator).exists()


@pytest.mark.django_db
def test_who_sees_a_cohort() -> None:
    cohort = make_cohort(state=State.DRAFT)
    other = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    manager, moderator = make_staff(Role.MANAGER), make_staff(Role.MODERATOR)

    seen = {
        name: set(Cohort.objects.visible_to(user))
        for name, user in {
            "professional": professional,
            "partner": partner,
            "manager": manager,
            "moderator": moderator,
            "visitor": AnonymousUser(),
        }.items()
    }

    assert seen == {
        "professional": {cohort},
        "partner": {cohort},
        "manager": {cohort, other},
        "moderator": set(),
        "visitor": set(),
    }


@pytest.mark.django_db
def test_a_programme_is_public_once_a_cohort_is_open() -> None:
    programme = make_programme()
    cohort = make_cohort(state=State.DRAFT, programme=programme)
    assert not Programme.objects.visible_to(AnonymousUser()).exists()

    walk_to(cohort, State.OPEN)

    assert Programme.objects.visible_to(AnonymousUser()).get() == programme


@pytest.mark.django_db
def test_names_of_every_script_get_an_address_of_their_own() -> None:
    names = ["Saltmarsh", "Saltmarsh", "مستنقع", "🌾🌾", "new", "x" * 200]

    slugs = [make_cohort(name=name).slug for name in names]

    assert slugs == ["saltmarsh", "saltmarsh-2", "cohort", "cohort-2", "new-2", "x" * 60]


@pytest.mark.django_db(transaction=True)
def test_cohorts_of_one_name_made_at_once_get_different_addresses() -> None:
    programme = make_programme()

    made = at_once(lambda _n: make_cohort(programme=programme, state=State.DRAFT), threads=10)

    assert len({cohort.slug for cohort in made}) == 10


@pytest.mark.django_db
def test_a_new_zone_keeps_sessions_at_their_wall_clock_time() -> None:
    cohort = make_cohort()
    session = make_session(cohort)
    clock, instant = session.starts_at, session.starts

    cohorts.actions.edit_cohort(cohort=cohort, by=make_staff(Role.MANAGER), time_zone="America/New_York")

    session = Session.objects.get()
    assert session.starts_at == clock
    assert session.starts - instant in {timedelta(hours=4), timedelta(hours=5)}
