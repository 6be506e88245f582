"""Writing, as its writer meets it: what to read first, which questions, how to stop, and two saves that met."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_log import actions, personal_data
from learning_log.models import Entry, Introduced, PromptSet, Voice, VoiceVersion
from tests.learning_log.factories import Two, make_pair, now_in, share, text, write
from tests.learning_log.test_pages import as_, sent, words_of

pytestmark = pytest.mark.django_db


def introduced_pair() -> Two:
    two = make_pair()
    for member in (two.professional, two.partner):
        actions.read_introduction(by=member)
    return two


def questions(key: str) -> PromptSet:
    return PromptSet.objects.offered().get(key=key)


def labels_of(response: Any) -> list[str]:
    """The questions on the page, in order."""
    return [str(answer.label) for answer in response.context["form"].answers]


def queries_of(reader: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(address).status_code == 200
    return len(queries)


def ask_other(two: Two, *, is_sealed: bool = False) -> Voice:
    """A moment that the professional told of and asked the partner about; the professional's voice."""
    voice = write(two, two.professional, "My side of it")
    actions.ask_partner(voice=voice, version=1, is_sealed=is_sealed, by=two.professional)
    return Voice.objects.select_related("entry").get(pk=voice.pk)


# ---- Before the first entry ----


def test_before_the_first_entry_comes_once_who_can_see_what():
    two = make_pair()
    writer = as_(two.professional)

    first = writer.get("/log/new/?questions=free")
    page = words_of(writer.get(first.headers["Location"]))
    after = writer.post("/log/before-you-begin/", {"next": "/log/new/?questions=free"})
    second = writer.get("/log/new/?questions=free")

    assert first.headers["Location"] == "/log/before-you-begin/?next=%2Flog%2Fnew%2F%3Fquestions%3Dfree"
    for told in ("Only you can read it", "a court", "Sealed means", "Shared means", "Leave out names", "call 999"):
        assert told.lower() in page.lower(), told
    assert after.headers["Location"] == "/log/new/?questions=free"
    assert second.status_code == 200
    assert list(Introduced.objects.values_list("user", flat=True)) == [two.professional.pk]


def test_who_was_asked_to_tell_their_side_reads_it_first_too():
    two = make_pair()
    entry = ask_other(two).entry
    writer = as_(two.partner)

    assert writer.get(f"/log/{entry.pk}/edit/").headers["Location"].startswith("/log/before-you-begin/?next=")
    writer.post("/log/before-you-begin/", {"next": f"/log/{entry.pk}/edit/"})
    assert writer.get(f"/log/{entry.pk}/edit/").status_code == 200


def test_text_that_comes_back_after_signing_in_comes_back_before_anything_else():
    two = make_pair()
    writer = as_(two.professional)
    writer.cookies.clear()
    writer.post("/log/new/?questions=free", sent("Typed after the session had ended."))

    writer.force_login(two.professional)
    page = writer.get("/log/new/?questions=free")

    assert "Typed after the session had ended." in page.content.decode()


def test_it_can_be_read_again_and_asks_for_nothing_then():
    two = introduced_pair()
    writer = as_(two.professional)

    assert "/log/before-you-begin/" in writer.get("/log/new/").content.decode()
    assert "I have read this" not in words_of(writer.get("/log/before-you-begin/"))


@pytest.mark.parametrize("address", ["https://elsewhere.test/log/", "//elsewhere.test/", "/staff/", "/log/\\x", ""])
def test_reading_it_leads_nowhere_but_to_the_log(address: str):
    response = as_(make_pair().professional).post("/log/before-you-begin/", {"next": address})

    assert response.headers["Location"].startswith("/log/")


def test_that_somebody_has_read_it_goes_with_them():
    two = introduced_pair()

    personal_data.erase(two.professional)

    assert list(Introduced.objects.values_list("user", flat=True)) == [two.partner.pk]


# ---- Choosing questions ----


def test_the_sets_stand_in_their_order_with_what_they_are_good_for_and_writing_freely_among_them():
    page = words_of(as_(introduced_pair().professional).get("/log/new/"))

    offered = [f"{one.name}{one.purpose}" for one in PromptSet.objects.offered()]
    places = [page.index(wanted) for wanted in [*offered, "Write freely"]]
    assert places == sorted(places)
    assert "You are writing freely." in page


