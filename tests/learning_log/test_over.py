"""What was shared and is over, thrown away or moved on: nothing of it comes back, and nothing typed is lost over it."""

import uuid

import pytest
from django.utils import timezone

from cohorts.models import Session
from learning_log import actions
from learning_log.models import Voice, VoiceVersion
from tests.learning_log.factories import leave, make_pair, share, text, words_read_by, write, write_and_share
from tests.learning_log.test_pages import as_, words_of
from tests.learning_log.test_releases import joint, propose
from tests.pairs.factories import make_session

pytestmark = pytest.mark.django_db


def test_the_page_of_a_release_shows_no_words_that_were_taken_back():
    two = make_pair()
    entry = joint(two, mine="CANARYWORDS nine", other="bag")
    release = propose(entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    page = f"/log/{entry.pk}/releases/{release.pk}/"
    assert "CANARYWORDS" in words_of(as_(two.partner).get(page))

    actions.take_back(voice=Voice.objects.by(two.professional).get(entry=entry), by=two.professional)

    assert "CANARYWORDS" not in words_of(as_(two.partner).get(page))


def test_a_story_that_was_taken_back_keeps_neither_words_nor_title_for_the_other():
    two = make_pair()
    entry = write_and_share(two, two.professional, "CANARYWORDS nine", title="CANARYTITLE")
    release = propose(entry, two.professional, "public")
    actions.consent_to(release=release, by=two.partner)
    actions.take_back(voice=Voice.objects.by(two.professional).get(entry=entry), by=two.professional)

    for page in (f"/log/{entry.pk}/releases/{release.pk}/", "/log/releases/"):
        found = as_(two.partner).get(page)
        assert found.status_code == 200
        assert "CANARY" not in found.content.decode()


def test_who_has_left_reads_no_more_of_the_others_words():
    two = make_pair()
    entry = joint(two, mine="CANARYWORDS nine", other="bag")
    release = propose(entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    leave(two.pair, two.partner)

    assert "CANARYWORDS" not in words_of(as_(two.partner).get(f"/log/{entry.pk}/releases/{release.pk}/"))


def test_stopping_the_newest_words_brings_no_older_ones_back():
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    voice = write(two, two.professional, "First words")
    propose(voice.entry, two.professional)
    actions.save_draft(voice=voice, version=1, text=text("Second words"), by=two.professional)
    newest = propose(voice.entry, two.professional)
    assert words_read_by(reader) == ["Second words"]

    actions.withdraw_release(release=newest, by=two.professional)

    assert words_read_by(reader) == []


def test_words_typed_into_an_entry_whose_own_side_was_thrown_away_begin_it_anew():
    two = make_pair()
    key = uuid.uuid4()
    voice = actions.start_entry(pair=two.pair, text=text("one"), form_key=key, by=two.professional)
    share(voice)
    voice.refresh_from_db()
    actions.respond(entry=voice.entry, body="Thank you.", form_key=uuid.uuid4(), by=two.partner)
    actions.take_back(voice=voice, by=two.professional)
    actions.delete_draft(voice=voice, version=voice.version, by=two.professional)

    again = actions.start_entry(pair=two.pair, text=text("two"), form_key=key, by=two.professional)

    assert VoiceVersion.objects.get(voice=again, number=again.version).answers == ["two"]


def test_an_entry_keeps_its_session_when_that_was_cancelled_since():
    two = make_pair()
    session = make_session(two.pair.cohort)
    voice = write(two, two.professional, "words", session_id=session.pk)
    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())
    writer = as_(two.professional)
    assert f'<option value="{session.pk}" selected>' in writer.get(f"/log/{voice.entry_id}/edit/").content.decode()

    writer.post(f"/log/{voice.entry_id}/edit/", {"version": 1, "answer_0": "more", "title": "t", "session": session.pk})

    assert VoiceVersion.objects.get(voice=voice, number=2).session == session
