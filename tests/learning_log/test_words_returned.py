"""What was typed for a page that went away meanwhile comes back to whoever typed it, and says nothing else."""

import re
from typing import Any

import pytest

from learning_log import actions
from learning_log.models import Entry, PromptSet, Voice
from tests.learning_log.factories import Two, leave, make_pair, share, text, write
from tests.learning_log.test_pages import as_, sent, words_of

pytestmark = pytest.mark.django_db

TYPED = "A canary, typed without JavaScript."


def asked(two: Two) -> Voice:
    """The voice of the professional, who asked the partner to tell the same moment."""
    voice = write(two, two.professional, "My side of it")
    actions.ask_partner(voice=voice, version=1, is_sealed=False, by=two.professional)
    return Voice.objects.select_related("entry").get(pk=voice.pk)


def both_told(two: Two) -> Entry:
    voice = asked(two)
    actions.read_introduction(by=two.partner)
    share(voice)
    share(actions.write_side(entry=voice.entry, text=text("Mine"), by=two.partner))
    return voice.entry


def returned(response: Any, status: int = 404) -> str:
    assert response.status_code == status
    page = words_of(response)
    assert "Your words were not saved" in page
    return page


def without_token(response: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]*', "", response.content.decode())


def test_a_side_of_a_moment_that_was_deleted_meanwhile_comes_back():
    two = make_pair()
    voice = asked(two)
    address = f"/log/{voice.entry_id}/edit/"
    actions.delete_draft(voice=voice, version=voice.version, by=two.professional)

    gone = as_(two.partner).post(address, sent(TYPED, next_step="Ask the ward.", tags="Friday"))

    page = returned(gone)
    assert [words for words in (TYPED, "Ask the ward.", "Friday") if words not in page] == []
    assert "My side of it" not in page
    assert not Entry.objects.exists()


def test_it_is_the_same_page_for_what_never_was_and_for_what_a_stranger_may_not_see():
    two, stranger = make_pair(), make_pair().partner
    hidden = write(two, two.professional).entry
    reader = as_(stranger)

    pages = [reader.post(f"/log/{entry_id}/edit/", sent(TYPED)) for entry_id in (hidden.pk, 999_999)]

    assert TYPED in returned(pages[0])
    assert without_token(pages[0]) == without_token(pages[1])


def test_an_entry_deleted_in_another_window_comes_back_with_every_answer_in_its_order():
    two = make_pair()
    what = PromptSet.objects.offered().get(key="what")
    writer = as_(two.professional)
    writer.post(f"/log/new/?questions={what.pk}", sent("We met."))
    voice = Voice.objects.get()
    actions.delete_draft(voice=voice, version=1, by=two.professional)

    gone = writer.post(f"/log/{voice.entry_id}/edit/", sent("One.", answer_1="Two.", answer_2="Three.", version=1))

    page = returned(gone)
    places = [page.index(words) for words in ("The ward meeting", "One.", "Two.", "Three.")]
    assert places == sorted(places)


def test_a_new_entry_of_somebody_who_left_the_pair_meanwhile_comes_back():
    two = make_pair()
    leave(two.pair, two.professional)

    assert TYPED in returned(as_(two.professional).post("/log/new/", sent(TYPED)))


def test_what_the_two_see_together_comes_back_when_one_of_them_took_their_side_back_or_left():
    two = make_pair()
    entry = both_told(two)
    address, fields = f"/log/{entry.pk}/together/", {"words": TYPED, "version": 0}
    other = Voice.objects.get(entry=entry, author=two.professional)
    actions.take_back(voice=other, by=two.professional)

    taken_back = as_(two.partner).post(address, fields)
    leave(two.pair, two.partner)
    left = as_(two.partner).post(address, fields)

    assert TYPED in returned(taken_back)
    assert TYPED in returned(left, left.status_code)
    assert left.status_code in (403, 404)


def test_a_title_and_a_list_of_names_come_back_too():
    two = make_pair()
    entry = asked(two).entry
    leave(two.pair, two.partner)
    writer = as_(two.partner)

    assert TYPED in returned(writer.post(f"/log/{entry.pk}/moment/", {"title": TYPED}))
    assert TYPED in returned(writer.post(f"/log/names/{two.pair.pk}/", {"names": TYPED}))


def test_the_words_for_a_file_come_back_when_its_entry_is_gone():
    two = make_pair()
    voice = write(two, two.professional)
    actions.delete_draft(voice=voice, version=1, by=two.professional)

    sent_there = as_(two.professional).post(f"/log/{voice.entry_id}/files/add/", {"words": TYPED, "version": 1})

    assert TYPED in returned(sent_there)


def test_an_empty_form_for_what_is_gone_is_not_found_as_ever():
    two = make_pair()

    gone = as_(two.professional).post("/log/999999/edit/", {"answer_0": "  "})

    assert gone.status_code == 404
    assert "Your words were not saved" not in words_of(gone)


def test_markup_in_the_words_is_shown_as_it_was_typed():
    two = make_pair()

    gone = as_(two.professional).post("/log/999999/edit/", sent("<script>alert(1)</script>"))

    assert "<script>alert(1)" not in gone.content.decode()
    assert "<script>alert(1)</script>" in returned(gone)


def test_saving_what_was_deleted_meanwhile_says_so_to_its_caller():
    two = make_pair()
    voice = write(two, two.professional)
    actions.delete_draft(voice=voice, version=1, by=two.professional)

    with pytest.raises(Voice.DoesNotExist):
        actions.save_draft(voice=voice, version=1, text=text(TYPED), by=two.professional)