def test_the_questions_used_last_are_there_without_choosing():
    two = introduced_pair()
    writer, quick = as_(two.professional), questions("quick")

    before = labels_of(writer.get("/log/new/"))
    writer.post(f"/log/new/?questions={quick.pk}", sent("Rain.", answer_1="Tired.", answer_2="Tea."))
    after = labels_of(writer.get("/log/new/"))
    freely = labels_of(writer.get("/log/new/?questions=free"))

    assert before == freely == ["Your words"]
    assert after == [one["question"] for one in quick.questions]
    assert VoiceVersion.objects.get().answers == ["Rain.", "Tired.", "Tea."]


def test_a_newer_edition_takes_the_place_of_the_one_used_last_and_a_retired_set_of_none():
    two = introduced_pair()
    manager = two.partner
    writer, quick = as_(two.professional), questions("quick")
    writer.post(f"/log/new/?questions={quick.pk}", sent("Rain."))

    newer = actions.Questions("Quick", "", 2, (("One thing", ""),))
    actions.next_edition(key="quick", number=1, questions=newer, by=manager)
    changed = labels_of(writer.get("/log/new/"))
    actions.retire_prompt_set(key="quick")
    retired = labels_of(writer.get("/log/new/"))

    assert (changed, retired) == (["One thing"], ["Your words"])


def test_the_form_says_itself_which_questions_it_answers():
    two = introduced_pair()
    what = questions("what")

    page = as_(two.professional).get(f"/log/new/?questions={what.pk}").content.decode()

    assert f'action="/log/new/?questions={what.pk}"' in page
    assert f'data-autosave="/log/new/autosave/?questions={what.pk}"' in page


def test_choosing_other_questions_keeps_what_was_typed_as_a_draft():
    two = introduced_pair()
    writer, what = as_(two.professional), questions("what")

    page = writer.get("/log/new/?questions=free").content.decode()
    led = writer.post("/log/new/?questions=free", sent("Half a thought.", questions=what.pk), follow=True)

    assert (
        f'<button class="btn btn-link px-0" type="submit" form="entry-form" name="questions" value="{what.pk}"' in page
    )
    assert led.redirect_chain == [(f"/log/new/?questions={what.pk}", 302)]
    assert labels_of(led) == [one["question"] for one in what.questions]
    assert "What you had written is saved as a draft." in words_of(led)
    assert [version.body for version in VoiceVersion.objects.all()] == ["Half a thought."]


def test_choosing_other_questions_before_a_word_is_written_leaves_no_draft():
    two = introduced_pair()
    writer, what = as_(two.professional), questions("what")

    led = writer.post("/log/new/?questions=free", {"form_key": str(uuid.uuid4()), "questions": what.pk}, follow=True)

    assert labels_of(led) == [one["question"] for one in what.questions]
    assert not Entry.objects.exists()


def test_choosing_other_questions_goes_on_from_a_draft_that_the_page_has_saved_by_itself():
    two = introduced_pair()
    writer, what = as_(two.professional), questions("what")
    writer.post("/log/new/autosave/?questions=free", sent("Half a"))
    entry = Entry.objects.get()

    led = writer.post(f"/log/{entry.pk}/edit/", sent("Half a thought.", version=1, questions=what.pk), follow=True)

    assert labels_of(led) == [one["question"] for one in what.questions]
    assert now_in(Voice.objects.get()).body == "Half a thought."


def test_enter_in_a_field_saves_and_never_chooses_questions():
    page = as_(introduced_pair().professional).get("/log/new/").content.decode()

    first = re.findall(r"<button[^>]*type=\"submit\"[^>]*>", page[page.index("<main") :])[0]

    assert 'form="entry-form"' in first
    assert "name=" not in first


def test_a_word_that_is_too_much_keeps_the_page_when_other_questions_are_chosen():
    two = introduced_pair()

    page = as_(two.professional).post("/log/new/?questions=free", sent("x" * 200_001, questions="free"))

    assert "This is longer than one entry can hold." in words_of(page)
    assert "x" * 200_001 in page.content.decode()


