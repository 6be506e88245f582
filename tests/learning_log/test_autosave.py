"""The page saves by itself: each answer its script can get, and what never happens to the words."""

import base64
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import returning
from learning_log.models import Entry, Voice, VoiceVersion
from tests.accounts.factories import make_person
from tests.conftest import SecureClient
from tests.learning_log.factories import Two, make_pair, now_in, write
from tests.pairs.factories import at_once

pytestmark = pytest.mark.django_db

NEW, DEVICE = "/log/new/autosave/", "/log/device/"


def as_(person: Any) -> Client:
    reader = SecureClient()
    reader.force_login(person)
    return reader


def words(body: str = "They gave us nine minutes.", **fields: Any) -> dict[str, Any]:
    return {"title": "", "answer_0": body, "form_key": str(uuid.uuid4()), "version": "", **fields}


def address(voice: Voice) -> str:
    return f"/log/{voice.entry_id}/autosave/"


# ---- Saving ----


def test_a_new_form_becomes_an_entry_with_its_first_words():
    two = make_pair()
    told = as_(two.professional).post(NEW, words("Nine"))

    entry = Entry.objects.get()
    saved_at = now_in(entry.voices.get()).saved_at.astimezone(two.professional.zone)
    assert (told.status_code, told.json()) == (
        200,
        {
            "state": "saved",
            "version": 1,
            "saved_at": f"{saved_at:%H:%M}",
            "autosave": f"/log/{entry.pk}/autosave/",
            "page": f"/log/{entry.pk}/edit/",
            "name": str(entry.pk),
        },
    )


@pytest.mark.parametrize("nothing", [words(""), words("  \r\n "), words("", approaches="learn")])
def test_an_empty_new_form_makes_no_row(nothing: dict[str, Any]):
    told = as_(make_pair().professional).post(NEW, nothing)
    assert (told.json(), Entry.objects.count()) == ({"state": "nothing"}, 0)


def test_a_title_alone_is_worth_saving():
    told = as_(make_pair().professional).post(NEW, words("", title="The ward meeting"))
    assert told.json()["state"] == "saved"


def test_an_answer_that_got_lost_makes_no_second_entry():
    author, sent = as_(make_pair().professional), words("Nine")
    first, second = author.post(NEW, sent), author.post(NEW, sent)
    assert (first.json(), Entry.objects.count()) == (second.json(), 1)


def test_saves_of_one_sitting_go_on_in_one_version_with_a_number_each():
    two = make_pair()
    voice = write(two, two.professional, "Nine")
    author, version = as_(two.professional), voice.version
    for body in ("Nine min", "Nine minutes", "Nine minutes, not twenty"):
        version = author.post(address(voice), words(body, version=version)).json()["version"]

    assert (version, now_in(voice).body) == (4, "Nine minutes, not twenty")
    assert list(VoiceVersion.objects.filter(voice=voice).values_list("is_kept", flat=True)) == [True, False]


def test_an_emptied_form_leaves_the_words_that_stood_in_it():
    two = make_pair()
    voice = write(two, two.professional, "Nine")
    told = as_(two.professional).post(address(voice), words("", version=1))
    assert (told.json(), now_in(voice).body) == ({"state": "nothing"}, "Nine")


def test_a_form_that_cannot_be_saved_says_where_and_writes_nothing():
    two = make_pair()
    voice = write(two, two.professional, "Nine")
    told = as_(two.professional).post(address(voice), words("Ten", title="T" * 201, version=1))
    assert (told.status_code, told.json()["state"], set(told.json()["errors"])) == (422, "refused", {"title"})
    assert now_in(voice).body == "Nine"


# ---- Two at once ----


def test_a_save_that_rests_on_an_older_version_is_refused():
    two = make_pair()
    voice, author = write(two, two.professional, "Nine"), as_(two.professional)
    author.post(address(voice), words("From the telephone", version=1))
    told = author.post(address(voice), words("From the desk", version=1))
    assert (told.status_code, told.json()) == (409, {"state": "changed_elsewhere", "version": 2})
    assert now_in(voice).body == "From the telephone"


@pytest.mark.django_db(transaction=True)
def test_of_many_saves_at_the_same_moment_one_wins_and_every_other_is_told():
    two = make_pair()
    voice = write(two, two.professional, "Nine")
    authors = [as_(two.professional) for _n in range(8)]

    told = at_once(lambda n: authors[n].post(address(voice), words(f"Text {n}", version=1)).json(), threads=8)

    (winner,) = [n for n, answer in enumerate(told) if answer["state"] == "saved"]
    losers = [answer for answer in told if answer["state"] != "saved"]
    assert losers == [{"state": "changed_elsewhere", "version": 2}] * 7
    assert [version.body for version in voice.versions.order_by("number")] == ["Nine", f"Text {winner}"]


