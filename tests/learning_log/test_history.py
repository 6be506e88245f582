"""How a text came to be: every version of one's own, of what both wrote together, and of nobody else's."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_log import actions
from learning_log.comparing import Compared
from learning_log.models import Entry, Voice, VoiceVersion
from tests.accounts.factories import make_person
from tests.learning_log.factories import Two, leave, make_pair, now_in, share, text, write
from tests.learning_log.test_pages import as_, words_of

pytestmark = pytest.mark.django_db


def save(voice: Voice, body: str, **fields: Any) -> Voice:
    current = Voice.objects.get(pk=voice.pk)
    return actions.save_draft(voice=voice, version=current.version, text=text(body, **fields), by=voice.author)


def joint(two: Two) -> Entry:
    """A moment that both have told of and finished."""
    voice = write(two, two.professional, "His side")
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=False, by=two.professional)
    share(Voice.objects.get(pk=voice.pk))
    share(actions.write_side(entry=entry, text=text("Her side"), by=two.partner))
    return entry


def queries_of(reader: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(address).status_code == 200
    return len(queries)


def test_versions_stand_newest_first_with_how_many_words_changed():
    two = make_pair()
    voice = save(save(write(two, two.professional, "We met on Friday."), "We met on Saturday."), "We met. It rained.")

    page = words_of(as_(two.professional).get(f"/log/{voice.entry_id}/versions/"))

    places = [page.index(said) for said in ("As it stands", "1 word changed", "The first version")]
    assert places == sorted(places)


def test_a_version_shows_what_changed_by_question_and_the_whole_text():
    two = make_pair()
    voice = save(write(two, two.professional, "We met on Friday."), "We met on Saturday.", title="Another ward")

    page = as_(two.professional).get(f"/log/{voice.entry_id}/versions/2/")

    changed = {one.name: (one.before, one.after) for one in page.context["step"].changed}
    assert changed == {
        "answer_0": ("We met on Friday.", "We met on Saturday."),
        "title": ("The ward meeting", "Another ward"),
    }
    assert "went out: Fridaycame in: Saturday" in words_of(page)
    assert "This is how it stands now." in words_of(page)


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("one two three", "one two three", 0),
        ("one two three", "one too three", 1),
        ("one two three", "one three", 1),
        ("", "one two three", 3),
        ("one", "one\n\ntwo", 1),
    ],
)
def test_a_word_that_stands_for_another_counts_once(before: str, after: str, count: int):
    assert Compared("answer_0", "Your words", before, after).words_changed == count


def test_an_earlier_version_is_put_in_front_as_a_new_one_and_that_can_be_undone():
    two = make_pair()
    voice = save(write(two, two.professional, "One"), "Two")
    writer = as_(two.professional)

    writer.post(f"/log/{voice.entry_id}/versions/1/restore/", {"version": 2})
    once = now_in(voice).body
    writer.post(f"/log/{voice.entry_id}/versions/2/restore/", {"version": 3})

    assert once == "One"
    assert [version.body for version in VoiceVersion.objects.order_by("number")] == ["One", "Two", "One", "Two"]


def test_a_second_click_on_restore_changes_nothing():
    two = make_pair()
    voice = save(write(two, two.professional, "One"), "Two")
    writer = as_(two.professional)

    for _click in range(2):
        page = writer.post(f"/log/{voice.entry_id}/versions/1/restore/", {"version": 2}, follow=True)

    assert "Those words are the ones that stand there now" in words_of(page)
    assert VoiceVersion.objects.count() == 3


def test_restoring_over_words_that_were_saved_meanwhile_is_refused():
    two = make_pair()
    voice = save(save(write(two, two.professional, "One"), "Two"), "Three")

    page = as_(two.professional).post(f"/log/{voice.entry_id}/versions/1/restore/", {"version": 2}, follow=True)

    assert "Nothing was restored" in words_of(page)
    assert now_in(voice).body == "Three"


def test_restoring_shows_nothing_new_to_the_partner():
    two = make_pair()
    voice = share(save(write(two, two.professional, "A secret first thought"), "What I share"))

    page = as_(two.professional).post(f"/log/{voice.entry_id}/versions/1/restore/", {"version": 2}, follow=True)

    assert "for you alone until you share them" in words_of(page)
    assert "secret" not in words_of(as_(two.partner).get(f"/log/{voice.entry_id}/"))


def test_nobody_sees_anothers_versions():
    two = make_pair()
    voice = share(save(write(two, two.professional, "A canary"), "Shared"))
    entry = joint(two)
    save(entry.voices.get(author=two.professional), "His canary")

    seen = {}
    for person in (two.partner, make_pair().professional, make_person()):
        reader = as_(person)
        for address in (f"/log/{voice.entry_id}/versions/", f"/log/{voice.entry_id}/versions/1/"):
            seen[(person.pk, address)] = reader.get(address).status_code
            seen[(person.pk, address + "restore/")] = reader.post(f"{address.rstrip('1/')}1/restore/").status_code
    partner = as_(two.partner)
    own = [words_of(partner.get(f"/log/{entry.pk}/versions/{page}")) for page in ("", "1/")]

    assert set(seen.values()) == {404}
    assert "Her side" in own[1]
    assert not any("canary" in page or "His" in page for page in own)
    assert partner.get(f"/log/{entry.pk}/versions/2/").status_code == 404


def test_what_the_two_wrote_together_has_a_history_of_both():
    two = make_pair()
    entry = joint(two)
    actions.write_together(entry=entry, text=text("We see one thing"), version=0, by=two.professional)
    actions.write_together(entry=entry, text=text("We see two things"), version=1, by=two.partner)

    pages = [as_(one).get(f"/log/{entry.pk}/together/versions/") for one in (two.professional, two.partner)]
    as_(two.professional).post(f"/log/{entry.pk}/together/versions/1/restore/", {"version": 2})

    together = entry.voices.get(author=None)
    assert "by Desmond Quill" in words_of(pages[0])
    assert "by you" in words_of(pages[1])
    assert now_in(together).body == "We see one thing"
    assert together.version == 3


def test_who_has_left_sees_their_own_versions_and_no_longer_those_of_both():
    two = make_pair()
    entry = joint(two)
    actions.write_together(entry=entry, text=text("We see one thing"), version=0, by=two.professional)
    leave(two.pair, two.professional)
    reader = as_(two.professional)

    assert reader.get(f"/log/{entry.pk}/versions/").status_code == 200
    assert reader.get(f"/log/{entry.pk}/together/versions/").status_code == 404
    assert reader.post(f"/log/{entry.pk}/together/versions/1/restore/", {"version": 1}).status_code == 404


def test_a_number_it_never_had_is_not_found():
    two = make_pair()
    voice = write(two, two.professional)
    writer = as_(two.professional)

    assert writer.get(f"/log/{voice.entry_id}/versions/9/").status_code == 404
    assert writer.post(f"/log/{voice.entry_id}/versions/9/restore/", {"version": 1}).status_code == 404


def test_many_versions_come_in_pages_and_ask_no_more_often():
    two = make_pair()
    voice = save(write(two, two.professional, "Words 0"), "Words 00")
    writer, address = as_(two.professional), f"/log/{voice.entry_id}/versions/"
    writer.get("/log/")
    few = queries_of(writer, address), queries_of(writer, f"{address}2/")
    for number in range(60):
        save(voice, f"Words {number} again")

    shown, page = [], writer.get(address).context["page"]
    while page.steps:
        shown += [step.version.number for step in page.steps]
        page = writer.get(address, {"below": page.steps[-1].version.number}).context["page"]

    assert shown == list(range(62, 0, -1))
    assert (queries_of(writer, address), queries_of(writer, f"{address}2/")) == few
    assert max(few) <= 12


@pytest.mark.parametrize("below", ["x", "-1", "0", "9" * 30])
def test_a_mangled_place_in_the_address_is_no_error(below: str):
    two = make_pair()
    voice = write(two, two.professional)

    assert as_(two.professional).get(f"/log/{voice.entry_id}/versions/", {"below": below}).status_code == 200
