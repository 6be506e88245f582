"""Sharing beyond the pair, as people meet it: choose, rehearse, agree, stop; the link; two voices."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import Role
from config.masking import masked
from learning_log import actions
from learning_log.models import ListedName, Release, Voice, VoiceVersion
from tests.accounts.factories import make_person, make_staff
from tests.conftest import SecureClient
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
from tests.learning_log.test_answering import release
from tests.learning_log.test_pages import as_, words_of
from tests.learning_log.test_stories import attach

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Any]:
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    return {"two": two, "neighbour": others.professional, "facilitator": facilitator}


def terms(**fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=20)
    return {"ends_on_day": day.day, "ends_on_month": day.month, "ends_on_year": day.year, "stage": "rehearse"} | fields


def versions_on(page: Any) -> str:
    found = re.search(r'name="versions" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def take_all_steps(client: Client, entry_id: int, query: str, **fields: Any) -> Any:
    address = f"/log/{entry_id}/share/beyond/{query}"
    rehearsal = client.post(address, terms(**fields))
    return client.post(address, terms(**fields) | {"stage": "share", "versions": versions_on(rehearsal)}, follow=True)


def as_visitor() -> Client:
    return SecureClient()


# ---- Step by step ----


def test_an_entry_is_opened_to_ones_facilitator_and_read_by_them_alone(cast):
    two: Two = cast["two"]
    entry = write(two, two.professional, "Only for Nerys.").entry
    author, facilitator = as_(two.professional), as_(cast["facilitator"])

    choice = author.get(f"/log/{entry.pk}/share/beyond/")
    before = facilitator.get(f"/log/{entry.pk}/").status_code
    done = take_all_steps(author, entry.pk, f"?to=facilitator&who={cast['facilitator'].pk}")

    assert "Your facilitator. Nobody else of the staff." in words_of(choice)
    assert before == 404
    assert "Shared. You can stop it at any time." in words_of(done)
    assert "Only for Nerys." in words_of(facilitator.get(f"/log/{entry.pk}/"))
    assert as_(two.partner).get(f"/log/{entry.pk}/").status_code == 404
    assert as_(cast["neighbour"]).get(f"/log/{entry.pk}/").status_code == 404


def test_nothing_is_saved_before_the_last_click(cast):
    two: Two = cast["two"]
    entry = write(two, two.professional).entry
    author = as_(two.professional)

    for data in (terms(), terms(stage="share"), terms(stage="share", versions="1.9"), terms(stage="terms")):
        author.post(f"/log/{entry.pk}/share/beyond/?to=cohort", data)

    assert not Release.objects.exists()


def test_words_that_changed_after_the_rehearsal_are_rehearsed_again(cast):
    two: Two = cast["two"]
    voice = write(two, two.professional, "First words")
    author, address = as_(two.professional), f"/log/{voice.entry_id}/share/beyond/?to=cohort"

    seen = versions_on(author.post(address, terms()))
    actions.save_draft(voice=voice, version=1, text=text("Second words"), by=two.professional)
    again = author.post(address, terms(stage="share", versions=seen))

    assert "The words have changed since you opened this page" in words_of(again)
    assert "Second words" in words_of(again)
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2027"}, "real date"),
        ({"ends_on_year": "2020"}, "today’s date or one after it"),
        ({"ends_on_year": "2040"}, "within the next two years"),
        ({"recipient": "x" * 201}, "shorter"),
        ({"recipient": " "}, "Say who it is for"),
    ],
)
def test_terms_that_cannot_be_are_explained_and_nothing_is_lost(cast, fields: dict[str, Any], problem: str):
    two: Two = cast["two"]
    entry = write(two, two.professional).entry

    typed = terms(purpose="To show the board.", **({"recipient": "The board"} | fields))
    page = as_(two.professional).post(f"/log/{entry.pk}/share/beyond/?to=link", typed)

    assert problem in words_of(page)
    assert 'value="To show the board."' in page.content.decode()
    assert page.content.decode().count("error-summary") >= 1


def test_what_might_point_to_a_person_is_shown_in_place_and_asked_about_once(cast):
    two: Two = cast["two"]
    ListedName.objects.create(pair=two.pair, name="Wilhelmina")
    entry = write(two, two.professional, "Ring Wilhelmina on 07700 900123.").entry
    author, address = as_(two.professional), f"/log/{entry.pk}/share/beyond/?to=cohort"

    rehearsal = author.post(address, terms())
    unlooked = author.post(address, terms(stage="share", versions=versions_on(rehearsal)))
    done = author.post(address, terms(stage="share", versions=versions_on(rehearsal), looked="yes"))

    marks = re.findall(r"<mark>(.*?)</mark>", rehearsal.content.decode())
    assert marks == ["Wilhelmina", "07700 900123"]
    assert "then tick the box" in words_of(unlooked)
    assert (done.status_code, Release.objects.count()) == (302, 1)


@pytest.mark.parametrize("to", ["cohort", "public"])
def test_what_readers_find_in_their_log_beside_the_words_is_looked_through_as_well(cast, to: str):
    two: Two = cast["two"]
    ListedName.objects.create(pair=two.pair, name="Wilhelmina")
    filed = {"tags": ("wilhelmina",), "next_step": "Ring 07700 900123", "title": "For jo@larkmoor.example"}
    voice = write(two, two.professional, **filed)
    attach(voice, "Wilhelmina.wav", kind="sound")
    share(voice)

    rehearsal = as_(two.professional).post(f"/log/{voice.entry_id}/share/beyond/?to={to}", terms())

    marks = re.findall(r"<mark>(.*?)</mark>", rehearsal.content.decode())
    beside = {"cohort": ["07700 900123", "wilhelmina", "Wilhelmina"], "public": []}
    assert marks == ["jo@larkmoor.example", *beside[to]]


# ---- Both ----


def test_a_story_waits_for_the_other_and_either_ends_it(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional, "For everybody.")
    author, partner = as_(two.professional), as_(two.partner)

    asked = take_all_steps(author, entry.pk, "?to=public")
    opened = Release.objects.get()
    page = partner.get(f"/log/{entry.pk}/releases/{opened.pk}/")
    hidden = as_visitor().get(f"/stories/{opened.pk}/").status_code
    partner.post(f"/log/{entry.pk}/releases/{opened.pk}/agree/", {"looked": "yes"})
    public = as_visitor().get(f"/stories/{opened.pk}/")
    partner.post(f"/log/{entry.pk}/releases/{opened.pk}/stop/")
    gone = as_visitor().get(f"/stories/{opened.pk}/").status_code

    assert "It goes to nobody until your partner has said yes" in words_of(asked)
    assert "Imogen Achterberg has put this forward" in words_of(page)
    assert "For everybody." in words_of(page)
    assert (hidden, public.status_code, gone) == (404, 200, 404)
    assert "For everybody." in words_of(public)


def test_no_costs_nothing_and_leaves_no_words_behind(cast):
    two: Two = cast["two"]
    entry = write_and_share(two, two.professional)
    opened = release(entry, two.professional, "public", allows_responses=False)

    as_(two.partner).post(f"/log/{entry.pk}/releases/{opened.pk}/refuse/")
    as_(two.partner).post(f"/log/{entry.pk}/releases/{opened.pk}/agree/", {"looked": "yes"})
    listed = words_of(as_(two.professional).get("/log/releases/"))

    assert not Release.objects.live().exists()
    assert "Over" in listed
    assert "Everybody, as a story on the public pages" in listed


def test_what_needs_both_is_first_shared_with_the_other(cast):
    two: Two = cast["two"]
    entry = write(two, two.professional).entry

    page = as_(two.professional).get(f"/log/{entry.pk}/share/beyond/?to=public")

    assert "First the two of you" in words_of(page)


@pytest.mark.parametrize("act", ["", "agree/", "refuse/", "stop/", "link/"])
def test_a_release_of_another_entry_or_of_others_is_not_found(cast, act: str):
    two: Two = cast["two"]
    entry, other = write_and_share(two, two.professional), write_and_share(two, two.professional)
    opened = release(entry, two.professional, "cohort")
    strangers = as_(cast["neighbour"]), as_(cast["facilitator"])

    forged = as_(two.professional).post(f"/log/{other.pk}/releases/{opened.pk}/{act}", {"looked": "yes"})
    refused = {one.post(f"/log/{entry.pk}/releases/{opened.pk}/{act}").status_code for one in strangers}

    assert (forged.status_code, refused) == ((405, {405}) if not act else (404, {404}))
    assert Release.objects.live().count() == 1


def test_an_entry_that_others_read_is_deleted_after_the_sharing_was_stopped(cast):
    two: Two = cast["two"]
    entry = write(two, two.professional).entry
    opened = release(entry, two.professional, "facilitator", cast["facilitator"])
    author, address = as_(two.professional), f"/log/{entry.pk}/delete/"

    page = author.get(address)
    forced = author.post(address, {"version": 1}, follow=True)
    read = as_(cast["facilitator"]).get(f"/log/{entry.pk}/").status_code
    author.post(f"/log/{entry.pk}/releases/{opened.pk}/stop/")
    done = author.post(address, {"version": 1}, follow=True)

    assert "First stop sharing this entry" in words_of(page)
    assert f"/log/{entry.pk}/releases/{opened.pk}/stop/" in page.content.decode()
    assert 'value="1"' not in page.content.decode()
    assert "Nothing was deleted: others can read this entry now." in words_of(forced)
    assert read == 200
    assert "The entry is deleted." in words_of(done)
    assert not Voice.objects.exists()


# ---- The link ----


def link_for(two: Two, body: str = "For the board.") -> tuple[Release, str]:
    opened = release(write(two, two.professional, body).entry, two.professional, "link", allows_responses=False)
    page = as_(two.professional).post(f"/log/{opened.entry_id}/releases/{opened.pk}/link/")
    found = re.search(r'value="https?://[^"]*(/s/[^"]+)"', page.content.decode())
    assert found
    return opened, found[1]


def test_a_link_shows_a_cover_first_and_the_words_after_a_click(cast):
    opened, address = link_for(cast["two"])
    outsider = as_visitor()

    cover = outsider.get(address)
    unopened = Release.objects.get(pk=opened.pk).link.first_opened_at
    words = outsider.post(address)

    assert "For the board." not in cover.content.decode()
    assert "they see that it was opened" in words_of(cover)
    assert unopened is None
    assert "For the board." in words_of(words)
    assert Release.objects.get(pk=opened.pk).link.first_opened_at is not None


def test_a_link_opens_in_a_browser_that_tells_nobody_where_it_comes_from_and_keeps_no_cookie(cast):
    _opened, address = link_for(cast["two"])
    browser = SecureClient(enforce_csrf_checks=True)

    cover = browser.get(address)
    words = browser.post(address, headers={"origin": "null"})

    assert "For the board." in words_of(words)
    assert (dict(cover.cookies), dict(words.cookies)) == ({}, {})


def test_a_page_without_a_referrer_holds_no_form_that_would_be_refused(cast):
    """Not even for a reader who is signed in here: "Sign out" comes with a null origin."""
    _opened, address = link_for(cast["two"])
    reader = as_(cast["two"].partner)

    pages = [reader.get(address), reader.post(address), reader.get("/s/unknown/")]

    assert [words_of(page).count("Sign out") for page in pages] == [0, 0, 0]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_is_answered_as_one_that_never_was(cast, method: str):
    two: Two = cast["two"]
    withdrawn, gone = link_for(two)
    actions.withdraw_release(release=withdrawn, by=two.professional)
    late, over = link_for(two)
    now = timezone.now()
    Release.objects.filter(pk=late.pk).update(proposed_at=now - timedelta(days=2), ends_at=now)
    renewed, old = link_for(two)
    actions.renew_link(release=renewed, by=two.professional)

    answers = [
        getattr(as_visitor(), method)(address)
        for address in ("/s/AAAAAAAAAAAAAAAAAAAAAA/", "/s/short/", "/s/%00/", gone, over, old)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(rb'content="\d+"|nonce-\S+', b"", answer.content) for answer in answers}) == 1


def test_a_link_is_kept_as_a_hash_and_stays_out_of_caches_searches_and_logs(cast):
    opened, address = link_for(cast["two"])
    token = address.split("/")[2]

    answer = as_visitor().get(address)

    assert re.fullmatch(r"[0-9a-f]{64}", Release.objects.get(pk=opened.pk).link.token_hash)
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert token not in masked(f"/s/{token}/")
    assert "sessionid" not in str(answer.cookies)


def test_a_link_opens_one_entry_and_tells_nothing_beside_it(cast):
    two: Two = cast["two"]
    write_and_share(two, two.professional, "Another entry", title="Sibling")
    _opened, address = link_for(two)

    words = words_of(as_visitor().post(address))

    assert "Another entry" not in words
    assert "Sibling" not in words
    assert two.partner.name not in words


# ---- Two voices ----


def test_a_sealed_moment_is_told_by_both_and_then_together(cast):
    two: Two = cast["two"]
    mine = write(two, two.professional, "They gave us nine minutes.", title="The ward meeting")
    author, partner = as_(two.professional), as_(two.partner)
    here = f"/log/{mine.entry_id}/"

    author.post(f"{here}ask/", {"way": "sealed", "version": 1})
    author.post(f"{here}share/", {"version": Voice.objects.get(pk=mine.pk).version})
    asked = partner.get(here)
    partner.post(f"{here}edit/", {"answer_0": "It felt like two.", "form_key": ""})
    sealed = [words_of(partner.get(here)), words_of(author.get(here))]
    partner.post(f"{here}share/", {"version": 1})
    both = [words_of(partner.get(here)), words_of(author.get(here))]
    partner.post(f"{here}together/", {"words": "Time is felt.", "version": 0})
    together = [words_of(partner.get(here)), words_of(author.get(here))]

    assert "You are asked to tell your side" in words_of(asked)
    assert "The ward meeting" in words_of(asked)
    assert "nine minutes" not in words_of(asked)
    assert ["nine minutes" in sealed[0], "felt like two" in sealed[1]] == [False, False]
    assert all("nine minutes" in page and "felt like two" in page for page in both)
    assert all("Time is felt." in page for page in together)


def test_two_who_write_the_third_text_at_once_both_keep_their_words(cast):
    two: Two = cast["two"]
    entry = joint(two)
    address = f"/log/{entry.pk}/together/"
    as_(two.partner).post(address, {"words": "His words.", "version": 0})

    clash = as_(two.professional).post(address, {"words": "Her words.", "version": 0})
    as_(two.professional).post(address, {"words": "Both words.", "version": 1})

    assert clash.status_code == 409
    assert ["His words." in words_of(clash), "Her words." in clash.content.decode()] == [True, True]
    assert [version.body for version in VoiceVersion.objects.filter(voice__author=None).order_by("number")] == [
        "His words.",
        "Both words.",
    ]


def joint(two: Two) -> Any:
    mine = write(two, two.professional)
    entry = actions.ask_partner(voice=mine, version=1, is_sealed=True, by=two.professional)
    share(mine)
    share(actions.write_side(entry=entry, text=text("His side"), by=two.partner))
    return entry


def test_the_reader_chooses_whose_voice_stands_first(cast):
    two: Two = cast["two"]
    entry, reader = joint(two), as_(two.partner)

    for side, first in (("professional", "Imogen Achterberg"), ("partner", "Desmond Quill")):
        page = reader.get(f"/log/{entry.pk}/?first={side}").content.decode()
        assert re.findall(r'<article class="voice [^"]*" aria-label="([^"]*)"', page)[0] == first
    assert reader.get(f"/log/{entry.pk}/?first=nobody").status_code == 200


def test_the_names_of_a_pair_are_listed_by_either_and_each_once(cast):
    two: Two = cast["two"]
    address = f"/log/names/{two.pair.pk}/"

    as_(two.partner).post(address, {"names": "Wilhelmina\n wilhelmina \n\nDr  Oyelaran"})

    assert sorted(ListedName.objects.values_list("name", flat=True)) == ["Dr Oyelaran", "wilhelmina"]
    assert as_(cast["neighbour"]).get(address).status_code == 404


def test_who_takes_a_place_later_is_not_told_whose_names_were_listed(cast):
    two: Two = cast["two"]
    address = f"/log/names/{two.pair.pk}/"
    actions.list_names(pair=two.pair, names=["Wilhelmina", "Agnes"], by=two.partner)
    leave(two.pair, two.partner)
    newcomer = make_person()
    pairs.actions.invite_to_pair(pair=two.pair, side="partner", email=newcomer.email, by=None)
    join(two, "partner", newcomer)

    before = words_of(as_(newcomer).get(address))
    as_(newcomer).post(address, {"names": "Agnes\nRoland"})

    assert ("Wilhelmina" in before, "Agnes" in before) == (False, False)
    assert sorted(ListedName.objects.values_list("name", flat=True)) == ["Agnes", "Roland", "Wilhelmina"]
    assert "Wilhelmina" not in words_of(as_(newcomer).get(address))
    assert "Wilhelmina" in words_of(as_(two.professional).get(address))
