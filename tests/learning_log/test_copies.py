"""Copies: complete, holding only what their owner may see now, made once, and gone when somebody takes a word back."""

import json
import os
import uuid
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import personal_data
from accounts.models import User
from learning_log import actions, copying, making, media_files
from learning_log.actions import CopyTerms
from learning_log.exceptions import CopyGone, TooManyCopies
from learning_log.models import Attachment, Copy, Entry, VersionAttachment, Voice, VoiceVersion
from learning_log.tasks import clear_copies, make_copies
from tests.accounts.factories import make_person
from tests.learning_log.factories import (
    Two,
    answer,
    leave,
    make_cohort,
    make_pair,
    now_in,
    share,
    text,
    write,
    write_and_share,
)
from tests.learning_log.test_taking_away import FORMS, data_text
from tests.pairs.factories import at_once

pytestmark = pytest.mark.django_db
State = Copy.State


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def terms(form: str = "json", **changed: Any) -> CopyTerms:
    return CopyTerms(**({"form": form, "with_partner": True, "with_answers": True} | changed))


def ask(owner: User, form: str = "json", **changed: Any) -> Copy:
    return actions.ask_for_copy(terms=terms(form, **changed), form_key=uuid.uuid4(), by=owner)


def made(owner: User, form: str = "json", **changed: Any) -> Copy:
    """A copy that is ready."""
    ask(owner, form, **changed)
    return make_claimed()


def make_claimed() -> Copy:
    claimed = making.claim()
    assert claimed is not None
    making.make(claimed)
    return Copy.objects.get(pk=claimed.pk)


def bytes_of(copy: Copy) -> bytes:
    return media_files.place_of(copy.path).read_bytes()


def book_of(copy: Copy) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes_of(copy))
    return found


def words_in(copy: Copy) -> str:
    return data_text(bytes_of(copy))


def add_picture(voice: Voice, words: str = "The board by the door") -> bytes:
    file = BytesIO()
    Image.new("RGB", (30, 20), (200, 180, 120)).save(file, "PNG")
    path = media_files.new_place("voices", ".png")
    media_files.place_of(path).write_bytes(file.getvalue())
    attachment = Attachment.objects.create(
        voice=voice,
        kind="picture",
        content_type="image/png",
        path=path,
        name="board.png",
        size_bytes=file.tell(),
        created_at=timezone.now(),
    )
    VersionAttachment.objects.create(version=now_in(voice), attachment=attachment, words=words)
    return file.getvalue()


def many(two: Two, count: int) -> None:
    """So many entries of the professional in a row, every other one shared."""
    at = timezone.now()
    entries = Entry.objects.bulk_create(
        Entry(pair=two.pair, started_by=two.professional, form_key=uuid.uuid4(), created_at=at) for _ in range(count)
    )
    shared = [{"shared_version": 1, "shared_at": at} if number % 2 else {} for number in range(count)]
    voices = Voice.objects.bulk_create(
        Voice(entry=entry, author=two.professional, saved_at=at, **state)
        for entry, state in zip(entries, shared, strict=True)
    )
    VoiceVersion.objects.bulk_create(
        VoiceVersion(
            voice=voice,
            number=1,
            title=f"Entry {number}",
            happened_on=date(2026, 1, 1) + timedelta(days=number % 300),
            answers=[f"Words number {number}."],
            is_kept=True,
            began_at=at,
            saved_at=at,
        )
        for number, voice in enumerate(voices)
    )


def downloaded(client: Any, copy: Copy) -> bytes:
    response = client.get(reverse("learning_log:copy_file", args=[copy.pk]))
    return b"".join(response.streaming_content)


# ---- What is in it ----


def test_a_copy_of_400_entries_is_complete():
    two = make_pair()
    many(two, 400)

    copy = made(two.professional)

    book = book_of(copy)
    assert (copy.state, copy.entries_done, copy.entries_total) == (State.READY, 400, 400)
    assert len(book["entries"]) == 400
    assert {entry["voices"][0]["parts"][0]["markdown"] for entry in book["entries"]} == {
        f"Words number {number}." for number in range(400)
    }
    days = [entry["happened_on"] for entry in book["entries"]]
    assert days == sorted(days)


