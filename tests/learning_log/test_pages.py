"""The pages of a log, as their readers meet them."""

import re
import uuid
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning_log import actions
from learning_log.models import Entry, Response, Voice, VoiceVersion
from tests.learning_log.factories import Two, answer, make_pair, now_in, share, text, write, write_and_share

pytestmark = pytest.mark.django_db

XSS = Path(__file__).resolve().parents[2].parent / "shared" / "corpora" / "xss.txt"


def as_(person: Any) -> Client:
    from tests.conftest import SecureClient

    reader = SecureClient()
    reader.force_login(person)
    return reader


def sent(body: str = "They gave us nine minutes.", **fields: Any) -> dict[str, Any]:
    return {
        "title": "The ward meeting",
        "answer_0": body,
        "approaches": "learn",
        "form_key": str(uuid.uuid4()),
        **fields,
    }


def words_of(response: Any) -> str:
    """What a reader sees, without the marks."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    return re.sub(r"\s+", " ", "".join(tree.find("body").itertext()))


# ---- The journey ----


def test_a_draft_is_written_left_found_again_shared_read_and_answered():
    two = make_pair()
    author, partner = as_(two.professional), as_(two.partner)

    author.post("/log/new/", sent("They gave us **nine** minutes."))
    entry = Entry.objects.get()
    listed, hidden = author.get("/log/"), partner.get(f"/log/{entry.pk}/")
    rehearsal = author.get(f"/log/{entry.pk}/share/")
    author.post(f"/log/{entry.pk}/share/", {"version": 1})
    read = partner.get(f"/log/{entry.pk}/")
    partner.post(f"/log/{entry.pk}/respond/", {"body": "I hoped so.", "form_key": str(uuid.uuid4()), "circle": "pair"})
    answered = author.get(f"/log/{entry.pk}/")

    assert "The ward meeting They gave us nine minutes. You wrote" in words_of(listed)
    assert "Only you" in words_of(listed)
    assert hidden.status_code == 404
    assert "They gave us nine minutes." in words_of(rehearsal)
    assert "<strong>nine</strong>" in read.content.decode()
    assert "I hoped so." in words_of(answered)


def test_saving_can_lead_straight_to_the_rehearsal():
    two = make_pair()

    response = as_(two.professional).post("/log/new/", sent(next="share"))

    assert response.headers["Location"] == f"/log/{Entry.objects.get().pk}/share/"
    assert not Voice.objects.get().is_shared


def test_opening_any_page_changes_nothing():
    two = make_pair()
    entry, draft = write_and_share(two, two.professional), write(two, two.professional).entry
    response = answer(entry, two.partner)
    before = list(Voice.objects.order_by("pk").values()), list(Response.objects.values())
    reader = as_(two.professional)

    for page in ("", "edit/", "share/", "take-back/", "respond/", f"responses/{response.pk}/remove/"):
        assert reader.get(f"/log/{entry.pk}/{page}").status_code == 200, page
    assert reader.get(f"/log/{draft.pk}/delete/").status_code == 200

    assert (list(Voice.objects.order_by("pk").values()), list(Response.objects.values())) == before


def test_where_to_turn_if_someone_is_at_risk_stands_on_every_page_where_people_write_or_read():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    reader = as_(two.professional)

    for page in ("/log/", "/log/new/", f"/log/{entry.pk}/", f"/log/{entry.pk}/edit/", f"/log/{entry.pk}/respond/"):
        assert "If someone is at risk" in words_of(reader.get(page)), page


def test_the_audience_stands_under_the_title():
    two = make_pair()
    draft, shared = write(two, two.professional).entry, write_and_share(two, two.professional)
    author = as_(two.professional)

    assert "Only you can read this. Nobody else can see that it exists." in words_of(author.get(f"/log/{draft.pk}/"))
    assert "The two of you can read this: you and Desmond Quill." in words_of(author.get(f"/log/{shared.pk}/"))
    assert "The two of you can read this. Nobody else can" in words_of(as_(two.partner).get(f"/log/{shared.pk}/"))


def test_without_a_pair_the_log_says_when_it_will_open(client):
    from tests.accounts.factories import make_person

    stranger = as_(make_person())

    assert "Your log opens when you join a pair" in words_of(stranger.get("/log/"))
    assert stranger.get("/log/new/").status_code == 404


def test_an_empty_log_offers_the_first_step():
    page = as_(make_pair().professional).get("/log/")

    assert "Your first entry will be here" in words_of(page)
    assert 'href="/log/new/"' in page.content.decode()


def test_sharing_waits_for_the_partner():
    two = make_pair(joined=("professional",))
    entry = write(two, two.professional).entry
    author = as_(two.professional)

    assert "There is nobody to share with yet" in words_of(author.get(f"/log/{entry.pk}/share/"))
    author.post(f"/log/{entry.pk}/share/", {"version": 1})
    assert not Voice.objects.get().is_shared


# ---- Second clicks and second tabs ----


def test_a_second_click_on_save_as_draft_makes_one_entry():
    two, fields = make_pair(), sent()
    author = as_(two.professional)

    addresses = {author.post("/log/new/", fields).headers["Location"] for _click in range(2)}

    assert addresses == {f"/log/{Entry.objects.get().pk}/"}


def test_a_second_click_on_each_button_is_harmless():
    two = make_pair()
    entry, draft = write_and_share(two, two.professional), write(two, two.professional).entry
    response = answer(entry, two.partner)
    author, partner, key = as_(two.professional), as_(two.partner), str(uuid.uuid4())

    for reader, address, fields in (
        (author, f"/log/{entry.pk}/edit/", sent("Two", version=1)),
        (author, f"/log/{entry.pk}/share/", {"version": 2}),
        (partner, f"/log/{entry.pk}/respond/", {"body": "Once", "form_key": key, "circle": "pair"}),
        (partner, f"/log/{entry.pk}/responses/{response.pk}/remove/", {}),
        (author, f"/log/{entry.pk}/take-back/", {}),
        (author, f"/log/{draft.pk}/delete/", {"version": 1}),
    ):
        statuses = [reader.post(address, fields).status_code for _click in range(2)]
        assert statuses == [302, 302], address

    assert VoiceVersion.objects.count() == 2
    assert Response.objects.standing().count() == 1


def test_a_stale_save_shows_both_texts_and_the_difference_and_loses_neither():
    two = make_pair()
    voice = write(two, two.professional, "Hello.\n\nWe met on Friday.")
    actions.save_draft(voice=voice, version=1, text=text("Hello.\n\nWe met on Saturday."), by=two.professional)
    author = as_(two.professional)

    clash = author.post(f"/log/{voice.entry_id}/edit/", sent("Hello.\r\n\r\nWe met on Sunday.", version=1))
    page = clash.content.decode()
    again = author.post(f"/log/{voice.entry_id}/edit/", sent("We met at the weekend.", version=2))

    assert clash.status_code == 409
    assert "This entry was saved somewhere else in the meantime" in words_of(clash)
    assert re.search(r"<textarea[^>]*>\s*Hello\.\s*We met on Sunday\.</textarea>", page)
    assert re.search(r"Hello\.\n\nWe met on <del>.*Saturday</del><ins>.*Sunday</ins>", page, re.DOTALL)
    assert again.status_code == 302
    assert [version.body for version in VoiceVersion.objects.order_by("number")] == [
        "Hello.\n\nWe met on Friday.",
        "Hello.\n\nWe met on Saturday.",
        "We met at the weekend.",
    ]


def test_sharing_words_that_changed_meanwhile_asks_to_look_again():
    two = make_pair()
    voice = write(two, two.professional, "One")
    author = as_(two.professional)
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)

    response = author.post(f"/log/{voice.entry_id}/share/", {"version": 1}, follow=True)

    assert "The words have changed since you opened this page" in words_of(response)
    assert not Voice.objects.get().is_shared


# ---- Nothing typed is lost ----


def test_a_refused_form_comes_back_filled_and_says_what_to_put_right():
    two = make_pair()

    response = as_(two.professional).post(
        "/log/new/", sent("  Mine\r\n<b>", happened_on_day="31", happened_on_month="2", happened_on_year="2026")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "Error: " in page
    assert re.search(r"<textarea[^>]*>\n  Mine\r?\n&lt;b&gt;</textarea>", page)
    assert 'value="31"' in page
    assert "real date" in words_of(response)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("where", ["/log/new/", "/log/{}/edit/", "/log/{}/respond/"])
def test_what_was_typed_when_the_session_had_ended_is_back_after_signing_in(where: str):
    two = make_pair()
    entry = write_and_share(two, two.professional)
    address = where.format(entry.pk)
    reader = as_(two.professional)
    reader.cookies.clear()

    typed = "Typed after the session had ended."
    refused = reader.post(address, sent(typed, version=1) | {"body": typed})
    reader.force_login(two.professional)
    page = reader.get(address)

    assert refused.status_code == 302
    assert re.search(r"<textarea[^>]*>\s*Typed after the session had ended\.</textarea>", page.content.decode())


def test_an_answer_to_an_entry_just_taken_back_comes_back_to_its_writer():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    actions.take_back(voice=entry.voices.get(), by=two.professional)

    there = as_(two.partner).post(f"/log/{entry.pk}/respond/", {"body": "My own words"})
    nowhere = as_(two.partner).post("/log/987654/respond/", {"body": "My own words"})

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert "My own words" in words_of(there)
    assert words_of(there) == words_of(nowhere)


def test_an_entry_of_twenty_thousand_words_in_many_scripts_is_saved_and_shown_whole():
    two = make_pair()
    body = "\n\n".join(["שלום לכולם", "مرحبا بالجميع", "नमस्ते", "你好", "Grüße 👩🏽‍⚕️", *["word " * 99 + "end"] * 200])
    author = as_(two.professional)

    author.post("/log/new/", sent(body, title="يوم الجمعة"))

    page = author.get(f"/log/{Entry.objects.get().pk}/").content.decode()
    assert now_in(Voice.objects.get()).body == body
    assert page.count("word") >= 200 * 99
    assert '<p dir="auto">שלום לכולם</p>' in page
    assert '<h1 dir="auto">يوم الجمعة</h1>' in page


# ---- Finding again ----


def test_entries_stand_by_the_day_they_happened_and_older_ones_on_further_pages():
    two = make_pair()
    for number in range(120):
        write(two, two.professional, title=f"Entry {number:03}", happened_on=timezone.localdate().replace(day=1))
    author = as_(two.professional)

    titles, address = [], "/log/"
    while address:
        page = author.get(address).content.decode()
        titles += re.findall(r"<bdi>(Entry \d+)</bdi>", page)
        older = re.search(r'href="/log/(\?before=[^"]+)"', page)
        address = f"/log/{older.group(1)}" if older else ""

    assert titles == [f"Entry {number:03}" for number in reversed(range(120))]


@pytest.mark.parametrize("before", ["x", "2026-11-20", "2026-11-20.x", "99999999999.1", "2026-11-20." + "9" * 40, "."])
def test_a_mangled_place_in_the_address_is_no_error(before: str):
    assert as_(make_pair().professional).get("/log/", {"before": before}).status_code == 200


def queries_of(reader: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert reader.get(address).status_code == 200
    return len(queries)


def test_pages_ask_as_often_for_many_entries_as_for_one():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    answer(entry, two.partner)
    reader = as_(two.partner)
    reader.get("/log/")
    one = queries_of(reader, "/log/"), queries_of(reader, f"/log/{entry.pk}/")
    for number in range(30):
        answer(write_and_share(two, two.professional), two.partner)
        answer(entry, (two.professional, two.partner)[number % 2])

    many = queries_of(reader, "/log/"), queries_of(reader, f"/log/{entry.pk}/")

    assert many == one
    assert max(one) <= 12


# ---- Nothing leaks ----

CANARY = "kanarienvogel"


def place_canaries(two: Two) -> dict[str, Entry]:
    """Entries in every state, with the canary in every field a person can fill."""
    made = {
        "draft": write(two, two.professional, f"{CANARY} draft", title=f"{CANARY} draft").entry,
        "shared": write_and_share(two, two.professional, f"{CANARY} shared", title=f"{CANARY} shared"),
        "changed": write_and_share(two, two.professional, f"{CANARY} changed", title=f"{CANARY} changed"),
        "taken back": write_and_share(two, two.professional, f"{CANARY} taken", title=f"{CANARY} taken"),
    }
    answer(made["shared"], two.partner, f"{CANARY} answer")
    answer(made["taken back"], two.partner, f"{CANARY} answer")
    changed, taken = made["changed"].voices.get(), made["taken back"].voices.get()
    since = text(f"{CANARY} since", title=f"{CANARY} changed")
    actions.save_draft(voice=changed, version=1, text=since, by=two.professional)
    actions.take_back(voice=taken, by=two.professional)
    return made


def log_addresses(made: dict[str, Entry]) -> list[str]:
    pages = ("", "edit/", "share/", "take-back/", "delete/", "respond/")
    addresses = [f"/log/{entry.pk}/{page}" for entry in made.values() for page in pages]
    answers = Response.objects.values_list("entry_id", "pk")
    return ["/log/", "/log/new/", *addresses, *(f"/log/{entry}/responses/{pk}/remove/" for entry, pk in answers)]


def test_the_canary_appears_to_author_and_partner_and_nobody_else(capfd):
    from accounts.models import Role
    from tests.accounts.factories import make_person, make_staff, make_superuser

    two, others = make_pair(), make_pair()
    made = place_canaries(two)
    curious = {
        "other pair": others.professional,
        "stranger": make_person(),
        "every role": make_staff(*Role),
        "superuser": make_superuser(),
        "visitor": None,
    }

    seen = set()
    for name, person in curious.items():
        reader = as_(person) if person else Client()
        for address in log_addresses(made):
            for act in (reader.get, reader.head, reader.post):
                answered = act(address, secure=True)
                told = answered.content.decode() + str(answered.headers)
                if CANARY in told or (answered.status_code == 200 and address not in ("/log/", "/log/new/")):
                    seen.add((name, address))

    assert seen == set()
    assert CANARY not in "".join(capfd.readouterr())


def test_the_partner_reads_only_what_is_shared_now():
    two = make_pair()
    made = place_canaries(two)
    partner = as_(two.partner)

    told = {}
    for address in log_addresses(made):
        found = set(re.findall(rf"{CANARY} (\w+)", partner.get(address).content.decode()))
        if found:
            told[address] = found

    shared, changed = made["shared"].pk, made["changed"].pk
    removal = f"/log/{shared}/responses/{made['shared'].responses.get().pk}/remove/"
    assert told == {
        "/log/": {"shared", "changed"},
        f"/log/{shared}/": {"shared", "answer"},
        f"/log/{shared}/respond/": {"shared", "answer"},
        removal: {"shared", "answer"},
        f"/log/{changed}/": {"changed"},
        f"/log/{changed}/respond/": {"changed"},
    }


def test_a_reader_may_look_but_not_write():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    partner = as_(two.partner)

    statuses = {
        partner.post(f"/log/{entry.pk}/{page}/", sent("Mine now", version=1)).status_code
        for page in ("edit", "share", "take-back", "delete")
    }

    assert statuses == {403}
    assert now_in(Voice.objects.get()).body == "They gave us nine minutes."


def test_the_console_and_the_admin_hold_no_trace():
    from accounts.models import AuditEvent, Role
    from notifications.models import LedgerRow
    from tests.accounts.factories import make_staff, make_superuser

    two = make_pair()
    make_staff(Role.MANAGER)
    before = AuditEvent.objects.count(), LedgerRow.objects.count()
    place_canaries(two)
    admin = as_(make_superuser())

    for address in ("/admin/", "/admin/accounts/auditevent/", f"/admin/accounts/user/{two.professional.pk}/change/"):
        page = admin.get(address).content.decode()
        assert CANARY not in page
        assert "learning_log" not in page
    kinds = AuditEvent.objects.filter(target_type__startswith="learning_log").count()
    assert (kinds, LedgerRow.objects.count()) == (0, before[1])


def test_pages_of_a_log_are_stored_nowhere():
    two = make_pair()
    entry = write_and_share(two, two.professional)

    for address in ("/log/", f"/log/{entry.pk}/"):
        assert "no-store" in as_(two.partner).get(address).headers["Cache-Control"]


def test_old_sessions_and_mail_hold_no_word_of_a_log():
    from django.contrib.sessions.models import Session

    two = make_pair()
    author = as_(two.professional)
    author.post("/log/new/", sent(CANARY, title=CANARY))
    author.get("/log/")

    assert not any(CANARY in str(session.get_decoded()) for session in Session.objects.all())
    call_command("check")


# ---- Attacks ----


def assert_nothing_runs(page: str, known_scripts: set[str]) -> None:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        assert node.tag not in {"iframe", "object", "embed", "base", "style", "marquee", "math"}, node.tag
        if node.tag == "script":
            assert node.get("src") in known_scripts
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on"), name
            if name in {"href", "src", "action", "formaction"}:
                assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), value
                assert not value.startswith(("//", "/\\")), value


@pytest.mark.skipif(not XSS.exists(), reason="the corpus ../shared/corpora/xss.txt is not on this machine")
def test_the_corpus_of_attacks_runs_nowhere():
    two = make_pair()
    author, partner = as_(two.professional), as_(two.partner)
    lines = XSS.read_text(encoding="utf-8", errors="replace").splitlines()
    actions.read_introduction(by=two.professional)
    empty = author.get("/log/").content.decode() + author.get("/log/new/").content.decode()
    known = set(re.findall(r'<script [^>]*src="(/static/[^"]+)"', empty))

    for start in range(0, len(lines), 40):
        chunk = lines[start : start + 40]
        body = "\n\n".join(f"{line}\n\n[x]({line})" for line in chunk)
        voice = write(two, two.professional, body, title=max(chunk, key=len)[:200])
        entry = share(voice).entry
        answer(entry, two.partner, body)
        for page in (
            partner.get(f"/log/{entry.pk}/"),
            author.get(f"/log/{entry.pk}/share/"),
            author.get(f"/log/{entry.pk}/edit/"),
            author.post(f"/log/{entry.pk}/edit/", sent(body[::-1], title=chunk[0], version=9)),
        ):
            assert_nothing_runs(page.content.decode(), known)
    assert_nothing_runs(partner.get("/log/").content.decode(), known)
