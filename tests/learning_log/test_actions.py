"""What can be done in a log, and what a second click, a second tab or a second person makes of it."""

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from learning_log import actions
from learning_log.exceptions import NobodyToShareWith, NotAMember, NotShared, StaleVersion
from learning_log.models import Entry, Response, Voice, VoiceVersion
from notifications.models import LedgerRow
from tests.learning_log.factories import (
    answer,
    join,
    leave,
    make_cohort,
    make_pair,
    now_in,
    share,
    text,
    words_read_by,
    write,
    write_and_share,
)

pytestmark = pytest.mark.django_db


def bodies(voice: Voice) -> list[tuple[int, str]]:
    return [(version.number, version.body) for version in VoiceVersion.objects.filter(voice=voice).order_by("number")]


# ---- Writing ----


def test_an_entry_begins_as_a_draft_with_its_first_version():
    two = make_pair()

    voice = write(two, two.professional, "One")

    assert (voice.version, voice.is_shared, bodies(voice)) == (1, False, [(1, "One")])
    assert (voice.entry.started_by, voice.entry.pair) == (two.professional, two.pair)


def test_a_second_click_on_save_makes_no_second_entry():
    two, key = make_pair(), uuid.uuid4()

    for _click in range(2):
        actions.start_entry(pair=two.pair, text=text("One"), form_key=key, by=two.professional)

    assert [(now_in(voice).body, voice.version) for voice in Voice.objects.all()] == [("One", 1)]


def test_going_back_and_saving_other_words_saves_them_in_the_same_entry():
    two, key = make_pair(), uuid.uuid4()
    actions.start_entry(pair=two.pair, text=text("One"), form_key=key, by=two.professional)

    voice = actions.start_entry(pair=two.pair, text=text("One and two"), form_key=key, by=two.professional)

    assert bodies(voice) == [(1, "One"), (2, "One and two")]


def test_going_back_to_the_first_page_after_later_saves_is_a_stale_save():
    two, key = make_pair(), uuid.uuid4()
    voice = actions.start_entry(pair=two.pair, text=text("One"), form_key=key, by=two.professional)
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)

    with pytest.raises(StaleVersion):
        actions.start_entry(pair=two.pair, text=text("Three"), form_key=key, by=two.professional)

    assert bodies(voice) == [(1, "One"), (2, "Two")]


def test_the_same_form_key_of_two_people_makes_two_entries():
    two, key = make_pair(), uuid.uuid4()

    for author in (two.professional, two.partner):
        actions.start_entry(pair=two.pair, text=text("One"), form_key=key, by=author)

    assert Entry.objects.count() == 2


def test_nobody_writes_in_the_log_of_another_pair():
    two, others = make_pair(), make_pair()

    with pytest.raises(NotAMember):
        actions.start_entry(pair=two.pair, text=text(), form_key=uuid.uuid4(), by=others.professional)

    assert Entry.objects.count() == 0


def test_every_save_is_kept_as_a_version():
    two = make_pair()
    voice = write(two, two.professional, "One")

    voice = actions.save_draft(
        voice=voice, version=1, text=text("Two", title="New", approaches=()), by=two.professional
    )

    saved = now_in(voice)
    assert (voice.version, saved.body, saved.title, saved.approaches) == (2, "Two", "New", [])
    assert bodies(voice) == [(1, "One"), (2, "Two")]


def test_a_stale_save_is_refused_and_brings_what_was_saved():
    two = make_pair()
    voice = write(two, two.professional, "One")
    actions.save_draft(voice=voice, version=1, text=text("From the telephone"), by=two.professional)

    with pytest.raises(StaleVersion) as stale:
        actions.save_draft(voice=voice, version=1, text=text("From the desk", title="Desk"), by=two.professional)

    voice.refresh_from_db()
    assert (now_in(stale.value.saved).body, now_in(voice).body, now_in(voice).title) == (
        "From the telephone",
        "From the telephone",
        "The ward meeting",
    )


def test_a_second_click_on_save_changes_nothing():
    two = make_pair()
    voice = write(two, two.professional, "One")

    for _click in range(2):
        actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)

    assert bodies(voice) == [(1, "One"), (2, "Two")]


def test_a_draft_is_deleted_with_all_its_versions_and_twice_is_once():
    two = make_pair()
    voice = write(two, two.professional)

    for _click in range(2):
        actions.delete_draft(voice=voice, version=1, by=two.professional)

    assert (Entry.objects.count(), VoiceVersion.objects.count()) == (0, 0)


