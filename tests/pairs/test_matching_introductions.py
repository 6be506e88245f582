"""From the table to one application of two people: suggesting, choosing, asking, yes and no, and all of it at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

import pairs.matching.suggesting as suggesting
from accounts.models import Role
from applications.actions import sending, states
from applications.exceptions import ApplicationMoved
from applications.models import Answer, Applicant, Application, Question
from cohorts.models import Cohort
from notifications.models import LedgerRow
from pairs import personal
from pairs.exceptions import CannotBeTogether, IntroductionClosed, NotLooking, TableChanged
from pairs.matching import introducing
from pairs.matching.models import Introduction, MatchRule
from tests.accounts.factories import make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import at_once, make_person

pytestmark = pytest.mark.django_db

State = Introduction.State


class Cast:
    """A cohort with so many people who look for a partner on each side, and its manager."""

    def __init__(self, ours: int = 1, theirs: int = 1, **answers: Any) -> None:
        self.manager = make_staff(Role.MANAGER)
        self.cohort = make_open_cohort(manager=self.manager, places=10)
        self.professionals = [self.seeker("professional", **answers) for _number in range(ours)]
        self.partners = [self.seeker("partner", **answers) for _number in range(theirs)]

    def seeker(self, side: str, name: str = "Oriel Marsh", **answers: Any) -> Any:
        person = make_person(name)
        said = {"about": f"About {side}.", "language": ["English"]} | answers
        application = make_application(self.cohort, **{side: person}, answers={side: said})
        return application.applicants.get()

    def suggest(self) -> None:
        suggesting.suggest(cohort=self.cohort, by=self.manager)

    def table(self) -> set[tuple[int, int]]:
        prepared = Introduction.objects.prepared().filter(cohort=self.cohort)
        return set(prepared.values_list("professional_id", "partner_id"))

    def choose(self, one: Any, other: Any) -> Introduction:
        return suggesting.put_together(cohort=self.cohort, professional=one.pk, partner=other.pk, by=self.manager)

    def publish(self, **fields: Any) -> list[Introduction]:
        ready = list(Introduction.objects.prepared().filter(cohort=self.cohort))
        introducing.publish(cohort=self.cohort, introductions=[one.pk for one in ready], by=self.manager, **fields)
        for one in ready:
            one.refresh_from_db()
        return ready


def asked_couple(**answers: Any) -> tuple[Cast, Introduction, Any, Any]:
    cast = Cast(**answers)
    one, other = cast.professionals[0], cast.partners[0]
    cast.choose(one, other)
    return cast, cast.publish()[0], one, other


def yes(introduction: Introduction, person: Any, **fields: Any) -> Introduction:
    return introducing.say_yes(introduction=introduction, applicant=person, by=person.user, **fields)


def no(introduction: Introduction, person: Any) -> Introduction:
    return introducing.say_no(introduction=introduction, applicant=person, by=person.user)


def mailed(kind: str) -> list[str]:
    return sorted(LedgerRow.objects.filter(kind=kind).values_list("address", flat=True))


# ---- The table ----


def test_a_suggestion_puts_everybody_who_can_be_on_the_table_and_tells_nobody() -> None:
    cast = Cast(3, 2)

    cast.suggest()

    assert len(cast.table()) == 2
    assert not LedgerRow.objects.filter(kind__startswith="pairs.introduction").exists()


def test_the_same_suggestion_again_has_the_same_hash_and_the_same_couples() -> None:
    cast = Cast(3, 3)

    first = suggesting.suggest(cohort=cast.cohort, by=cast.manager)
    before = set(Introduction.objects.values_list("pk", flat=True))
    second = suggesting.suggest(cohort=cast.cohort, by=cast.manager)

    assert first.input_hash == second.input_hash
    assert set(Introduction.objects.values_list("pk", flat=True)) == before


def test_a_couple_chosen_by_hand_stays_and_frees_whoever_was_with_them() -> None:
    cast = Cast(2, 2)
    cast.suggest()
    (one, other), (second, another) = sorted(cast.table())
    people = {person.pk: person for person in [*cast.professionals, *cast.partners]}

    cast.choose(people[one], people[another])
    assert cast.table() == {(one, another)}

    cast.suggest()
    assert cast.table() == {(one, another), (second, other)}


def test_two_who_are_never_to_be_together_leave_the_table_and_do_not_come_back() -> None:
    cast = Cast()
    cast.suggest()
    one, other = cast.professionals[0], cast.partners[0]

    suggesting.forbid(cohort=cast.cohort, professional=one, partner=other, by=cast.manager)
    cast.suggest()

    assert cast.table() == set()
    with pytest.raises(CannotBeTogether):
        cast.choose(one, other)
    suggesting.end_rule(rule=MatchRule.objects.live().get(), by=cast.manager)
    cast.suggest()
    assert cast.table() == {(one.pk, other.pk)}


def test_somebody_ones_private_answer_names_is_not_chosen_even_by_hand() -> None:
    cast = Cast(0, 0)
    one = cast.seeker("professional", name="Bram Kettle")
    other = cast.seeker("partner", **{"never-with": "the Kettles, and Brám"})

    with pytest.raises(CannotBeTogether):
        cast.choose(one, other)


def test_two_names_of_one_local_system_are_one_once_staff_say_so() -> None:
    cast = Cast()
    Application.objects.filter(applicants=cast.partners[0]).update(local_system="SMH Trust")
    cast.suggest()
    assert cast.table() == set()

    suggesting.say_same_system(cohort=cast.cohort, name="SMH trust", other_name="Saltmarsh", by=cast.manager)
    cast.suggest()

    assert len(cast.table()) == 1


def test_who_is_being_asked_is_not_put_together_with_somebody_else() -> None:
    cast, _introduction, one, _other = asked_couple()
    somebody = cast.seeker("partner")

    cast.suggest()

    assert cast.table() == set()
    with pytest.raises(NotLooking):
        cast.choose(one, somebody)


# ---- Asking, and the answers ----


def test_publishing_asks_each_of_the_two_once_without_a_word_about_the_other() -> None:
    _cast, introduction, one, other = asked_couple()

    assert introduction.state == State.PUBLISHED
    assert mailed("pairs.introduction") == sorted([one.email, other.email])
    assert all(
        set(row.ids) == {"introduction", "applicant"} for row in LedgerRow.objects.filter(kind="pairs.introduction")
    )


def test_what_is_published_is_what_was_shown_or_nothing() -> None:
    cast = Cast(2, 2)
    cast.suggest()
    shown = list(Introduction.objects.prepared().values_list("pk", flat=True))
    gone = Introduction.objects.get(pk=shown[0])
    suggesting.take_apart(introduction=gone, by=cast.manager)

    with pytest.raises(TableChanged):
        introducing.publish(cohort=cast.cohort, introductions=shown, by=cast.manager)

    assert not mailed("pairs.introduction")


def test_two_yeses_make_one_application_with_what_each_wrote_and_close_the_two() -> None:
    cast, introduction, one, other = asked_couple(**{"never-with": "Nobody", "reach": "Text me"})

    assert yes(introduction, one).state == State.PUBLISHED
    assert not Application.objects.filter(kind=Application.Kind.PAIR).exists()
    agreed = yes(introduction, other)

    joint = agreed.became
    assert joint is not None
    assert (joint.kind, joint.route, joint.state, joint.local_system) == ("pair", "introduced", "draft", "Saltmarsh")
    assert {person.email for person in joint.applicants.live()} == {one.email, other.email}
    carried = Answer.objects.filter(application=joint).values_list("applicant__side", "question__key", "value")
    assert ("partner", "about", "About partner.") in carried
    assert not [key for _side, key, _value in carried if key == "never-with"]
    assert {seeking.state for seeking in joint.came_from.all()} == {"paired"}
    assert mailed("pairs.introduction_agreed") == sorted([one.email, other.email])
    assert cast.cohort.pk == joint.cohort_id


def test_the_joint_application_is_sent_and_only_it_counts() -> None:
    _cast, introduction, one, other = asked_couple(brings="Time.", times=["mon-morning"], travel="Close to home")
    yes(introduction, one)
    joint = yes(introduction, other).became
    assert joint is not None
    Cohort.objects.filter(pk=joint.cohort_id).update(state=Cohort.State.SELECTING)
    together = {"challenge": "Going home", "challenge-more": "It matters."}
    for key, value in together.items():
        question = joint.question_set.questions.get(key=key)
        Answer.objects.create(application=joint, question=question, value=value, saved_at=timezone.now())
    care = joint.question_set.questions.get(meaning=Question.Meaning.CARE)
    for person in joint.applicants.live():
        Answer.objects.create(application=joint, applicant=person, question=care, value="No", saved_at=timezone.now())
        sending.confirm(applicant=person, by=person.user)

    joint.refresh_from_db()
    assert joint.state == Application.State.SENT
    one.refresh_from_db()
    assert not one.is_counted
    assert all(person.is_counted for person in joint.applicants.all())


def test_not_this_time_tells_nobody_who_said_it_and_both_look_on() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)

    over = no(introduction, other)

    assert (over.state, over.said_no) == (State.DECLINED, other)
    assert mailed("pairs.introduction_over") == [one.email]
    with pytest.raises(IntroductionClosed):
        yes(introduction, one)
    somebody = cast.seeker("partner")
    cast.suggest()
    assert cast.table() == {(one.pk, somebody.pk)}


def test_an_introduction_nobody_answers_lapses_once_and_both_are_free() -> None:
    _cast, introduction, one, other = asked_couple()
    later = timezone.now() + timedelta(days=16)

    assert introducing.lapse_overdue(at=timezone.now() + timedelta(days=13)) == 0
    assert [introducing.lapse_overdue(at=later), introducing.lapse_overdue(at=later)] == [1, 0]

    introduction.refresh_from_db()
    assert introduction.state == State.LAPSED
    assert mailed("pairs.introduction_over") == sorted([one.email, other.email])


def test_a_yes_after_the_last_day_comes_too_late_even_before_the_sweep() -> None:
    _cast, introduction, one, _other = asked_couple()

    with pytest.raises(IntroductionClosed):
        yes(introduction, one, at=timezone.now() + timedelta(days=16))


def test_withdrawing_an_application_ends_its_introduction_and_tells_only_the_other() -> None:
    _cast, introduction, one, other = asked_couple()

    states.move(application=one.application, to=Application.State.WITHDRAWN, by=one.user, at=timezone.now())

    introduction.refresh_from_db()
    assert introduction.state == State.WITHDRAWN
    assert mailed("pairs.introduction_over") == [other.email]


def test_a_joint_draft_that_comes_to_nothing_sets_both_free_to_look_again() -> None:
    _cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    joint = yes(introduction, other).became
    assert joint is not None

    states.move(application=joint, to=Application.State.WITHDRAWN, by=one.user, at=timezone.now())

    introduction.refresh_from_db()
    assert introduction.state == State.WITHDRAWN
    for person in (one, other):
        person.refresh_from_db()
        person.application.refresh_from_db()
        assert (person.application.state, person.is_counted, person.application.closed_at) == ("sent", True, None)


def test_an_answer_heard_on_the_telephone_counts_with_how_it_was_heard() -> None:
    cast = Cast(1, 0)
    other = cast.seeker("partner")
    type(other).objects.filter(pk=other.pk).update(email="", user=None)
    cast.choose(cast.professionals[0], other)
    introduction = cast.publish()[0]
    assert mailed("pairs.introduction") == [cast.professionals[0].email]

    heard = introducing.say_yes(introduction=introduction, applicant=other, by=cast.manager, heard="Rang on Monday")
    agreed = yes(introduction, cast.professionals[0])

    assert heard.partner_heard == "Rang on Monday"
    assert agreed.became is not None
    assert agreed.became.applicants.get(side="partner").name == other.name


def test_what_is_held_about_an_introduction_is_ones_own_and_goes_with_the_person() -> None:
    cast, introduction, one, other = asked_couple()
    introducing.say_yes(introduction=introduction, applicant=other, by=cast.manager, heard="Rang, with canary")

    mine, theirs = personal.introductions_of(one.user), personal.introductions_of(other.user)
    assert "canary" not in str(mine)
    assert theirs[0]["how_we_heard"] == "Rang, with canary"

    personal.forget(other.user)
    introduction.refresh_from_db()
    assert introduction.partner_heard == ""


# ---- At once ----


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_publish_at_once_one_does_and_nobody_is_asked_twice() -> None:
    cast = Cast(3, 3)
    colleague = make_staff(Role.MANAGER)
    cast.suggest()
    shown = list(Introduction.objects.prepared().values_list("pk", flat=True))

    def press(number: int) -> int:
        by = (cast.manager, colleague)[number % 2]
        return introducing.publish(cohort=cast.cohort, introductions=shown, by=by)

    results = at_once(press, threads=6)

    assert sorted(str(type(one).__name__) for one in results) == ["TableChanged"] * 5 + ["int"]
    assert len(mailed("pairs.introduction")) == 6


@pytest.mark.django_db(transaction=True)
def test_both_say_yes_at_once_and_there_is_one_application() -> None:
    for _round in range(4):
        _cast, introduction, one, other = asked_couple()

        def act(number: int, asked: Introduction = introduction, people: Any = (one, other)) -> Introduction:
            return yes(asked, people[number % 2])

        at_once(act, threads=4)

        introduction.refresh_from_db()
        assert introduction.state == State.AGREED
        assert Application.objects.filter(cohort=introduction.cohort, kind="pair").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_while_the_other_withdraws_leaves_either_a_pair_or_no_introduction() -> None:
    for _round in range(6):
        _cast, introduction, one, other = asked_couple()
        yes(introduction, one)

        def act(number: int, introduction: Introduction = introduction, one: Any = one, other: Any = other) -> object:
            if number:
                return yes(introduction, other)
            application = Application.objects.get(pk=one.application_id)
            return states.move(application=application, to="withdrawn", by=one.user, at=timezone.now())

        results = at_once(act, threads=2)

        introduction.refresh_from_db()
        seeking = Application.objects.get(pk=one.application_id)
        ended = (introduction.state, seeking.state)
        assert ended in {(State.AGREED, "paired"), (State.WITHDRAWN, "withdrawn")}, results
        errors = [type(one) for one in results if isinstance(one, Exception)]
        assert errors in ([ApplicationMoved], [IntroductionClosed])


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_two_yeses_can_miss_each_other() -> None:
    """What the locks are for: each reads before either writes, and neither sees that it was the second."""
    missed = 0
    for _round in range(10):
        _cast, introduction, one, other = asked_couple()

        def unlocked(number: int, introduction: Introduction = introduction, people: Any = (one, other)) -> bool:
            seen = Introduction.objects.get(pk=introduction.pk)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.02)")
            side = people[number].side
            Introduction.objects.filter(pk=seen.pk).update(**{f"{side}_yes_at": timezone.now()})
            return seen.has_yes_of(people[1 - number])

        missed += at_once(unlocked, threads=2) == [False, False]
    assert missed


def test_whoever_withdraws_while_they_are_introduced_reads_first_what_comes_to_the_other(client: Client) -> None:
    _cast, introduction, one, other = asked_couple()
    leave = f"/applications/{one.application.reference}/leave/"
    told = "The other person is told that it has, without any reason."
    client.force_login(one.user)
    page = client.get(leave).content.decode()

    no(introduction, other)

    assert told in page
    assert told not in client.get(leave).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    assert "Something changed while you were reading" in client.post(leave, {"seen": seen[1]}).content.decode()
    assert Applicant.objects.get(pk=one.pk).application.state == "sent"