@pytest.mark.parametrize("form", FORMS)
def test_in_every_form_only_what_its_owner_may_read(form):
    """A canary stands in each place that is not theirs: none of them is in any file."""
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    write(two, two.professional, "my own draft")
    entry = write_and_share(two, two.partner, "shared with me")
    answer(entry, two.professional, "my answer")
    write(two, two.partner, "canary draft", title="canary title")
    changed = share(write(two, two.partner, "shared before"))
    actions.save_draft(voice=changed, version=1, text=text("canary changed since"), by=two.partner)
    actions.take_back(voice=share(write(two, two.partner, "canary taken back")), by=two.partner)
    asked = write(two, two.professional, "my side", title="The sealed moment")
    sealed = actions.ask_partner(voice=asked, version=1, is_sealed=True, by=two.professional)
    share(actions.write_side(entry=sealed, text=text("canary sealed"), by=two.partner))
    drafted = actions.draft_response(entry=entry, body="canary answer draft", form_key=uuid.uuid4(), by=two.partner)
    theirs = write_and_share(others, others.professional, "canary of another pair")
    answer(theirs, others.partner, "canary answer of another pair")

    copy = made(two.professional, {"word": "docx", "web": "html", "data": "json"}.get(form, form))

    found = FORMS[form][1](bytes_of(copy))
    assert drafted.is_draft
    assert "canary" not in found
    for mine in ("my own draft", "shared with me", "my answer", "shared before", "my side"):
        assert mine in found


def test_what_others_released_beyond_their_pair_is_read_there_and_not_taken_away():
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    write(two, two.professional, "mine")
    voice = write(others, others.professional, "canary for the cohort")
    actions.propose_release(
        entry=voice.entry,
        versions=[(voice.pk, 1)],
        terms=actions.ReleaseTerms(audience="cohort", ends_at=timezone.now() + timedelta(days=30)),
        by=others.professional,
    )
    assert VoiceVersion.objects.read_by(two.professional).count() == 2

    assert "canary" not in words_in(made(two.professional))


def test_only_mine_holds_no_word_of_anybody_else():
    two = make_pair()
    entry = write_and_share(two, two.professional, "mine")
    answer(entry, two.partner, "canary answer")
    answer(entry, two.professional, "my answer")
    write_and_share(two, two.partner, "canary entry")

    copy = made(two.professional, with_partner=False)

    assert "canary" not in words_in(copy)
    assert "my answer" in words_in(copy)
    assert (copy.entries_total, copy.others_versions, copy.others_responses) == (1, [], [])


def test_without_answers_there_is_none():
    two = make_pair()
    answer(write_and_share(two, two.professional), two.partner, "canary")

    assert "canary" not in words_in(made(two.professional, with_answers=False))
    assert "canary" in words_in(made(two.professional))


def test_both_voices_stand_with_their_side_words_and_audience_in_the_owners_zone():
    two = make_pair()
    User.objects.filter(pk=two.professional.pk).update(time_zone="Asia/Kolkata", called="Ward sister")
    User.objects.filter(pk=two.partner.pk).update(called="Carer")
    voice = write(two, two.professional, "mine", title="The same Friday", tags=("home",))
    picture = add_picture(voice)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=False, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text("theirs"), by=two.partner))
    actions.write_together(entry=entry, text=text("ours"), version=0, by=two.partner)

    copy = made(User.objects.get(pk=two.professional.pk))

    (found,) = book_of(copy)["entries"]
    voices = [(one["side"], one["role_words"], one["is_own"], one["is_together"]) for one in found["voices"]]
    assert voices == [
        ("professional", "Ward sister", True, False),
        ("partner", "Carer", False, False),
        ("", "", False, True),
    ]
    assert found["audience"] == "The two of you can read this in the log."
    assert found["tags"] == ["home"]
    assert found["voices"][0]["saved_at"].endswith("+05:30")
    (held,) = found["voices"][0]["attachments"]
    assert (held["file_name"], held["words"]) == ("board.png", "The board by the door")
    assert len(picture) > 0
    assert held["data"]


def test_the_number_of_queries_grows_by_fifties_only():
    two = make_pair()

    def queries_for(count: int) -> int:
        many(two, count)
        copy = ask(User.objects.get(pk=two.professional.pk))  # whose roles are not known yet
        with CaptureQueriesContext(
            connection,
        ) as seen:
            copying.contents_of(copy, at=timezone.now())
        return len(seen)

    one, fifty, a_hundred = queries_for(1), queries_for(49), queries_for(50)

    assert one == fifty
    assert a_hundred - fifty < fifty