def test_what_is_shared_or_has_changed_is_not_deleted():
    two = make_pair()
    shared, changed = write(two, two.professional), write(two, two.professional)
    share(shared)
    actions.save_draft(voice=changed, version=1, text=text("Two"), by=two.professional)

    for voice in (shared, changed):
        with pytest.raises(StaleVersion):
            actions.delete_draft(voice=voice, version=1, by=two.professional)

    assert Voice.objects.count() == 2


def test_the_answers_of_another_outlive_a_deleted_entry():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    answer(entry, two.partner, "My own words")
    voice = entry.voices.get()
    actions.take_back(voice=voice, by=two.professional)

    actions.delete_draft(voice=voice, version=voice.version, by=two.professional)

    assert [response.body for response in Response.objects.filter(author=two.partner)] == ["My own words"]
    assert (Voice.objects.count(), Entry.objects.get().title) == (0, "")
    assert not Entry.objects.visible_to(two.partner).exists()


# ---- Sharing ----


def test_sharing_twice_is_sharing_once():
    two = make_pair()
    voice = write(two, two.professional)
    first = share(voice)

    second = share(voice)

    assert (second.shared_version, second.shared_at) == (1, first.shared_at)


def test_only_the_words_that_were_rehearsed_are_shared():
    two = make_pair()
    voice = write(two, two.professional, "One")
    actions.save_draft(voice=voice, version=1, text=text("Not yet ready"), by=two.professional)

    with pytest.raises(StaleVersion):
        actions.share_with_pair(voice=voice, version=1, by=two.professional)

    assert not Voice.objects.get().is_shared


def test_new_words_stay_the_authors_until_they_are_shared_too():
    two = make_pair()
    voice = share(write(two, two.professional, "One"))

    voice = actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)
    read_before = words_read_by(two.partner)
    actions.share_with_pair(voice=voice, version=2, by=two.professional)
    read_after = words_read_by(two.partner)

    assert (voice.has_newer_words, read_before, read_after) == (True, ["One"], ["Two"])


def test_nothing_is_shared_while_the_partner_has_not_joined():
    two = make_pair(joined=("professional",))
    voice = write(two, two.professional)

    with pytest.raises(NobodyToShareWith):
        share(voice)

    join(two, "partner")
    assert not Entry.objects.visible_to(two.partner).exists()


def test_who_has_left_shares_nothing_more_but_goes_on_writing_their_own():
    two = make_pair()
    voice = write(two, two.professional)
    leave(two.pair, two.professional)

    with pytest.raises(NotAMember):
        share(voice)

    assert actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional).version == 2


def test_taking_back_hides_it_at_once_and_sharing_again_brings_the_answers_back():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    answer(entry, two.partner)
    voice = entry.voices.get()

    seen = []
    for step in (actions.take_back, actions.take_back):
        step(voice=voice, by=two.professional)
        seen.append(Response.objects.visible_to(two.partner).count())
    share(voice)
    seen.append(Response.objects.visible_to(two.partner).count())

    assert seen == [0, 0, 1]


def test_nobody_shares_takes_back_or_deletes_anothers_words():
    two = make_pair()
    draft, shared = write(two, two.professional), share(write(two, two.professional))

    for act in (
        lambda: actions.save_draft(voice=shared, version=1, text=text("Mine now"), by=two.partner),
        lambda: actions.share_with_pair(voice=draft, version=1, by=two.partner),
    ):
        with pytest.raises(Voice.DoesNotExist):
            act()
    actions.take_back(voice=shared, by=two.partner)
    actions.delete_draft(voice=draft, version=1, by=two.partner)

    assert list(Voice.objects.order_by("pk").values_list("version", "shared_version")) == [(1, None), (1, 1)]


# ---- Answering ----


def test_both_answer_under_a_shared_entry_and_a_second_click_is_one_answer():
    two, key = make_pair(), uuid.uuid4()
    entry = write_and_share(two, two.professional)

    for _click in range(2):
        actions.respond(entry=entry, body="Thank you", form_key=key, by=two.partner)
    answer(entry, two.professional, "And you")

    assert [response.body for response in Response.objects.visible_to(two.partner)] == ["Thank you", "And you"]


def test_nobody_answers_what_is_not_shared_with_them():
    two = make_pair()
    stranger = make_pair().professional
    draft, shared = write(two, two.professional).entry, write_and_share(two, two.professional)

    for entry, author in ((draft, two.professional), (draft, two.partner), (shared, stranger)):
        with pytest.raises(NotShared):
            answer(entry, author)

    assert Response.objects.count() == 0


