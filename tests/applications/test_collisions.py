"""Two at one form about applying: what one saved is not undone unseen, and nothing is there twice."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from applications.actions import questions, reviewing, starting
from applications.models import Criterion, LetterText, Question
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_open_cohort
from tests.pairs.factories import make_cohort
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db

QUESTION = {
    "text": "What would you change?",
    "hint": "",
    "asked_of": "each",
    "asked_when": "always",
    "kind": "long",
    "choices": "",
    "seen_by": "team",
    "meaning": "",
}


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


@pytest.fixture
def cohort() -> Cohort:
    return make_cohort(state="open")


def words(response: Any) -> str:
    return str(response.content.decode())


def collide(client: Client, address: str, theirs: dict[str, str], ours: dict[str, str]) -> tuple[Any, Any]:
    """Two tabs: theirs is saved; ours is sent, and sent again knowing of it."""
    seen = client.get(address).context["seen"]
    assert client.post(address, theirs | {"seen": seen}).status_code == 302
    refused = client.post(address, ours | {"seen": seen})
    return refused, client.post(address, ours | {"seen": refused.context["seen"]})


def test_a_letter_that_a_colleague_wrote_is_not_undone(client: Client, manager: User, cohort: Cohort) -> None:
    address = f"/staff/cohorts/{cohort.slug}/letters/reserve/"
    theirs, ours = {"subject": "Theirs", "body": "Dear {name}, theirs."}, {"subject": "Ours", "body": "Dear {name}."}

    refused, saved = collide(client, address, theirs, ours)

    assert (refused.status_code, saved.status_code) == (409, 302)
    assert "Dear {name}, theirs." in words(refused)
    assert 'value="Ours"' in words(refused)
    assert LetterText.objects.get().subject == "Ours"


def test_a_criterion_that_a_colleague_put_right_is_not_undone(client: Client, manager: User, cohort: Cohort) -> None:
    criterion = reviewing.add_criterion(cohort=cohort, by=manager, text="It matters")

    refused, saved = collide(
        client, f"/staff/criteria/{criterion.pk}/", {"text": "Theirs"}, {"text": "Ours", "guidance": "Look twice"}
    )

    assert (refused.status_code, saved.status_code) == (409, 302)
    assert "Theirs" in words(refused)
    assert Criterion.objects.get().text == "Ours"


def test_a_question_that_a_colleague_put_right_is_not_undone(client: Client, manager: User, cohort: Cohort) -> None:
    question = questions.save_question(cohort=cohort, by=manager, **_saved(QUESTION))
    address = f"/staff/cohorts/{cohort.slug}/questions/{question.key}/"
    theirs = QUESTION | {"text": "Theirs", "seen_by": "reviewers"}

    refused, saved = collide(client, address, theirs, QUESTION | {"text": "Ours"})

    assert (refused.status_code, saved.status_code) == (409, 302)
    assert str(Question.SeenBy.REVIEWERS.label) in words(refused).partition("<form")[0] + words(refused)
    assert "Theirs" in words(refused)
    assert Question.objects.filter(text="Ours").count() == 1


def test_a_name_put_right_in_another_tab_is_not_undone(client: Client) -> None:
    application = starting.start_application(
        cohort=make_open_cohort(), by=make_person(), kind="seeking", side="partner"
    )
    client.force_login(application.applicants.get().user)
    zone = {"time_zone": "Europe/London"}

    refused, saved = collide(
        client,
        f"/applications/{application.reference}/about/partner/",
        zone | {"name": "Theirs", "phone": "01632 960 001"},
        zone | {"name": "Ours", "phone": ""},
    )

    assert (refused.status_code, saved.status_code) == (409, 302)
    assert "01632 960 001" in words(refused)
    assert 'value="Ours"' in words(refused)
    assert application.applicants.get().name == "Ours"


def test_a_question_left_out_meanwhile_gives_its_words_back(client: Client, manager: User, cohort: Cohort) -> None:
    question = questions.save_question(cohort=cohort, by=manager, **_saved(QUESTION))
    questions.remove_question(cohort=cohort, by=manager, key=question.key)

    refused = client.post(f"/staff/cohorts/{cohort.slug}/questions/{question.key}/", QUESTION | {"text": "Ours"})
    client.post(refused.context["address"], QUESTION | {"text": "Ours"})

    assert refused.status_code == 409
    assert 'value="Ours"' in words(refused)
    assert Question.objects.filter(text="Ours").count() == 1
    assert client.get(f"/staff/cohorts/{cohort.slug}/questions/{question.key}/").status_code == 404


def test_of_two_who_add_a_question_with_one_meaning_one_is_told(client: Client, manager: User, cohort: Cohort) -> None:
    address, data = f"/staff/cohorts/{cohort.slug}/questions/new/", QUESTION | {"meaning": "care"}
    questions.remove_question(cohort=cohort, by=manager, key="care")
    colleague = partial(questions.save_question, cohort=cohort, by=manager, **_saved(QUESTION | {"meaning": "care"}))

    with without_row_locks(after='FROM "applications_question"', then=colleague):
        refused = client.post(address, data | {"text": "Does one treat the other?"})

    assert refused.status_code == 409
    assert "Another question has this meaning already." in words(refused)
    assert 'value="Does one treat the other?"' in words(refused)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"meaning": "never_with", "seen_by": "reviewers"}, "for the team alone"),
        ({"meaning": "never_with", "asked_of": "together"}, "each person answers it for themselves"),
        ({"meaning": "local_system", "asked_of": "each"}, "ask the two together"),
        ({"meaning": "challenge", "asked_of": "together", "kind": "yes_no"}, "a line, a few sentences"),
        ({"meaning": "times", "kind": "long"}, "asked as times of the week"),
        ({"meaning": "about", "kind": "times"}, "asked as times of the week"),
    ],
)
def test_a_question_is_asked_as_its_meaning_needs(
    client: Client, manager: User, cohort: Cohort, question: dict[str, str], said: str
) -> None:
    questions.remove_question(cohort=cohort, by=manager, key=question["meaning"].replace("_", "-"))
    number = Question.objects.count()
    page = client.post(f"/staff/cohorts/{cohort.slug}/questions/new/", QUESTION | question)
    assert said in words(page)
    assert Question.objects.count() == number


def test_two_clicks_add_one_question_and_one_criterion(client: Client, manager: User, cohort: Cohort) -> None:
    for _click in range(2):
        client.post(f"/staff/cohorts/{cohort.slug}/questions/new/", QUESTION)
        client.post(f"/staff/cohorts/{cohort.slug}/criteria/", {"text": "It matters"})

    assert Question.objects.filter(text=QUESTION["text"]).count() == 1
    assert Criterion.objects.filter(text="It matters").count() == 1


def _saved(form: dict[str, str]) -> dict[str, Any]:
    return form | {"choices": [], "is_required": False}
