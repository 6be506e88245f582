"""What each reader is told: who can read an entry now, what waits for them, what others have opened to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

import cohorts.actions
import pairs.actions
from accounts.models import Role, User
from learning_log import actions
from learning_log.actions import ReleaseTerms
from learning_log.models import Entry, PromptSet, Release, Voice
from tests.accounts.factories import make_person, make_staff
from tests.learning_log.factories import (
    Two,
    join,
    leave,
    make_cohort,
    make_pair,
    share,
    text,
    write,
    write_and_share,
)
from tests.learning_log.test_pages import as_, words_of

pytestmark = pytest.mark.django_db

DAYS = 30


@pytest.fixture
def cast() -> dict[str, Any]:
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    return {"two": two, "neighbour": others.professional, "facilitator": facilitator}


def release(entry: Entry, by: User, audience: str, **terms: Any) -> Release:
    """What stands in the entry now put forward, each voice as the pair reads it or as it is being written."""
    voices = entry.voices.all() if entry.is_joint else entry.voices.filter(author=by)
    values = {"ends_at": timezone.now() + timedelta(days=DAYS)} | terms
    return actions.propose_release(
        entry=entry,
        versions=[(voice.pk, voice.version) for voice in voices],
        terms=ReleaseTerms(audience=Release.Audience(audience), **values),
        by=by,
    )


def joint(two: Two, mine: tuple[str, ...] = ("Her side",), other: tuple[str, ...] = ("His side",)) -> Entry:
    voice = write(two, two.professional, answers=mine)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=True, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text(answers=other), by=two.partner))
    return entry


def last_day() -> str:
    return date_format(timezone.localdate() + timedelta(days=DAYS), "j F Y")


def told(person: User, entry: Entry) -> str:
    return words_of(as_(person).get(f"/log/{entry.pk}/"))


# ---- One true sentence ----


def test_the_author_is_told_of_every_reader_by_name_and_until_when(cast):
    two, facilitator = cast["two"], cast["facilitator"]
    entry = write_and_share(two, two.professional)
    release(entry, two.professional, "facilitator", facilitator=facilitator)
    release(entry, two.professional, "link", recipient="The hospital board")

    sentence = told(two.professional, entry)

    assert "The two of you can read this: you and Desmond Quill," in sentence
    assert f"{facilitator.name}, your facilitator, until {last_day()}" in sentence
    assert f"The hospital board, by a link, until {last_day()}" in sentence


def test_the_partner_is_told_of_those_who_read_what_the_two_read(cast):
    two = cast["two"]
    entry = joint(two)
    actions.consent_to(release=release(entry, two.professional, "cohort"), by=two.partner)

    assert f"and everybody in your cohort, until {last_day()}" in told(two.partner, entry)


def test_words_opened_to_others_and_not_to_the_partner_are_not_said_to_be_the_authors_alone(cast):
    two = cast["two"]
    entry = write(two, two.professional).entry
    release(entry, two.professional, "cohort")

    sentence = told(two.professional, entry)

    assert "Only you can read this" not in sentence
    assert f"You can read this, and everybody in your cohort, until {last_day()}" in sentence


def test_readers_outside_are_told_from_whom_until_when_and_of_no_other_release(cast):
    two, facilitator = cast["two"], cast["facilitator"]
    entry = joint(two)
    for audience, terms in (("cohort", {}), ("link", {"recipient": "The hospital board"})):
        actions.consent_to(release=release(entry, two.professional, audience, **terms), by=two.partner)
    release(entry, two.partner, "public")

    for reader in (cast["neighbour"], facilitator):
        page = told(reader, entry)
        assert f"Shared with you by Imogen Achterberg and Desmond Quill until {last_day()}" in page
        assert "Everybody in their cohort can read it." in page
        assert "hospital board" not in page
        assert "Waiting for a yes" not in page


def test_what_waits_is_said_to_both(cast):
    two = cast["two"]
    entry = joint(two)
    release(entry, two.professional, "cohort")

    for person in (two.professional, two.partner):
        assert "Waiting for a yes: sharing it with everybody in your cohort" in told(person, entry)


@pytest.mark.parametrize("is_sealed", [True, False])
def test_ones_own_side_is_not_said_to_be_read_because_the_other_has_finished(cast, is_sealed: bool):
    two = cast["two"]
    voice = write(two, two.professional)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=is_sealed, by=two.professional)
    share(actions.write_side(entry=entry, text=text("His side"), by=two.partner))

    page = told(two.professional, entry)

    assert "Only you can read your side. Your partner sees the title and the day, and none of your words." in page
    assert "The two of you can read this" not in page
    assert "Take it back" not in page


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_finished_side_says_who_reads_it_when(cast, is_sealed: bool):
    two = cast["two"]
    voice = write(two, two.professional)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=is_sealed, by=two.professional)
    share(voice)

    sentence = told(two.professional, entry)

    assert ("Your partner reads it when they have finished theirs." in sentence) == is_sealed
    assert ("The two of you can read this: you and Desmond Quill." in sentence) != is_sealed
    assert ("The two of us, can read it" in sentence) != is_sealed


@pytest.mark.parametrize("is_sealed", [True, False])
def test_the_list_says_that_a_finished_side_is_sealed(cast, is_sealed: bool):
    two = cast["two"]
    voice = write(two, two.professional)
    actions.ask_partner(voice=voice, version=1, is_sealed=is_sealed, by=two.professional)
    share(voice)

    page = words_of(as_(two.professional).get("/log/"))

    assert ("Sealed" in page) == is_sealed
    assert ("The two of you" in page) != is_sealed


def test_a_sealed_side_tells_the_other_that_it_is_finished_and_nothing_else(cast):
    two = cast["two"]
    short, long = (write(two, two.professional, body) for body in ("No.", "Word " * 900))
    pages = []
    for voice in (short, long):
        entry = actions.ask_partner(voice=voice, version=1, is_sealed=True, by=two.professional)
        share(voice)
        pages.append(told(two.partner, entry))

    assert "Imogen Achterberg has finished." in pages[0]
    assert pages[0] == pages[1]


# ---- Side by side ----


def test_a_question_that_one_of_the_two_left_open_has_a_row_with_both(cast):
    two = cast["two"]
    asked = PromptSet.objects.offered().get(key="what")
    entry = joint(two, ("First", "", "Third"), ("", "", "Drittens"))
    Entry.objects.filter(pk=entry.pk).update(prompt_set=asked)

    page = as_(two.partner).get(f"/log/{entry.pk}/")

    questions = [one["question"] for one in asked.questions]
    rows = [[(part.question, part.words) for part in said.parts] for said in page.context["voices"]]
    assert rows == [
        [(questions[0], "First"), (questions[2], "Third")],
        [(questions[0], ""), (questions[2], "Drittens")],
    ]
    assert "Left open" in words_of(page)


# ---- What ends, what waits, what others opened ----


def test_what_was_shared_with_somebody_who_left_is_said_to_be_ones_own_and_can_be_shared_with_who_came(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional, "Nine minutes.")
    leave(two.pair, two.partner)
    new = make_person(name="Ottoline Vance")
    pairs.actions.invite_to_pair(pair=two.pair, side="partner", email=new.email, by=None)
    join(two, "partner", new)

    before = told(two.professional, entry)
    as_(two.professional).post(f"/log/{entry.pk}/share/", {"version": 1})
    after = told(two.professional, entry)

    assert "Only you can read this. Nobody else can see that it exists." in before
    assert "Share with your partner" in before
    assert "The two of you can read this: you and Ottoline Vance." in after
    assert "Nine minutes." in told(new, entry)


def test_taking_back_says_what_ends_with_it(cast):
    two, facilitator = cast["two"], cast["facilitator"]
    entry = write_and_share(two, two.professional)
    release(entry, two.professional, "facilitator", facilitator=facilitator)
    release(entry, two.professional, "public")
    author = as_(two.professional)

    page = words_of(author.get(f"/log/{entry.pk}/take-back/"))
    author.post(f"/log/{entry.pk}/take-back/")

    assert f"Shared with {facilitator.name}, your facilitator, until {last_day()}: they lose it at once." in page
    assert "The question whether to share it with everybody, as a story on the public pages." in page
    assert not Release.objects.filter(ended_at=None).exists()


def test_an_entry_the_partner_never_had_is_not_called_the_authors_alone_while_others_read_it(cast):
    two = cast["two"]
    entry = write(two, two.professional).entry
    release(entry, two.professional, "cohort")

    page = words_of(as_(two.professional).get(f"/log/{entry.pk}/take-back/"))

    assert "Your partner cannot read this entry" in page
    assert "everybody in your cohort" in page


def test_what_waits_for_a_persons_word_stands_in_their_log_and_on_their_pairs_page(cast):
    two = cast["two"]
    release(joint(two), two.professional, "cohort")

    for address in ("/log/", "/pair/"):
        asked, asking = (words_of(as_(person).get(address)) for person in (two.partner, two.professional))
        assert "Imogen Achterberg asks whether to share it with everybody in your cohort" in asked
        assert "asks whether to share it" not in asking


def test_readers_find_what_others_opened_to_them_and_nobody_finds_their_own_there(cast):
    two, facilitator = cast["two"], cast["facilitator"]
    release(
        write(two, two.professional, title="For one").entry, two.professional, "facilitator", facilitator=facilitator
    )
    release(write(two, two.professional, title="For many").entry, two.professional, "cohort")

    found = {
        name: [one.title for one in as_(person).get("/log/shared/").context["releases"]]
        for name, person in (
            ("facilitator", facilitator),
            ("neighbour", cast["neighbour"]),
            ("author", two.professional),
            ("partner", two.partner),
        )
    }

    assert found == {
        "facilitator": ["For many", "For one"],
        "neighbour": ["For many"],
        "author": [],
        "partner": ["For many"],  # not shared with the pair: read as one of the cohort
    }


@pytest.mark.parametrize("address", ["/log/shared/", "/log/releases/"])
def test_the_number_of_queries_does_not_grow_with_what_is_shared(cast, address: str):
    two = cast["two"]
    reader = as_(cast["neighbour"] if "shared" in address else two.professional)

    counts = []
    for more in (1, 6):
        for _number in range(more):
            release(write(two, two.professional).entry, two.professional, "cohort")
            release(write(two, two.professional).entry, two.professional, "link", recipient="A board")
        reader.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reader.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_the_page_of_an_entry_takes_as_many_queries_with_many_releases_as_with_one(cast):
    two = cast["two"]
    entry = write(two, two.professional).entry
    reader = as_(two.professional)

    counts = []
    for _round in range(2):
        release(entry, two.professional, "link", recipient="A board")
        release(entry, two.professional, "cohort")
        reader.get(f"/log/{entry.pk}/")
        with CaptureQueriesContext(connection) as queries:
            reader.get(f"/log/{entry.pk}/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert Voice.objects.filter(entry=entry).count() == 1
