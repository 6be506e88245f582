"""What must not happen between two who are introduced, whatever the team does meanwhile and whatever was typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import pairs.actions
from applications.forms.designing import QuestionForm
from applications.models import Answer, Applicant, Question
from cohorts.models import Cohort
from cohorts.steps import missing_before
from notifications.models import LedgerRow
from pairs.exceptions import IntroductionClosed
from pairs.matching import mail, suggesting
from pairs.matching.loading import looking_in
from pairs.matching.models import Introduction
from pairs.matching.naming import first_name
from pairs.matching.table import standings
from pairs.models import Pair
from tests.applications.factories import make_open_cohort, make_questions
from tests.pairs.factories import accept, side, walk_to
from tests.pairs.test_matching_introductions import Cast, asked_couple, mailed, no, yes

pytestmark = pytest.mark.django_db

State = Introduction.State


def page_of(introduction: Introduction, person: Applicant) -> str:
    client = Client()
    assert person.user
    client.force_login(person.user)
    address = reverse("pairs:introduction", args=[introduction.pk])
    return client.get(address, secure=True).content.decode()


def put_into_a_pair(cast: Cast, person: Applicant) -> Pair:
    made = pairs.actions.make_pair(
        cohort=cast.cohort, professional_email=person.email, partner_email="new@in.test", challenge="x", by=cast.manager
    )
    accept(side(made, "professional"))
    return made


# ---- What is private ----


@pytest.mark.parametrize(("meaning", "key"), [("reach", "reach"), ("never_with", "never-with")])
def test_how_to_reach_somebody_and_whom_they_avoid_are_never_for_a_partner(meaning: str, key: str) -> None:
    _cast, introduction, one, other = asked_couple(**{key: "CANARY"})
    Question.objects.filter(meaning=meaning).update(seen_by=Question.SeenBy.PARTNER)

    assert "CANARY" not in page_of(introduction, other) + page_of(introduction, one)
    for person in (one, other):
        theirs = Answer.objects.visible_to(person.user).exclude(applicant=person)
        assert not theirs.filter(value="CANARY").exists()

    questions = make_questions(make_open_cohort())
    own = questions.questions.get(meaning=meaning)
    form = QuestionForm(QuestionForm.of(own) | {"seen_by": "partner"}, questions=questions, question=own)
    assert set(form.errors) == {"seen_by"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada Birch", "Ada"),
        ("Smith, John", "John"),
        ("Dr.Smith", None),
        ("Mrs.Jones", None),
        ("Prof.Dr. Smith", None),
        ("Lady Smith", None),
        ("Fr Brown", None),
        ("Mr.", None),
        ("", None),
        ("ada.smith@example.org", None),
        ("Smith, Dr John", None),
        ("ليلى حداد", "ليلى"),
    ],
)
def test_before_both_agree_no_surname_is_shown(name: str, shown: str | None) -> None:
    person = Applicant(name=name, side="partner")

    assert first_name(person) == (shown or "A patient, carer or member of the community")


# ---- Kept apart, in a pair, or begun ----


def test_who_is_forbidden_after_being_asked_is_not_led_together() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)

    assert suggesting.forbid(cohort=cast.cohort, professional=one, partner=other, by=cast.manager)

    introduction.refresh_from_db()
    assert introduction.state == State.WITHDRAWN
    assert mailed("pairs.introduction_over") == sorted([one.email, other.email])
    with pytest.raises(IntroductionClosed):
        yes(introduction, other)
    assert other.email not in page_of(introduction, one)


def test_a_rule_made_behind_the_introductions_back_stops_the_second_yes() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    cast.cohort.match_rules.all().delete()
    cast.cohort.match_rules.create(
        professional=one, partner=other, kind="forbid", by=cast.manager, at=introduction.published_at
    )

    with pytest.raises(IntroductionClosed):
        yes(introduction, other)

    introduction.refresh_from_db()
    assert introduction.state == State.PUBLISHED
    assert not introduction.has_yes_of(other)


def test_the_manager_is_told_that_the_two_had_been_asked(client: Client) -> None:
    cast, _introduction, one, other = asked_couple()
    client.force_login(cast.manager)

    told = client.post(reverse("pairs:matching_forbid", args=[cast.cohort.slug, one.pk, other.pk]), follow=True)

    assert "They had been asked: that is called off, and both are told." in told.content.decode()


def test_who_is_in_a_pair_by_now_is_neither_suggested_nor_introduced() -> None:
    cast = Cast(1, 1)
    put_into_a_pair(cast, cast.professionals[0])
    cast.suggest()
    assert cast.table() == set()

    cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    put_into_a_pair(cast, one)
    with pytest.raises(IntroductionClosed):
        yes(introduction, other)


def test_once_the_cohort_runs_no_yes_is_asked_for_or_taken() -> None:
    cast, introduction, one, other = asked_couple()
    yes(introduction, one)
    before = missing_before(cast.cohort, before="selecting", to="running", at=introduction.answer_by)
    assert [line.path for line in before if "like to meet" in line.words] == [
        reverse("pairs:matching_asked", args=[cast.cohort.slug])
    ]
    walk_to(cast.cohort, Cohort.State.RUNNING)

    with pytest.raises(IntroductionClosed):
        yes(introduction, other)

    assert "I would like to meet them" not in page_of(introduction, other)
    assert other.email not in page_of(introduction, one)


# ---- What is said is so ----


def test_only_who_still_looks_is_told_so() -> None:
    _cast, introduction, one, other = asked_couple()
    no(introduction, one)
    other.application.state = "withdrawn"
    other.application.save(update_fields=["state"])

    assert list(looking_in(introduction.cohort).filter(pk__in=introduction.couple)) == [one]
    assert "we go on looking with you" in page_of(introduction, one)
    assert "we go on looking with you" not in page_of(introduction, other)
    row = LedgerRow.objects.get(kind="pairs.introduction_over")
    assert mail.render_over(row)["still_looks"] is False


def test_words_heard_too_late_come_back_and_a_second_yes_says_so(client: Client) -> None:
    cast, introduction, one, other = asked_couple()
    client.force_login(cast.manager)
    address = reverse("pairs:introduction_heard", args=[introduction.pk, "professional"])
    heard: dict[str, Any] = {"answer": "yes", "heard": "Rang on Tuesday"}

    first = client.post(address, heard, follow=True).content.decode()
    second = client.post(address, heard, follow=True).content.decode()
    no(introduction, other)
    late = client.post(address, heard | {"heard": "Rang again on Friday"}).content.decode()

    assert "Written down." in first
    assert "Their yes was written down before." in second
    assert "Nothing changed: it was answered or is over." in late
    assert "Rang again on Friday" in late
    assert client.get(address)["Location"] == reverse("pairs:matching_asked", args=[cast.cohort.slug])
    assert one.user


def test_of_two_couples_kept_with_one_person_in_both_the_one_chosen_last_stays() -> None:
    cast = Cast(2, 1)
    first, second, other = *cast.professionals, cast.partners[0]
    cast.choose(first, other)
    made = put_into_a_pair(cast, first)
    cast.suggest()
    cast.choose(second, other)
    pairs.actions.end_pair(pair=made, by=cast.manager)

    cast.suggest()

    assert cast.table() == {(second.pk, other.pk)}


def test_the_reason_for_being_alone_is_so_of_who_is_being_asked_and_who_was_asked_before() -> None:
    cast, introduction, one, other = asked_couple()
    another = cast.seeker("partner")
    cast.suggest()
    asked = {standing.face.pk: standing.why for standing in standings(cast.cohort)}
    no(introduction, one)
    suggesting.forbid(cohort=cast.cohort, professional=one, partner=another, by=cast.manager)
    cast.suggest()
    before = {standing.face.pk: standing.why for standing in standings(cast.cohort)}

    assert asked[another.pk] == "Nobody from the other side is looking and free."
    assert "was introduced to them before" in before[other.pk]
