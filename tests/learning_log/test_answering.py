"""Answers: who may give one, to whom it goes, drafts, and taking one off the page."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import cohorts.actions
from accounts.models import Role, User
from learning_log import actions, answers
from learning_log.actions import ReleaseTerms
from learning_log.models import Entry, Release, Response
from tests.accounts.factories import make_staff
from tests.learning_log.factories import Two, make_cohort, make_pair, share, text, write, write_and_share
from tests.learning_log.test_pages import as_, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    return {"two": two, "neighbour": others.professional, "facilitator": facilitator}


def release(entry: Entry, by: User, audience: str, facilitator: User | None = None, **terms: Any) -> Release:
    voice = entry.voices.get(author=by)
    return actions.propose_release(
        entry=entry,
        versions=[(voice.pk, voice.version)],
        terms=ReleaseTerms(
            audience=Release.Audience(audience),
            ends_at=timezone.now() + timedelta(days=30),
            facilitator=facilitator,
            allows_responses=terms.pop("allows_responses", True),
            **terms,
        ),
        by=by,
    )


def say(person: User, entry: Entry, body: str, circle: str = "pair", **fields: Any) -> Any:
    data = {"body": body, "form_key": str(uuid.uuid4()), "circle": circle, **fields}
    return as_(person).post(f"/log/{entry.pk}/respond/", data)


def read_by(person: User) -> list[str]:
    return [response.body for response in Response.objects.visible_to(person).standing()]


def test_nothing_is_said_under_a_sealed_entry_before_both_have_finished():
    two = make_pair()
    voice = write(two, two.professional)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=True, by=two.professional)
    share(voice)

    early = say(two.professional, entry, "As I wrote: nine minutes.")
    told = words_of(as_(two.professional).get(f"/log/{entry.pk}/"))
    side = share(actions.write_side(entry=entry, text=text("Mine."), by=two.partner))
    say(two.professional, entry, "As I wrote: nine minutes.")
    after = read_by(two.partner)
    actions.take_back(voice=side, by=two.partner)

    assert "Your answer was not added" in words_of(early)
    assert "As I wrote: nine minutes." in words_of(early)
    assert "Your answer" not in told
    assert (after, read_by(two.partner)) == (["As I wrote: nine minutes."], [])
    assert read_by(two.professional) == ["As I wrote: nine minutes."]


def test_an_answer_is_read_in_the_circle_it_was_given_in_and_nowhere_else(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    opened = release(entry, two.professional, "facilitator", cast["facilitator"])

    say(two.partner, entry, "Between us.")
    say(cast["facilitator"], entry, "From your facilitator.", circle=str(opened.pk))

    assert {name: read_by(person) for name, person in cast.items() if isinstance(person, User)} == {
        "neighbour": [],
        "facilitator": ["From your facilitator."],
    }
    assert read_by(two.professional) == read_by(two.partner) == ["Between us.", "From your facilitator."]


def test_when_the_release_ends_its_readers_lose_the_answers_and_the_pair_keeps_them(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    opened = release(entry, two.professional, "cohort")
    say(cast["neighbour"], entry, "From next door.", circle=str(opened.pk))

    actions.withdraw_release(release=opened, by=two.professional)

    assert (read_by(cast["neighbour"]), read_by(two.partner)) == ([], ["From next door."])


def test_words_meant_for_two_never_go_to_the_cohort_that_took_their_place(cast):
    two: Two = cast["two"]
    entry = write(two, two.professional).entry
    release(entry, two.professional, "cohort")

    refused = say(two.professional, entry, "For Desmond alone.", circle="pair")

    assert refused.status_code == 200
    assert "Look again who will read your answer" in words_of(refused)
    assert "For Desmond alone." in words_of(refused)
    assert not Response.objects.exists()


def test_a_release_that_takes_no_answers_takes_none(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    closed = release(entry, two.professional, "cohort", allows_responses=False)

    refused = say(cast["neighbour"], entry, "May I?", circle=str(closed.pk))

    assert (refused.status_code, Response.objects.count()) == (404, 0)
    assert "May I?" in words_of(refused)


def test_a_draft_is_its_authors_alone_until_it_is_sent_once(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    key = str(uuid.uuid4())

    say(two.partner, entry, "Half a thou", form_key=key, keep="draft")
    page = as_(two.partner).get(f"/log/{entry.pk}/")
    seen_by_author = as_(two.professional).get(f"/log/{entry.pk}/")
    for _click in range(2):
        say(two.partner, entry, "A whole thought.", form_key=key)

    assert "Half a thou" in page.content.decode()
    assert "This is your draft" in words_of(page)
    assert "Half a thou" not in seen_by_author.content.decode()
    assert read_by(two.professional) == ["A whole thought."]


def test_a_draft_can_be_thrown_away_and_what_was_sent_cannot(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    say(two.partner, entry, "Sent.")
    say(two.partner, entry, "Draft.", keep="draft")

    for response in Response.objects.all():
        for person in (two.professional, two.partner):
            as_(person).post(f"/log/{entry.pk}/responses/{response.pk}/discard/")

    assert [response.body for response in Response.objects.all()] == ["Sent."]


@pytest.mark.parametrize("number", range(len(answers.STARTERS)))
def test_a_starter_begins_the_answer(cast, number: int):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)

    page = as_(two.partner).get(f"/log/{entry.pk}/respond/?start={number}")

    assert f"{answers.STARTERS[number]}</textarea>" in page.content.decode()


@pytest.mark.parametrize("start", ["9", "-1", "x", "²", "00", "٣"])
def test_a_starter_that_is_none_leaves_the_box_empty(cast, start: str):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)

    page = as_(two.partner).get(f"/log/{entry.pk}/respond/", {"start": start})

    assert page.status_code == 200
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page.content.decode())


def test_an_answer_under_an_entry_one_may_not_read_is_given_back_whatever_circle_it_names(cast):
    two: Two = cast["two"]
    opened = release(write(two, two.professional).entry, two.professional, "facilitator", cast["facilitator"])
    other = write_and_share(two, two.partner)

    refused = [
        say(cast["neighbour"], opened.entry, "Hello", circle=str(opened.pk)),
        say(cast["facilitator"], other, "Hello", circle=str(opened.pk)),
        say(cast["facilitator"], opened.entry, "Hello", circle="pair"),
    ]

    assert [response.status_code for response in refused] == [404, 404, 200]
    assert not Response.objects.exists()