def test_a_portfolio_holds_the_chosen_entries_in_their_order_and_says_what_is_missing():
    two = make_pair()
    first = write(two, two.professional, "first").entry
    theirs = write_and_share(two, two.partner, "theirs")
    last = write(two, two.professional, "last").entry
    write(two, two.professional, "canary: not chosen")
    copy = actions.choose_entries(chosen=[last.pk, theirs.pk, first.pk], form_key=uuid.uuid4(), by=two.professional)
    actions.arrange_copy(
        copy=copy, terms=terms(title="My appraisal", purpose="Dr Vance, appraisal"), by=two.professional
    )
    actions.take_back(voice=Voice.objects.get(entry=theirs), by=two.partner)
    actions.make_copy(copy=copy, by=two.professional)

    ready = make_claimed()

    book = book_of(ready)
    assert [entry["voices"][0]["parts"][0]["markdown"] for entry in book["entries"]] == ["last", "first"]
    assert (book["title"], book["purpose"]) == ("My appraisal", "For Dr Vance, appraisal")
    assert (ready.entries_total, ready.left_out) == (2, 1)


# ---- Gone when it is taken back ----


def take_back_entry(two: Two, entry: Entry) -> None:
    actions.take_back(voice=Voice.objects.get(entry=entry), by=two.partner)


def share_other_words(two: Two, entry: Entry) -> None:
    voice = Voice.objects.get(entry=entry)
    share(actions.save_draft(voice=voice, version=voice.version, text=text("other words"), by=two.partner))


def owner_leaves(two: Two, entry: Entry) -> None:
    leave(two.pair, two.professional)


def partner_is_erased(two: Two, entry: Entry) -> None:
    personal_data.erase(two.partner)


def answer_removed(two: Two, entry: Entry) -> None:
    for response in entry.responses.filter(author=two.partner):
        actions.remove_response(response=response, by=two.partner)