def test_what_is_filed_under_is_part_of_the_form_and_leads_nowhere_else():
    """Without JavaScript a link would lose the words; "File it" opens fields that are on the page already."""
    page = as_(introduced_pair().professional).get("/log/new/").content.decode()

    form = page[page.index('<form id="entry-form"') :].partition("</form>")[0]

    assert '<details class="log-file"' in form
    assert [field for field in ("happened_on_day", "approaches", "tags") if f'name="{field}' not in form] == []
    assert [link for link in re.findall(r'href="([^"]*)"', form) if link.startswith("/log/")] == []


def test_every_box_knows_the_names_to_point_out_and_says_it_calmly_to_who_writes_alone():
    two = introduced_pair()
    actions.list_names(pair=two.pair, names=["Wilhelmina Oyelaran"], by=two.partner)
    voice = write(two, two.professional)
    writer = as_(two.professional)

    pages = [writer.get(path).content.decode() for path in ("/log/new/?questions=free", f"/log/{voice.entry_id}/edit/")]
    share(voice)
    shared = writer.get(f"/log/{voice.entry_id}/edit/").content.decode()

    for page in pages:
        assert 'data-names="[&quot;Wilhelmina Oyelaran&quot;]"' in page
        assert 'data-identifying-for="id_answer_0"' in page
        assert 'data-intro="Only you read this now' in page
    assert 'data-intro="This might point to a real person:"' in shared


@pytest.mark.parametrize("name", ["0", "x", "999999", "9" * 30])
def test_questions_that_never_were_are_not_found(name: str):
    assert as_(introduced_pair().professional).get("/log/new/", {"questions": name}).status_code == 404


def test_last_times_next_step_greets_its_writer_and_only_them():
    two = introduced_pair()
    entry = write(two, two.professional, next_step="Ask the ward about Fridays").entry

    own, others = (as_(one).get("/log/new/") for one in (two.professional, two.partner))

    assert "Last time you wanted to: Ask the ward about Fridays" in words_of(own)
    assert f'href="/log/{entry.pk}/"' in own.content.decode()
    assert "Ask the ward" not in words_of(others)


# ---- The form ----


def test_what_is_filed_stays_folded_until_it_is_filled_or_wrong():
    two = introduced_pair()
    writer = as_(two.professional)
    plain, filed = write(two, two.professional, approaches=()).entry, write(two, two.professional).entry
    wrong_day = {"happened_on_day": "31", "happened_on_month": "2", "happened_on_year": "2026"}

    def is_open(response: Any) -> bool:
        return '<details class="log-file" open>' in response.content.decode()

    assert not is_open(writer.get("/log/new/"))
    assert not is_open(writer.get(f"/log/{plain.pk}/edit/"))
    assert is_open(writer.get(f"/log/{filed.pk}/edit/"))
    assert is_open(writer.post("/log/new/", sent(approaches=[], **wrong_day)))


def test_every_field_has_its_label_and_a_wrong_answer_its_error_beside_it():
    writer = as_(introduced_pair().professional)
    five = questions("five")

    page = writer.post(f"/log/new/?questions={five.pk}", sent(" ")).content.decode()

    for number in range(5):
        assert f'<label class="form-label" for="id_answer_{number}">' in page
    assert re.search(r'id="id_answer_0_error">.*Write something first', page)
    assert 'href="#id_answer_0"' in page


def test_each_of_the_two_sees_only_if_the_other_has_finished():
    two = introduced_pair()
    voice = ask_other(two, is_sealed=True)
    address = f"/log/{voice.entry_id}/edit/"
    partner, professional = as_(two.partner), as_(two.professional)

    waiting = words_of(partner.get(address))
    partner.post(address, sent("A canary of mine"))
    begun = words_of(professional.get(address))
    share(voice)
    finished = words_of(partner.get(address))

    assert "Imogen AchterbergHas not finished yet" in waiting
    assert "Desmond QuillHas not finished yet" in begun
    assert "Imogen AchterbergHas finished" in finished
    assert "canary" not in begun
    assert "My side of it" not in finished


def test_finishing_a_side_leads_to_what_the_other_will_read_and_stopping_to_the_entry():
    two = introduced_pair()
    entry = ask_other(two).entry
    writer = as_(two.partner)

    stopped = writer.post(f"/log/{entry.pk}/edit/", sent("One half"))
    page = words_of(writer.get(f"/log/{entry.pk}/edit/"))
    finished = writer.post(f"/log/{entry.pk}/edit/", sent("All of it", version=1, next="share"))

    assert stopped.headers["Location"] == f"/log/{entry.pk}/"
    assert "I have finished my side" in page
    assert "Save and stop for now" in page
    assert finished.headers["Location"] == f"/log/{entry.pk}/share/"
    assert not Voice.objects.shared().exists()