@pytest.mark.django_db(transaction=True)
def test_one_new_form_sent_from_many_places_at_once_is_one_entry():
    two = make_pair()
    authors, sent = [as_(two.professional) for _n in range(8)], words("Nine")

    told = at_once(lambda n: authors[n].post(NEW, sent).json(), threads=8)

    entry = Entry.objects.get()
    assert {(answer["state"], answer["name"], answer["version"]) for answer in told} == {("saved", str(entry.pk), 1)}


# ---- Who may ----


def test_somebody_elses_entry_answers_like_one_that_never_was():
    two = make_pair()
    voice = write(two, two.professional, "Nine")
    for reader in (two.partner, make_pair().professional, make_person()):
        known, unknown = (as_(reader).post(path, words(version=1)) for path in (address(voice), "/log/0/autosave/"))
        assert (known.status_code, unknown.status_code, known.content) == (404, 404, unknown.content)
    assert now_in(voice).body == "Nine"


def test_who_is_in_no_pair_starts_no_entry():
    assert as_(make_person()).post(NEW, words()).status_code == 404


@pytest.mark.parametrize("path", [NEW, "/log/1/autosave/"])
def test_signed_out_is_said_in_json_and_leaves_nothing_in_a_session(client: Client, path: str):
    told = client.post(path, words("canary-nine"))
    assert (told.status_code, told.json()) == (401, {"state": "signed_out"})
    assert (Session.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_session_that_ran_out_leaves_no_words_in_the_next_one(client: Client, time_machine: Any):
    two: Two = make_pair()
    client.force_login(two.professional)
    client.get("/log/")
    time_machine.move_to(timezone.now() + timedelta(hours=13), tick=False)
    told = client.post(NEW, words("canary-nine"))
    assert (told.status_code, returning.SESSION_KEY in client.session) == (401, False)


def test_a_stale_token_is_said_in_json_without_the_words():
    two = make_pair()
    author = SecureClient(enforce_csrf_checks=True)
    author.force_login(two.professional)
    told = author.post(
        NEW, words("canary-nine"), headers={"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    )
    assert (told.status_code, told.json()) == (403, {"state": "stale_token"})
    assert (returning.SESSION_KEY in author.session, Entry.objects.count()) == (False, 0)


# ---- The device ----


def test_the_device_gets_a_name_a_key_and_a_token_that_works():
    two = make_pair()
    author = SecureClient(enforce_csrf_checks=True)
    author.force_login(two.professional)
    device = author.get(DEVICE)
    told = author.post(NEW, words(), headers={"X-CSRFToken": device.json()["token"], "Referer": "https://testserver/"})
    assert told.json()["state"] == "saved"
    assert len(base64.b64decode(device.json()["key"])) == 32
    assert len(device.json()["person"]) == 22
    assert "no-store" in device["Cache-Control"]


def test_each_person_has_a_name_and_key_of_their_own_and_the_same_ones_every_time():
    two = make_pair()
    mine, mine_again, theirs = (
        as_(who).get(DEVICE).json() for who in (two.professional, two.professional, two.partner)
    )
    assert [mine[what] == mine_again[what] for what in ("person", "key")] == [True, True]
    assert [mine[what] == theirs[what] for what in ("person", "key")] == [False, False]


@pytest.mark.parametrize(("who", "sees"), [("professional", True), ("partner", False)])
def test_a_form_sent_when_the_session_was_gone_altogether_comes_back_to_its_writer_alone(
    client: Client, who: str, sees: bool
):
    two = make_pair()
    author = as_(two.professional)
    author.post("/log/before-you-begin/")
    writer = re.findall(r'name="writer" value="([\w-]{22})"', author.get("/log/new/").text)
    client.post("/log/new/?questions=free", words("canary-ten", writer=writer[0]))

    client.force_login(getattr(two, who))

    assert ("canary-ten" in client.get("/log/new/?questions=free", follow=True).text) is sees
    assert (returning.SESSION_KEY in client.session) is sees


def test_a_visitor_gets_no_key_and_no_session(client: Client):
    told = client.get(DEVICE)
    assert (told.status_code, told.json()) == (401, {"state": "signed_out"})
    assert "no-store" in told["Cache-Control"]
    assert not told.cookies
