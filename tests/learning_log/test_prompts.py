"""The sets of questions: editions that follow each other, and entries that keep theirs."""

import re
import threading
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role
from learning_log import actions
from learning_log.actions import Questions
from learning_log.exceptions import StaleEdition
from learning_log.models import Entry, PromptSet
from learning_log.prompt_forms import MOST_QUESTIONS, rearranged
from tests.accounts.factories import make_staff
from tests.learning_log.factories import make_pair
from tests.learning_log.test_pages import as_, sent, words_of

pytestmark = pytest.mark.django_db


def asked(*questions: str, name: str = "A quick note") -> Questions:
    return Questions(name, "Three lines.", 2, tuple((question, "") for question in questions))


def fields(*questions: str, **more: Any) -> dict[str, Any]:
    rows = {f"question_{place}": question for place, question in enumerate(questions)}
    return {"name": "A quick note", "purpose": "Three lines.", "position": "2", "number": "1", **rows, **more}


def offered(key: str = "quick") -> list[str]:
    return [one["question"] for one in PromptSet.objects.offered().get(key=key).questions]


def test_saving_makes_the_next_edition_and_an_old_entry_keeps_its_own():
    two, manager = make_pair(), as_(make_staff(Role.MANAGER))
    writer, first = as_(two.professional), PromptSet.objects.offered().get(key="quick")
    writer.post(f"/log/new/?questions={first.pk}", sent("Rain.", answer_1="Tired.", answer_2="Tea."))

    manager.post("/staff/prompts/quick/", fields("One thing", "Another"))
    old_entry = words_of(writer.get(f"/log/{Entry.objects.get().pk}/edit/"))

    assert offered() == ["One thing", "Another"]
    assert "Something I want to remember" in old_entry
    assert "Another" not in old_entry


def test_the_edition_is_the_record_of_who_made_it():
    manager = make_staff(Role.MANAGER)

    made = actions.next_edition(key="quick", number=1, questions=asked("One thing"), by=manager)

    assert (made.number, made.created_by) == (2, manager)
    assert "by " + manager.name in words_of(as_(manager).get("/staff/prompts/quick/"))


def test_a_second_click_makes_no_second_edition():
    manager = as_(make_staff(Role.MANAGER))

    statuses = [manager.post("/staff/prompts/quick/", fields("One thing")).status_code for _click in range(2)]

    assert statuses == [302, 302]
    assert PromptSet.objects.filter(key="quick").count() == 2


def test_two_who_edit_at_once_lose_neither_text():
    manager = as_(make_staff(Role.MANAGER))
    manager.post("/staff/prompts/quick/", fields("Theirs"))

    clash = manager.post("/staff/prompts/quick/", fields("Mine"))
    again = manager.post("/staff/prompts/quick/", fields("Both", number=clash.context["number"]))

    assert clash.status_code == 409
    assert 'value="Mine"' in clash.content.decode()
    assert "What they savedA quick note Three lines.Theirs" in words_of(clash)
    assert again.status_code == 302
    assert offered() == ["Both"]


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_wins_and_the_other_is_told():
    manager = make_staff(Role.MANAGER)
    start, told = threading.Barrier(2), []

    def save(question: str) -> None:
        start.wait()
        try:
            actions.next_edition(key="quick", number=1, questions=asked(question), by=manager)
            told.append("saved")
        except StaleEdition:
            told.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[question]) for question in ("Mine", "Theirs")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["saved", "stale"]
    assert PromptSet.objects.filter(key="quick", is_offered=True).count() == 1


def test_a_set_that_is_offered_no_more_can_be_offered_again():
    manager = as_(make_staff(Role.MANAGER))
    manager.post("/staff/prompts/quick/", fields("One thing"))

    manager.post("/staff/prompts/quick/retire/")
    retired = PromptSet.objects.offered().filter(key="quick").exists()
    manager.post("/staff/prompts/quick/offer/")

    assert not retired
    assert offered() == ["One thing"]


def test_a_retired_set_can_be_edited_without_being_offered():
    manager = as_(make_staff(Role.MANAGER))
    manager.post("/staff/prompts/quick/retire/")

    manager.post("/staff/prompts/quick/", fields("One thing"))

    assert not PromptSet.objects.offered().filter(key="quick").exists()
    assert PromptSet.objects.filter(key="quick").count() == 2


def test_a_new_set_is_offered_and_two_of_one_name_are_two_sets():
    manager = as_(make_staff(Role.MANAGER))

    for _time in range(2):
        manager.post("/staff/prompts/new/", fields("What now?", name="New", position="9"))

    made = PromptSet.objects.offered().filter(name="New")
    assert len({one.key for one in made}) == 2
    assert "new" not in {one.key for one in made}


def test_rows_are_added_moved_and_taken_out_without_a_script_and_nothing_is_saved():
    manager = as_(make_staff(Role.MANAGER))

    def after(deed: str) -> list[str]:
        page = manager.post("/staff/prompts/quick/", fields("A", "B", "C", name="Typed", do=deed))
        assert page.context["form"]["name"].value() == "Typed"
        return [str(question.value()) for question, _hint in page.context["form"].rows]

    assert after("add") == ["A", "B", "C", ""]
    assert after("up-2") == ["A", "C", "B"]
    assert after("down-0") == ["B", "A", "C"]
    assert after("remove-1") == ["A", "C"]
    assert after("preview") == ["A", "B", "C"]
    assert PromptSet.objects.filter(key="quick").count() == 1


@pytest.mark.parametrize("deed", ["up-0", "down-1", "remove-9", "up-x", "up-", "remove--1", "", "nonsense-1"])
def test_a_deed_that_cannot_be_leaves_the_rows_alone(deed: str):
    rows = [("A", ""), ("B", "")]

    assert rearranged(rows, deed) == rows


def test_twelve_questions_are_the_most():
    rows = [("A", "")] * MOST_QUESTIONS

    assert rearranged(rows, "add") == rows


def test_the_preview_shows_the_questions_as_a_writer_meets_them():
    manager = as_(make_staff(Role.MANAGER))

    page = words_of(
        manager.post("/staff/prompts/new/", fields("What surprised you?", hint_0="In a word.", do="preview"))
    )

    assert "How writers will see it" in page
    assert re.search(r"What surprised you\?\s*In a word", page)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Give the set a name."),
        ({"position": "first"}, "Write a number, such as 3."),
        ({"question_0": ""}, "Write at least one question."),
        ({"question_0": "", "hint_0": "Alone"}, "Write the question that this hint belongs to."),
        ({"question_0": "x" * 301}, "Make this shorter: 300 letters at most."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(wrong: dict[str, str], told: str):
    page = as_(make_staff(Role.MANAGER)).post("/staff/prompts/quick/", fields("A") | wrong)

    assert page.status_code == 200
    assert told in words_of(page)
    assert PromptSet.objects.filter(key="quick").count() == 1


def test_a_key_that_never_was_is_not_found():
    manager = as_(make_staff(Role.MANAGER))

    assert manager.get("/staff/prompts/nowhere/").status_code == 404
    assert manager.post("/staff/prompts/nowhere/retire/").status_code == 404
