"""Answers are kept as drafts by themselves; what the two see together goes to both only with a click."""

import re
import uuid
from typing import Any

import pytest

import cohorts.actions
from accounts.models import Role
from learning_log import actions
from learning_log.models import Entry, Release, Response, Voice, VoiceVersion
from tests.accounts.factories import make_staff
from tests.conftest import SecureClient
from tests.learning_log.factories import Two, leave, make_pair, share, text, words_read_by, write, write_and_share
from tests.learning_log.test_autosave import as_
from tests.learning_log.test_releases import propose

pytestmark = pytest.mark.django_db


def answering(entry: Entry) -> str:
    return f"/log/{entry.pk}/respond/autosave/"


def answer(body: str, key: uuid.UUID | None = None, circle: str = "pair") -> dict[str, Any]:
    return {"body": body, "form_key": str(key or uuid.uuid4()), "circle": circle}


def told_by_both() -> tuple[Two, Entry]:
    two = make_pair()
    voice = write(two, two.professional)
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=False, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text("Mine."), by=two.partner))
    return two, entry


# ---- Answers ----


def test_an_answer_being_written_is_a_draft_that_only_its_author_sees():
    two = make_pair()
    entry, key = write_and_share(two, two.professional), uuid.uuid4()
    writer = as_(two.partner)

    told = [writer.post(answering(entry), answer(body, key)).json() for body in ("I", "I hoped")]

    draft = Response.objects.get()
    assert (draft.body, draft.author, draft.is_draft) == ("I hoped", two.partner, True)
    assert told[1] | {"saved_at": ""} == {
        "state": "saved",
        "version": "",
        "saved_at": "",
        "autosave": answering(entry),
        "page": f"/log/{entry.pk}/respond/",
        "name": f"answer-{entry.pk}",
    }
    assert not Response.objects.visible_to(two.professional).exists()
    assert "I hoped" in writer.get(f"/log/{entry.pk}/").text
    assert "I hoped" not in as_(two.professional).get(f"/log/{entry.pk}/").text


def test_sending_makes_the_draft_the_answer_and_there_is_one():
    two = make_pair()
    entry, key = write_and_share(two, two.professional), uuid.uuid4()
    writer = as_(two.partner)

    writer.post(answering(entry), answer("I hoped", key))
    writer.post(f"/log/{entry.pk}/respond/", answer("I hoped so.", key))

    sent = Response.objects.get()
    assert (sent.body, sent.is_draft) == ("I hoped so.", False)


def released_to_the_cohort(two: Two) -> tuple[Entry, Release]:
    entry = write_and_share(two, two.professional)
    release = propose(entry, two.professional, "cohort", allows_responses=True)
    return entry, release


@pytest.mark.parametrize("first", ["pair", "cohort"])
def test_words_go_to_the_circle_they_are_sent_to_and_not_to_the_one_they_were_begun_in(first: str):
    two = make_pair()
    entry, release = released_to_the_cohort(two)
    circles = {"pair": "pair", "cohort": str(release.pk)}
    second = next(name for name in circles if name != first)
    key, writer = uuid.uuid4(), as_(two.partner)
    neighbour = make_pair(two.pair.cohort).partner

    writer.post(answering(entry), answer("For whom?", key, circles[first]))
    kept_for = Response.objects.get().release
    writer.post(f"/log/{entry.pk}/respond/", answer("For whom?", key, circles[second]))

    assert kept_for == (release if first == "cohort" else None)
    assert Response.objects.get().release == (release if second == "cohort" else None)
    assert Response.objects.visible_to(neighbour).exists() == (second == "cohort")


def test_what_is_written_on_in_another_window_after_sending_is_not_said_to_be_saved():
    two = make_pair()
    entry, key = write_and_share(two, two.professional), uuid.uuid4()
    writer = as_(two.partner)
    writer.post(f"/log/{entry.pk}/respond/", answer("Sent.", key))

    same = writer.post(answering(entry), answer("Sent.", key))
    other = writer.post(answering(entry), answer("Sent. And more.", key))

    assert (same.status_code, other.status_code) == (200, 409)
    assert Response.objects.get().body == "Sent."


@pytest.mark.parametrize("way", [{}, {"keep": "draft"}])
def test_what_is_sent_from_another_window_after_sending_comes_back_beside_what_was_sent(way: dict[str, str]):
    two = make_pair()
    entry, key = write_and_share(two, two.professional), uuid.uuid4()
    writer, place = as_(two.partner), f"/log/{entry.pk}/respond/"
    writer.post(place, answer("I hoped", key))

    page = writer.post(place, answer("I hoped so much", key) | way)
    again = re.findall(r'name="form_key" value="([^"]+)"', page.text)
    writer.post(place, answer("I hoped so much", uuid.UUID(again[0])))

    assert page.status_code == 200
    assert all(shown in page.text for shown in ("I hoped</p>", "I hoped so much</textarea>", "from another window"))
    assert sorted(Response.objects.values_list("body", flat=True)) == ["I hoped", "I hoped so much"]


@pytest.mark.parametrize(
    ("sent", "status", "state"),
    [
        (answer("  "), 200, "nothing"),
        (answer("x" * 20_001), 422, "refused"),
        (answer("For nobody", circle="999"), 422, "refused"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_saved(sent: dict[str, Any], status: int, state: str):
    two = make_pair()
    entry = write_and_share(two, two.professional)

    told = as_(two.partner).post(answering(entry), sent)

    assert (told.status_code, told.json()["state"]) == (status, state)
    assert not Response.objects.exists()


def test_nobody_keeps_an_answer_where_they_may_not_read():
    two, other = make_pair(), make_pair()
    entry = write_and_share(two, two.professional)
    gone = two.partner
    leave(two.pair, gone)

    statuses = [as_(person).post(answering(entry), answer("x")).status_code for person in (other.partner, gone)]

    assert statuses == [404, 404]
    assert SecureClient().post(answering(entry), answer("x")).status_code == 401
    assert not Response.objects.exists()


# ---- What the two see together ----


def test_what_the_two_see_together_is_saved_with_a_click_for_both():
    two, entry = told_by_both()
    address = f"/log/{entry.pk}/together/autosave/"

    told = as_(two.partner).post(address, {"words": "We ask first.", "version": 0}).json()
    again = as_(two.partner).post(f"/log/{entry.pk}/together/", {"words": "We ask first.", "version": told["version"]})
    stale = as_(two.professional).post(address, {"words": "We wait.", "version": 0})

    assert (told["state"], told["version"], told["name"]) == ("saved", 1, f"together-{entry.pk}")
    assert again.status_code == 302
    assert (stale.status_code, stale.json()["state"]) == (409, "changed_elsewhere")
    voice = Voice.objects.get(entry=entry, author=None)
    assert (voice.version, VoiceVersion.objects.filter(voice=voice).count()) == (1, 1)
    assert "We ask first." in words_read_by(two.professional)


def test_only_the_two_save_what_they_see_together():
    two, entry = told_by_both()
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=two.pair.cohort, user=facilitator, by=None)
    sent = {"words": "Not mine.", "version": 0}
    address = f"/log/{entry.pk}/together/autosave/"

    statuses = [as_(person).post(address, sent).status_code for person in (facilitator, make_pair().partner)]

    assert statuses == [404, 404]
    assert SecureClient().post(address, sent).status_code == 401
    assert not Voice.objects.filter(author=None).exists()