def test_earlier_versions_stand_in_the_margin():
    two = introduced_pair()
    voice = write(two, two.professional, "One")
    writer = as_(two.professional)

    before = writer.get(f"/log/{voice.entry_id}/edit/").content.decode()
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)
    after = writer.get(f"/log/{voice.entry_id}/edit/").content.decode()

    assert "/versions/" not in before
    assert f'href="/log/{voice.entry_id}/versions/1/"' in after


# ---- Two saves that met ----


def test_a_clash_shows_each_question_and_field_in_which_the_two_differ_and_loses_none():
    two = introduced_pair()
    writer, what = as_(two.professional), questions("what")
    writer.post(f"/log/new/?questions={what.pk}", sent("We met.", answer_1="Relief.", answer_2="Try again."))
    voice = Voice.objects.select_related("entry").get()
    other = text(title="The ward", tags=("Friday",))
    elsewhere = {**other.columns, "answers": ("We met.", "Great relief.", "Try again."), "approaches": ("learn",)}
    actions.save_draft(voice=voice, version=1, text=actions.EntryText(**elsewhere), by=two.professional)

    clash = writer.post(
        f"/log/{voice.entry_id}/edit/",
        sent("We met.", answer_1="Relief, mostly.", answer_2="Try again.", version=1, tags="Monday", title="Ours"),
    )
    named = {one.name: (one.before, one.after) for one in clash.context["clash"]}

    assert clash.status_code == 409
    assert named["answer_1"] == ("Great relief.", "Relief, mostly.")
    assert named["title"] == ("The ward", "Ours")
    assert named["tags"] == ("Friday", "Monday")
    assert not {"answer_0", "answer_2", "approaches"} & set(named)
    assert "only saved elsewhere: Great" in words_of(clash)
    assert clash.context["form"]["answer_1"].value() == "Relief, mostly."
    assert now_in(voice).answers[1] == "Great relief."


def test_a_save_after_the_clash_keeps_what_was_merged_and_both_texts_in_the_history():
    two = introduced_pair()
    writer = as_(two.professional)
    voice = write(two, two.professional, "One")
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)

    clash = writer.post(f"/log/{voice.entry_id}/edit/", sent("Three", version=1))
    version = clash.context["form"]["version"].value()
    writer.post(f"/log/{voice.entry_id}/edit/", sent("Two and three", version=version))

    kept = [version.body for version in VoiceVersion.objects.order_by("number")]
    assert kept == ["One", "Two", "Two and three"]


def test_a_side_begun_twice_is_a_clash_and_not_a_second_side():
    two = introduced_pair()
    entry = ask_other(two).entry
    writer = as_(two.partner)
    writer.post(f"/log/{entry.pk}/edit/", sent("From the telephone"))

    clash = writer.post(f"/log/{entry.pk}/edit/", sent("From the laptop"))

    assert clash.status_code == 409
    assert Voice.objects.filter(entry=entry, author=two.partner).count() == 1
    assert "only saved elsewhere: telephone" in words_of(clash)


# ---- However much there is ----


def test_pages_of_writing_ask_as_often_for_many_entries_as_for_one():
    two = introduced_pair()
    entry = write(two, two.professional).entry
    writer = as_(two.professional)
    addresses = ("/log/new/", f"/log/{entry.pk}/edit/", "/log/before-you-begin/")
    writer.get("/log/")
    one = [queries_of(writer, address) for address in addresses]
    for number in range(20):
        write(two, two.professional, f"Entry {number}")
        voice = Voice.objects.get(entry=entry)
        actions.save_draft(voice=voice, version=voice.version, text=text(f"Words {number}"), by=two.professional)

    many = [queries_of(writer, address) for address in addresses]

    assert many == one
    assert max(one) <= 12


def test_a_second_click_on_a_form_of_the_questions_used_last_is_one_entry():
    two = introduced_pair()
    fields = sent(form_key=str(uuid.uuid4()))
    writer = as_(two.professional)

    for _click in range(2):
        writer.post("/log/new/", fields)

    assert Entry.objects.count() == 1