def test_who_has_left_answers_nothing_more():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    leave(two.pair, two.professional)

    with pytest.raises(NotAMember):
        answer(entry, two.professional)


def test_a_removed_answer_is_gone_and_its_words_with_it():
    two = make_pair()
    response = answer(write_and_share(two, two.professional), two.partner)

    for _click in range(2):
        actions.remove_response(response=response, by=two.partner)

    response.refresh_from_db()
    assert (response.body, response.removed_by) == ("", two.partner)
    assert not any(Response.objects.visible_to(user).exists() for user in (two.professional, two.partner))


def test_an_answer_the_other_removed_stays_with_who_wrote_it():
    two = make_pair()
    response = answer(write_and_share(two, two.professional), two.partner, "My own words")

    actions.remove_response(response=response, by=two.professional)

    assert not Response.objects.visible_to(two.professional).exists()
    assert [found.body for found in Response.objects.visible_to(two.partner)] == ["My own words"]


# ---- No trace for others ----


def test_nothing_in_a_log_leaves_a_trace_for_staff():
    two = make_pair()
    before = AuditEvent.objects.count(), LedgerRow.objects.count()

    entry = write_and_share(two, two.professional)
    actions.remove_response(response=answer(entry, two.partner), by=two.partner)
    voice = entry.voices.get()
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)
    actions.take_back(voice=voice, by=two.professional)
    actions.delete_draft(voice=voice, version=2, by=two.professional)

    assert (AuditEvent.objects.count(), LedgerRow.objects.count()) == before


# ---- What the database holds ----


@pytest.mark.parametrize(
    "change",
    [
        {"shared_version": 1},
        {"shared_version": 0, "shared_at": "2026-11-20T12:00Z"},
        {"shared_version": 2, "shared_at": "2026-11-20T12:00Z"},
        {"shared_version": 2, "shared_at": "2026-11-20T12:00Z", "version": 2},
    ],
)
def test_what_is_shared_is_always_a_version_that_was_saved(change: dict[str, Any]):
    two = make_pair()
    write(two, two.professional)

    def write_it() -> None:
        with transaction.atomic():
            Voice.objects.update(**change)
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        write_it()


def test_a_person_has_one_voice_in_an_entry():
    two = make_pair()
    voice = write(two, two.professional)

    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.create(entry=voice.entry, author=two.professional, saved_at=voice.saved_at)


# ---- At the same moment ----


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all acts at one moment, each with a connection of its own; their results or exceptions, in order."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            results[place] = act()
        except Exception as error:  # the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_saves_one_wins_and_the_others_hold_both_texts():
    two = make_pair()
    voice = write(two, two.professional, "One")

    def save(mine: str) -> tuple[str, Voice]:
        return mine, actions.save_draft(voice=voice, version=1, text=text(mine), by=two.professional)

    results = at_once([partial(save, f"From tab {tab}") for tab in range(6)])

    won = [result for result in results if isinstance(result, tuple)]
    lost = [result for result in results if isinstance(result, StaleVersion)]
    voice.refresh_from_db()
    assert (len(won), len(lost), now_in(voice).body, voice.version) == (1, 5, won[0][0], 2)
    assert {error.saved.version for error in lost} == {2}
    assert bodies(voice) == [(1, "One"), (2, now_in(voice).body)]


@pytest.mark.django_db(transaction=True)
def test_simultaneous_clicks_on_save_make_one_entry():
    two, key = make_pair(), uuid.uuid4()

    at_once(
        [
            lambda: actions.start_entry(pair=two.pair, text=text("One"), form_key=key, by=two.professional)
            for _click in range(6)
        ]
    )

    assert [(now_in(voice).body, voice.version) for voice in Voice.objects.all()] == [("One", 1)]


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_taking_back_at_one_moment_leave_nothing_readable():
    two = make_pair()
    for _round in range(5):
        entry = write_and_share(two, two.professional)
        voice = entry.voices.get()

        results = at_once(
            [partial(answer, entry, two.partner), partial(actions.take_back, voice=voice, by=two.professional)]
        )

        assert isinstance(results[0], (Response, NotShared))
        assert not Response.objects.visible_to(two.partner).filter(entry=entry).exists()


def test_two_pairs_of_one_cohort_have_two_logs():
    cohort = make_cohort()
    one, other = make_pair(cohort), make_pair(cohort)
    write_and_share(one, one.professional)

    assert [Entry.objects.visible_to(user).count() for user in (one.partner, other.professional, other.partner)] == [
        1,
        0,
        0,
    ]
