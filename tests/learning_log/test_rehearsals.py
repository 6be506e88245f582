"""A rehearsal is the very page that its audience gets: the same words, in the same order, in the same marks."""

import re
from typing import Any

import html5lib
import pytest

from learning_log import actions
from learning_log.models import Entry, Release, Voice
from tests.learning_log.factories import Two, make_pair, share, text, write, write_and_share
from tests.learning_log.test_pages import as_, words_of
from tests.learning_log.test_sharing_pages import as_visitor, terms, versions_on
from tests.learning_log.test_stories import attach

pytestmark = pytest.mark.django_db


def told_by_both(two: Two) -> Entry:
    """Two voices with headings, a picture and a sound, and what they see together."""
    voice = write(two, two.professional, "# Monday\n\nThey gave us **nine** minutes.")
    attach(voice)
    attach(voice, "recording-of-mum.wav", kind="sound")
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=True, by=two.professional)
    share(Voice.objects.get(pk=voice.pk))
    share(actions.write_side(entry=entry, text=text("A bag and a leaflet.", approaches=("find",)), by=two.partner))
    actions.write_together(entry=entry, text=text("Time is felt."), version=0, by=two.partner)
    return entry


def rehearsed(page: Any) -> str:
    """The page within the page."""
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    (held,) = (one for one in tree.iter("div") if one.get("class") == "rehearsal")
    held.remove(held[0])  # "Rehearsal: nobody has been shown this"
    return set_alike(held)


def real(page: Any) -> str:
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    (main,) = next(tree.iter("main"))
    for part in list(main):
        if part.get("class", "").split()[:1] in (["running-head"], ["actions"]):
            main.remove(part)
    return set_alike(main)


def set_alike(part: Any) -> str:
    """What a part holds, in marks. A page has one title, and the files of a rehearsal come by the pair's own way."""
    found = "".join(html5lib.serialize(one, tree="etree", quote_attr_values="always") for one in part)
    found = re.sub(r' src="[^"]*/(\d+)/"', r' src="\1"', found)
    found = re.sub(r'<h1 dir="auto">(.*?)</h1>', r'<p class="h1" dir="auto">\1</p>', found)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", found)).strip()


def test_the_rehearsal_of_a_story_is_the_page_that_everybody_gets_after_consent():
    two = make_pair()
    entry = told_by_both(two)
    author, partner = as_(two.professional), as_(two.partner)
    address = f"/log/{entry.pk}/share/beyond/?to=public"

    rehearsal = author.post(address, terms())
    author.post(address, terms(stage="share", versions=versions_on(rehearsal)))
    release = Release.objects.get()
    asked = partner.get(f"/log/{entry.pk}/releases/{release.pk}/")
    partner.post(f"/log/{entry.pk}/releases/{release.pk}/agree/", {"looked": "yes"})
    story = as_visitor().get(f"/stories/{release.pk}/")

    assert story.status_code == 200
    assert "Monday" in rehearsed(rehearsal)
    assert "nine minutes" in words_of(rehearsal)
    assert rehearsed(rehearsal) == rehearsed(asked) == real(story)
    assert rehearsed(partner.get(f"/log/{entry.pk}/releases/{release.pk}/")) == real(story)


def test_the_files_of_a_rehearsed_story_open_for_the_pair():
    two = make_pair()
    entry = told_by_both(two)

    page = as_(two.professional).post(f"/log/{entry.pk}/share/beyond/?to=public", terms())
    found = re.findall(r'src="(/log/\d+/files/\d+/)"', page.content.decode())

    opened: list[Any] = [as_(two.partner).get(path) for path in found]

    assert [b"".join(one.streaming_content) for one in opened] == [b"the bytes"] * 2


def test_the_rehearsal_of_a_link_is_the_page_its_holder_gets():
    two = make_pair()
    voice = write(two, two.professional, "For the board.\n\n## What we ask")
    attach(voice, "recording-of-mum.wav", kind="sound")
    author, address = as_(two.professional), f"/log/{voice.entry_id}/share/beyond/?to=link"
    fields = {"recipient": "The board", "purpose": "To show them."}

    rehearsal = author.post(address, terms(**fields))
    author.post(address, terms(**fields, stage="share", versions=versions_on(rehearsal)))
    release = Release.objects.get()
    made = author.post(f"/log/{release.entry_id}/releases/{release.pk}/link/").content.decode()
    link = re.search(r'value="https?://[^"]*(/s/[^"]+)"', made)
    assert link
    opened = as_visitor().post(link[1])

    assert rehearsed(rehearsal) == real(opened)
    assert "Shared in confidence with The board" in rehearsed(rehearsal)
    assert "recording-of-mum" not in opened.content.decode()


def test_the_rehearsal_for_a_cohort_shows_what_its_readers_see_it_filed_under():
    two = make_pair()
    filed = {"approaches": ("energy",), "tags": ("porters",), "next_step": "Ask about Fridays"}
    entry = write_and_share(two, two.professional, **filed)
    reader = make_pair(two.pair.cohort).partner
    author, address = as_(two.professional), f"/log/{entry.pk}/share/beyond/?to=cohort"

    rehearsal = author.post(address, terms())
    author.post(address, terms(stage="share", versions=versions_on(rehearsal)))
    page = as_(reader).get(f"/log/{entry.pk}/")

    for words in ("Go where the energy is", "porters", "Ask about Fridays"):
        assert words in rehearsed(rehearsal)
        assert words in real(page)


def test_the_rehearsal_for_the_partner_shows_next_step_and_tags_too():
    two = make_pair()
    voice = write(two, two.professional, tags=("porters",), next_step="Ask about Fridays")

    rehearsal = as_(two.professional).get(f"/log/{voice.entry_id}/share/")
    share(voice)
    page = as_(two.partner).get(f"/log/{voice.entry_id}/")

    for words in ("porters", "Ask about Fridays"):
        assert words in rehearsed(rehearsal)
        assert words in real(page)