@pytest.mark.parametrize(
    "withdraw", [take_back_entry, share_other_words, owner_leaves, partner_is_erased, answer_removed]
)
def test_what_is_no_longer_shared_takes_the_file_with_it(client, withdraw):
    two = make_pair()
    write(two, two.professional, "mine")
    entry = write_and_share(two, two.partner, "theirs")
    answer(entry, two.partner, "their answer")
    copy = made(two.professional)
    client.force_login(two.professional)
    assert downloaded(client, copy) == bytes_of(copy)

    withdraw(two, entry)
    refused = client.get(reverse("learning_log:copy_file", args=[copy.pk]))

    assert refused.url == reverse("learning_log:copy", args=[copy.pk])
    copy.refresh_from_db()
    assert (copy.state, copy.path, copy.others_versions) == (State.WITHDRAWN, "", [])
    assert "Something in it is no longer shared with you" in client.get(refused.url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_file_itself_goes_with_it_and_ones_own_words_come_again(client):
    two = make_pair()
    write(two, two.professional, "mine")
    entry = write_and_share(two, two.partner, "theirs")
    copy = made(two.professional)
    place = media_files.place_of(copy.path)
    take_back_entry(two, entry)

    clear_copies()

    copy.refresh_from_db()
    assert copy.state == State.WITHDRAWN
    assert not place.exists()
    actions.make_copy(copy=copy, by=two.professional)
    again = make_claimed()
    assert "theirs" not in words_in(again)
    assert "mine" in words_in(again)


def test_changing_and_deleting_ones_own_words_leaves_the_copy():
    two = make_pair()
    voice = write(two, two.professional, "mine")
    copy = made(two.professional)

    actions.delete_draft(voice=voice, version=1, by=two.professional)

    assert copying.is_still_shared(copy)


def test_what_is_taken_back_while_the_file_is_made_does_not_get_out():
    """The words are collected already when the partner takes them back."""
    two = make_pair()
    write(two, two.professional, "mine")
    entry = write_and_share(two, two.partner, "canary")
    ask(two.professional)
    claimed = making.claim()
    assert claimed is not None

    contents = making.collect(claimed, timezone.now())
    take_back_entry(two, entry)

    with pytest.raises(copying.Incomplete):
        making.write(claimed, contents)
    assert len(contents.book.entries) == 2
    assert Copy.objects.get().state == State.MAKING
    assert not media_files.place_of(claimed.path).exists()


# ---- Made once, and made again ----


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_it_in_a_process_of_its_own(monkeypatch, settings):
    """The real task, the real child, on the test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    settings.MEDIA_ROOT = Path(os.environ["DATA_DIR"]) / "media"
    two = make_pair()
    write(two, two.professional, "Words for the file")
    copy = ask(two.professional, "pdf")

    make_copies()

    copy.refresh_from_db()
    assert (copy.state, copy.attempts) == (State.READY, 1)
    assert "Words for the file" in FORMS["pdf"][1](bytes_of(copy))
    assert media_files.place_of(copy.path).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_a_child_that_dies_is_tried_three_times_and_then_said(monkeypatch, client):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:9/nothing")
    two = make_pair()
    write(two, two.professional)
    copy = ask(two.professional)

    states = []
    for _time in range(4):
        make_copies()
        copy.refresh_from_db()
        states.append((copy.state, copy.attempts))

    assert states == [(State.WAITING, 1), (State.WAITING, 2), (State.FAILED, 3), (State.FAILED, 3)]
    client.force_login(two.professional)
    page = client.get(reverse("learning_log:copy", args=[copy.pk])).content.decode()
    assert "Try again" in page
    client.post(reverse("learning_log:copy_make", args=[copy.pk]))
    copy.refresh_from_db()
    assert (copy.state, copy.attempts) == (State.WAITING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_copy_whose_worker_was_killed_is_taken_up_again_and_made_once():
    two = make_pair()
    write(two, two.professional)
    ask(two.professional)
    killed = making.claim()
    assert killed is not None
    media_files.place_of(killed.path).write_bytes(b"half a file")

    assert making.claim() is None
    Copy.objects.update(claimed_at=timezone.now() - making.LEASE)
    ready = make_claimed()

    assert (ready.state, ready.attempts) == (State.READY, 2)
    assert not media_files.place_of(killed.path).exists()
    assert making.make(killed) is False
    assert not media_files.place_of(killed.path).exists()
    assert Copy.objects.get().path == ready.path


def test_three_lost_workers_are_enough():
    two = make_pair()
    write(two, two.professional)
    copy = ask(two.professional)

    for _time in range(making.MOST_ATTEMPTS):
        assert making.claim() is not None
        Copy.objects.update(claimed_at=timezone.now() - making.LEASE)

    assert making.claim() is None
    copy.refresh_from_db()
    assert copy.state == State.FAILED


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_make_it_once():
    two = make_pair()
    write(two, two.professional)
    ask(two.professional)

    claims = at_once(lambda _number: making.claim(), threads=8)

    assert [claim.attempts for claim in claims if claim is not None] == [1]


@pytest.mark.django_db(transaction=True)
def test_one_click_twice_is_one_copy():
    two, key = make_pair(), uuid.uuid4()

    copies = at_once(lambda _number: actions.ask_for_copy(terms=terms(), form_key=key, by=two.professional), threads=4)

    assert len({copy.pk for copy in copies}) == 1
    assert Copy.objects.count() == 1


def test_one_is_made_at_a_time():
    two = make_pair()
    ask(two.professional)
    ask(two.partner)

    assert making.claim() is not None
    assert making.claim() is None


def test_ten_copies_are_enough():
    two = make_pair()
    for _number in range(10):
        ask(two.professional)

    with pytest.raises(TooManyCopies):
        ask(two.professional)


# ---- Gone after a day, and with the person ----


@pytest.mark.django_db(transaction=True)
def test_a_day_later_the_file_and_the_row_are_gone(client):
    two = make_pair()
    write(two, two.professional)
    copy = made(two.professional)
    Copy.objects.update(expires_at=timezone.now())
    client.force_login(two.professional)

    assert client.get(reverse("learning_log:copy_file", args=[copy.pk])).status_code == 404
    clear_copies()

    assert not Copy.objects.exists()
    assert not media_files.place_of(copy.path).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["thrown away", "erased"])
def test_thrown_away_or_erased_with_the_person(how):
    two = make_pair()
    write(two, two.professional)
    copy = made(two.professional)
    place = media_files.place_of(copy.path)

    if how == "erased":
        personal_data.erase(two.professional)
    else:
        actions.throw_copy_away(copy=copy, by=two.professional)
        actions.throw_copy_away(copy=copy, by=two.professional)

    assert not Copy.objects.exists()
    assert not place.exists()


def test_what_was_thrown_away_cannot_be_made():
    two = make_pair()
    copy = ask(two.professional)
    actions.throw_copy_away(copy=copy, by=two.professional)

    with pytest.raises(CopyGone):
        actions.make_copy(copy=copy, by=two.professional)
    with pytest.raises(CopyGone):
        actions.arrange_copy(copy=copy, chosen=[], by=two.professional)


# ---- Pages ----


PAGES = ("copy", "copy_file", "copy_choose_again", "copy_arrange", "copy_check", "copy_make", "copy_throw_away")


@pytest.mark.parametrize("page", PAGES)
def test_anothers_copy_is_not_found_or_not_touched(client, page):
    two = make_pair()
    write(two, two.professional, "canary")
    copy = made(two.professional)
    address = reverse(f"learning_log:{page}", args=[copy.pk])

    for person in (two.partner, make_person()):
        client.force_login(person)
        responses = [client.get(address), client.post(address)]
        assert {response.status_code for response in responses} <= {302, 404, 405}
        assert b"canary" not in b"".join(response.content for response in responses)

    copy.refresh_from_db()
    assert copy.state == State.READY
    assert media_files.place_of(copy.path).exists()


def test_the_file_is_handed_out_to_be_kept_and_cached_nowhere(client):
    two = make_pair()
    write(two, two.professional, "mine")
    copy = made(two.professional, "html")
    client.force_login(two.professional)

    response = client.get(reverse("learning_log:copy_file", args=[copy.pk]))

    assert b"".join(response.streaming_content) == bytes_of(copy)
    assert response["Cache-Control"] == "private, no-store"
    day = timezone.localdate(copy.created_at, timezone=two.professional.zone)
    assert response["Content-Disposition"] == f'attachment; filename="learning-log-{day}.html"'


def test_the_page_looks_again_only_while_the_copy_is_made(client):
    two = make_pair()
    many(two, 3)
    copy = ask(two.professional)
    client.force_login(two.professional)
    address = reverse("learning_log:copy", args=[copy.pk])

    def page(of: str = address) -> str:
        return str(client.get(of).content.decode())

    waiting, still = page(), page(f"{address}?still")
    make_claimed()
    ready = page()

    assert 'http-equiv="refresh"' in waiting
    assert "<progress" in waiting
    assert 'role="status"' in waiting
    assert 'http-equiv="refresh"' not in still
    assert 'http-equiv="refresh"' not in ready
    assert "All 3 entries are in it." in ready


def test_a_copy_is_asked_for_on_the_page(client, django_capture_on_commit_callbacks):
    two = make_pair()
    write(two, two.professional)
    client.force_login(two.professional)
    fields = {"form": "docx", "words": "mine", "form_key": str(uuid.uuid4())}

    with django_capture_on_commit_callbacks() as callbacks:
        response = client.post(reverse("learning_log:copy_new"), fields)
        client.post(reverse("learning_log:copy_new"), fields)

    copy = Copy.objects.get()
    assert response.url == reverse("learning_log:copy", args=[copy.pk])
    assert (copy.form, copy.with_partner, copy.with_answers, copy.chosen) == ("docx", False, False, None)
    assert len(callbacks) >= 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"form": ""}, "Choose what the copy is to be"),
        ({"form": "exe"}, "exe"),
        ({"words": ""}, "Choose whose words are to be in it."),
        ({"words": "everybody"}, "everybody"),
    ],
)
def test_bad_input_comes_back_filled(client, wrong, said):
    two = make_pair()
    write(two, two.professional)
    client.force_login(two.professional)
    fields = {"form": "docx", "words": "mine", "form_key": "no key"} | wrong

    page = client.post(reverse("learning_log:copy_new"), fields).content.decode()

    assert "There is a problem" in page
    assert said in page
    assert ('value="docx" id="id_form_1" checked' in page) == ("form" not in wrong)
    assert not Copy.objects.exists()


def test_a_portfolio_is_put_together_in_three_steps(client):
    two = make_pair()
    first, second = (write(two, two.professional, word, title=word).entry for word in ("first", "second"))
    theirs = write_and_share(two, two.partner, "theirs", title="theirs")
    client.force_login(two.professional)

    begun = client.post(
        reverse("learning_log:copy_choose"),
        {"entry": [first.pk, second.pk, theirs.pk], "form_key": str(uuid.uuid4())},
    )
    copy = Copy.objects.get()
    assert begun.url == reverse("learning_log:copy_arrange", args=[copy.pk])
    assert copy.chosen == [first.pk, second.pk, theirs.pk]
    fields = {
        f"place-{first.pk}": "2",
        f"place-{second.pk}": "9",
        f"place-{theirs.pk}": "1",
        "title": "My appraisal",
        "purpose": "Dr Vance",
        "form": "json",
        "words": "both",
    }
    arranged = client.post(begun.url, fields)
    assert arranged.url == reverse("learning_log:copy_check", args=[copy.pk])
    check = client.get(arranged.url).content.decode()
    assert check.index("theirs") < check.index("first") < check.index("second")
    assert "3 entries, in this order" in check
    again = client.post(reverse("learning_log:copy_choose_again", args=[copy.pk]), {"entry": [first.pk, theirs.pk]})
    assert again.url == begun.url
    copy.refresh_from_db()
    assert copy.chosen == [theirs.pk, first.pk]
    client.post(reverse("learning_log:copy_make", args=[copy.pk]))

    assert [entry["title"] for entry in book_of(make_claimed())["entries"]] == ["theirs", "first"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "x" * 201}, "Make the title shorter"),
        ({"purpose": "x" * 301}, "Make this shorter"),
        ({"words": "mine"}, "In 1 of these entries you have no words."),
        ({"place": ""}, "Give every entry a place"),
        ({"place": "first"}, "Write the place as a number"),
        ({"place": "0"}, "Places begin at 1."),
    ],
)
def test_a_portfolio_with_bad_input_comes_back_filled(client, wrong, said):
    two = make_pair()
    entry = write_and_share(two, two.partner)
    copy = actions.choose_entries(chosen=[entry.pk], form_key=uuid.uuid4(), by=two.professional)
    client.force_login(two.professional)
    fields = {"title": "Kept title", "purpose": "Kept purpose", "form": "html", "words": "both", "place": "7"} | wrong
    fields[f"place-{entry.pk}"] = fields.pop("place")

    page = client.post(reverse("learning_log:copy_arrange", args=[copy.pk]), fields).content.decode()

    assert said in page
    assert ("Kept title" in page) == ("title" not in wrong)
    assert ("Kept purpose" in page) == ("purpose" not in wrong)
    copy.refresh_from_db()
    assert copy.title == ""


@pytest.mark.parametrize("ticks", [[], ["canary"], ["0"]])
def test_ticking_nothing_or_nonsense_begins_nothing(client, ticks):
    two = make_pair()
    kept = write(two, two.professional).entry
    client.force_login(two.professional)

    page = client.post(
        reverse("learning_log:copy_choose"), {"entry": [*ticks, *([kept.pk] if ticks else [])], "form_key": "no key"}
    ).content.decode()

    assert "There is a problem" in page
    assert (f'id="entry-{kept.pk}" checked' in page) == bool(ticks)
    assert not Copy.objects.exists()


def test_anothers_entry_cannot_be_ticked(client):
    two, others = make_pair(), make_pair()
    write(two, two.professional)
    theirs = write_and_share(others, others.professional, "canary", title="canary")
    client.force_login(two.professional)

    page = client.post(reverse("learning_log:copy_choose"), {"entry": [theirs.pk]}).content.decode()

    assert "canary" not in page
    assert not Copy.objects.exists()


def test_somebody_without_a_log_is_told_so(client):
    client.force_login(make_person())

    new = client.get(reverse("learning_log:copy_new")).content.decode()
    choose = client.get(reverse("learning_log:copy_choose")).content.decode()

    assert "There is nothing in your log yet that could be copied." in new
    assert "There is nothing to choose from yet" in choose


def test_the_list_asks_as_much_for_one_copy_as_for_ten(client):
    two = make_pair()
    write(two, two.professional)
    client.force_login(two.professional)
    counts = []
    for _number in range(2):
        made(two.professional)
        client.get(reverse("learning_log:copies"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("learning_log:copies"))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_copy_says_when_it_goes(client):
    two = make_pair()
    write(two, two.professional)
    copy = made(two.professional)

    left: timedelta = copy.expires_at - datetime.now(tz=copy.expires_at.tzinfo)

    assert timedelta(hours=23, minutes=55) < left <= timedelta(hours=24)
