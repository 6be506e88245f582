"""Finding entries again: nobody finds, counts or is shown a word that they may not read."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

import cohorts.actions
from accounts.models import Role, User
from config.web_server import AccessLogger
from learning_log import actions, finding, overviews, personal_data
from learning_log.actions import ReleaseTerms
from learning_log.finding import FindForm
from learning_log.models import Attachment, Entry, Release, SearchedWords, VersionAttachment, Voice, VoiceVersion
from learning_log.snippets import Marker
from tests.accounts.factories import make_staff
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
from tests.learning_log.test_canary import EVERYBODY, MAY, STAFF, TWO, Stage, build, heard, reader
from tests.learning_log.test_pages import as_, words_of

pytestmark = pytest.mark.django_db

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
SURFACES = [
    {},
    *({"approach": approach} for approach in Entry.Theme.values),
    *({"who": who} for who in ("me", "partner", "both", "others")),
    *({"state": state} for state in ("me", "pair", "further", "waiting")),
    *({"step": step} for step in ("yes", "no")),
    {"since": "2026", "until": "2026-12"},
]


def found_by(person: Any, **asked: str) -> set[int]:
    """The entries that these filters leave, by id."""
    log = finding.log_of(person)
    form = FindForm(QueryDict(urlencode(asked)), log)
    assert not form.unused
    return finding.fitting(log, form.asked).entries


def titles(person: Any, **asked: str) -> set[str]:
    return set(finding.words_of(_fitting(person, asked)).values_list("moment_title", flat=True))


def _fitting(person: Any, asked: dict[str, str]) -> finding.Log:
    log = finding.log_of(person)
    return finding.fitting(log, FindForm(QueryDict(urlencode(asked)), log).asked)


def marks(response: Any) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", response.content.decode())


# ---- Nobody finds what is not theirs ----


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield build()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"visitor"}))
def test_a_canary_sings_only_for_its_readers_on_every_way_of_finding(stage: Stage, name: str):
    client = reader(stage.people[name])
    addresses = [f"/log/?{urlencode(asked)}" for asked in SURFACES]
    addresses += ["/log/calendar/", "/log/calendar/?month=2026-11", "/log/balance/"]

    met = {state for address in addresses for state in heard(client.get(address))}

    assert met <= {state for state, people in MAY.items() if name in people}


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"visitor"}))
def test_a_search_for_what_all_canaries_share_marks_exactly_what_is_theirs(stage: Stage, name: str):
    person = stage.people[name]

    page = reader(person).get("/log/", {"q": "canary"})
    sung = heard(page) | {found for one in marks(page) for found in re.findall(r"canary([a-z]+?)x", one)}
    counted = re.search(r"<strong>(\d+) entr", page.content.decode())

    # Answers stand on the entry's page; what is there for everybody stands among the stories.
    expected = {state for state, people in MAY.items() if name in people}
    expected -= {"answer", "begun", "circle", "listed"} | (set() if name in TWO else {"public"})
    expected -= {"shared"} if name == "author" else set()  # who has written on since
    assert sung - {"moment"} == expected - {"moment"}
    assert counted
    assert int(counted[1]) == len(finding.log_of(person).entries)


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"visitor"}))
def test_each_field_of_each_state_is_found_by_its_readers_alone(stage: Stage, name: str):
    log = finding.log_of(stage.people[name])
    without_files = {"since", "together"}

    found, expected = {}, {}
    for state in MAY.keys() - {"answer", "begun", "circle", "listed", "moment", "renamed"}:
        readers = MAY[state] - (EVERYBODY - TWO if state == "public" else set())
        for what in ("words", "tag", "step", "description"):
            found[state, what] = bool(finding.fitting(log, {"q": f"canary{state}x{what}"}).entries)
            expected[state, what] = name in readers and not (state in without_files and what == "description")
    if name == "author":  # who has written on since, and kept the file
        expected.update({("shared", what): False for what in ("words", "tag", "step")})

    assert found == expected


@pytest.mark.parametrize("name", sorted((STAFF - {"facilitator"}) | {"stranger"}))
def test_who_reads_nothing_has_an_empty_log_with_no_tag_and_no_count(stage: Stage, name: str):
    log = finding.log_of(stage.people[name])

    assert (log.lines, log.tags, log.sessions) == ([], [], {})
    assert overviews.balance_of(log).entries == 0


def test_each_tag_is_offered_to_its_readers_alone(stage: Stage):
    offered = {
        name: {re.sub(r"canary|xtag", "", tag) for tag in finding.log_of(person).tags}
        for name, person in stage.people.items()
        if person
    }

    for name, states in offered.items():
        assert states <= {state for state, people in MAY.items() if name in people}, name
    assert {"draft", "shared", "sealed"} - offered["partner"] == {"draft", "sealed"}


def test_granted_found_revoked_gone():
    cohort = make_cohort()
    two = make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    voice = write(two, two.professional, "The porter knew it all along.")
    terms = ReleaseTerms(
        audience=Release.Audience.FACILITATOR,
        ends_at=voice.saved_at + timedelta(days=30),
        facilitator=facilitator,
        allows_responses=False,
        recipient="",
    )

    before = found_by(facilitator, q="porter")
    release = actions.propose_release(
        entry=voice.entry, versions=[(voice.pk, voice.version)], terms=terms, by=two.professional
    )
    granted = found_by(facilitator, q="porter")
    actions.withdraw_release(release=release, by=two.professional)
    after = found_by(facilitator, q="porter")

    assert (before, granted, after) == (set(), {voice.entry_id}, set())


def test_shared_found_taken_back_gone_and_gone_for_who_has_left():
    two = make_pair()
    voice = share(write(two, two.professional, "The porter knew."))
    kept = write_and_share(two, two.professional, "The porter stayed.")

    shared = found_by(two.partner, q="porter")
    actions.take_back(voice=voice, by=two.professional)
    taken_back = found_by(two.partner, q="porter")
    leave(two.pair, two.partner)

    assert shared == {voice.entry_id, kept.pk}
    assert taken_back == {kept.pk}
    assert found_by(two.partner, q="porter") == set()


def test_the_other_finds_the_shared_words_and_none_written_since():
    two = make_pair()
    voice = share(write(two, two.professional, "The porter knew."))
    actions.save_draft(voice=voice, version=voice.version, text=text("The lighthouse knew."), by=two.professional)

    assert found_by(two.partner, q="porter") == {voice.entry_id}
    assert found_by(two.partner, q="lighthouse") == set()
    assert found_by(two.professional, q="lighthouse") == {voice.entry_id}
    assert found_by(two.professional, q="porter") == set()


def test_a_joint_entry_is_found_by_the_name_of_the_moment_and_not_by_an_older_one():
    two = make_pair()
    voice = write(two, two.professional, "Nine minutes.", title="Zebra")
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=False, by=two.professional)
    share(Voice.objects.get(pk=voice.pk))
    actions.share_with_pair(
        voice=actions.write_side(entry=entry, text=text("Mine."), by=two.partner), version=1, by=two.partner
    )
    Entry.objects.filter(pk=entry.pk).update(title="Ostrich")

    assert found_by(two.partner, q="ostrich") == {entry.pk}
    assert found_by(two.partner, q="ostrich nine") == {entry.pk}
    assert found_by(two.partner, q="zebra") == set()


def test_who_reads_a_joint_entry_as_it_was_released_finds_it_by_the_name_and_day_it_had_then():
    two = make_pair()
    reader_outside = make_pair(two.pair.cohort).partner
    voice = write(two, two.professional, "Nine minutes.", title="Zebra")
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=False, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text("Mine."), by=two.partner))
    terms = ReleaseTerms(audience=Release.Audience.COHORT, ends_at=voice.saved_at + timedelta(days=30))
    versions = [(one.pk, one.version) for one in entry.voices.all()]
    release = actions.propose_release(entry=entry, versions=versions, terms=terms, by=two.professional)
    actions.consent_to(release=release, by=two.partner)
    actions.rename_moment(entry=entry, title="Ostrich", happened_on=date(2025, 5, 5), by=two.partner)

    found = {
        name: (titles(person), found_by(person, q="ostrich"), found_by(person, until="2025"))
        for name, person in (("partner", two.partner), ("outside", reader_outside))
    }

    assert found == {"partner": ({"Ostrich"}, {entry.pk}, {entry.pk}), "outside": ({"Zebra"}, set(), set())}
    assert found_by(reader_outside, q="zebra nine", since="2026") == {entry.pk}


def test_the_word_that_was_looked_for_stands_in_no_line_of_the_log(caplog: pytest.LogCaptureFixture):
    logger = AccessLogger.__new__(AccessLogger)
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/log/",
        "QUERY_STRING": "q=lighthouse",
        "RAW_URI": "/log/?q=lighthouse",
    }

    logger.access(SimpleNamespace(status="200 OK", sent=1), None, asked, timedelta(milliseconds=3))
    as_(make_pair().professional).get("/log/", {"q": "lighthouse"})

    assert "/log/" in caplog.text
    assert "lighthouse" not in caplog.text


def test_a_search_changes_nothing_and_is_kept_by_nobody():
    client = as_(make_pair().professional)
    client.get("/log/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/log/", {"q": "lighthouse"})

    assert [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    assert {"private", "no-store"} <= set(page.headers["Cache-Control"].split(", "))


# ---- What a search finds ----


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("meeting", True),
        ("MEETINGS", True),
        ("meet", True),
        ("met", False),
        ("kett", True),
        ("kett minutes", False),
        ("minutes kett", True),
        ('"nine minutes"', True),
        ('"minutes nine"', False),
        ("minutes -kettle", False),
        ("minutes -lighthouse", True),
        ("lighthouse or kettle", True),
        ("cafe", True),
        ("café", True),
        ("cafe\u0301", True),
        ("who", True),
        ("will", True),
        ("home", True),
        ("then", True),
        ("clinic", True),
        ("stairs", True),
        ("tea", True),
        ("a better question", True),
        ("photograph of the ramp", True),
        ("ramp.png", True),
        ("Straße", True),
        ("お茶", True),
        ("茶", True),
        ("等候", True),
        ("等候 お茶", True),
        ("等候 咖啡", False),
        ("🫖", True),
        ("🚀", False),
        ("انتظار", True),
        ("प्रतीक्षा", True),
        ("nowhere", False),
    ],
)
def test_words_are_found_however_they_stand(asked: str, finds: bool):
    two = make_pair()
    body = (
        "They gave us nine minutes in the Café.Then home; who asked? Will did. Ward/clinic\\stairs, a kettle 🫖. "
        "Straße. 彼はお茶を飲んだ。我们在等候室。انتظار प्रतीक्षा"
    )
    voice = write(two, two.professional, body, tags=("Tea",), next_step="Ask a better question")
    held = Attachment.objects.create(
        voice=voice, kind="picture", content_type="image/png", path="x.png", name="ramp.png", size_bytes=1,
        created_at=voice.saved_at,
    )  # fmt: skip
    VersionAttachment.objects.create(version=now_in(voice), attachment=held, words="A photograph of the ramp")

    assert found_by(two.professional, q=asked) == ({voice.entry_id} if finds else set())


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("minute", ["minutes"]),
        ("kett", ["kettle"]),
        ("cafe", ["Café"]),
        ("happiness", ["happy"]),
        ('"nine minutes"', ["nine", "minutes"]),
        ("茶", ["茶"]),
        ("🫖", ["🫖"]),
        ("kettle -lighthouse", ["kettle"]),
        ("lighthouse or kettle", ["kettle"]),
    ],
)
def test_what_was_found_is_marked(asked: str, marked: list[str]):
    two = make_pair()
    write(two, two.professional, "We were **happy**: nine minutes in the Café, a kettle 🫖 and お茶.", title="")

    assert marks(as_(two.professional).get("/log/", {"q": asked})) == marked


def test_a_snippet_stands_under_the_question_it_answers_and_is_inert():
    two = make_pair()
    write(two, two.professional, "<script>alert('kettle')</script> <mark>kettle</mark>", title="<b>kettle</b>")

    page = as_(two.professional).get("/log/", {"q": "kettle"}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;<mark>kettle</mark>&lt;/b&gt;" in page
    assert "&lt;mark&gt;<mark>kettle</mark>&lt;/mark&gt;" in page


def test_a_text_of_twenty_thousand_words_is_found_by_its_last_and_shown_there():
    two = make_pair()
    write(two, two.professional, "word " * 20_000 + "lighthouse")

    page = as_(two.professional).get("/log/", {"q": "lighthouse"})

    assert marks(page) == ["lighthouse"]
    assert len(page.content) < 60_000


def test_more_different_words_than_a_search_can_hold_are_saved_all_the_same():
    two = make_pair()
    body = " ".join(f"Ω{number:x}é" for number in range(25_000))

    voice = write(two, two.professional, f"lighthouse {body}")

    assert now_in(voice).body.endswith(body)
    assert found_by(two.professional, q="lighthouse") == {voice.entry_id}


def corpus() -> list[str]:
    """Hostile strings, where the corpora of ../shared are on the machine."""
    if not CORPORA.exists():
        return []
    naughty: list[str] = json.loads((CORPORA / "naughty_strings.json").read_text())
    return naughty + (CORPORA / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()[:200]


def test_nothing_that_can_be_typed_into_a_search_breaks_it():
    two = make_pair()
    write_and_share(two, two.professional, "They gave us nine minutes.")
    client = as_(two.partner)
    own = ["'", "\\", "a:*", "a & b", "!", "<->", "((", "%", "_", "a'b\\c:*", "\x00", "-", "- -", '"" -"', "x" * 5000]
    strings = [*corpus(), *own]

    log = finding.log_of(two.partner)
    for one in strings:
        form = FindForm(QueryDict(urlencode({"q": one, "tag": one}, errors="replace")), log)
        finding.fitting(log, form.asked)
        Marker(form.asked.get("q", ""), ["They gave us nine minutes."]).marked("They gave us nine minutes.")
    statuses = {client.get("/log/", {"q": one}).status_code for one in own}

    assert statuses == {200}


def test_words_that_are_gone_cannot_be_searched_any_more():
    two = make_pair()
    deleted, erased = write(two, two.professional, "lighthouse"), write(two, two.partner, "lighthouse")

    actions.delete_draft(voice=deleted, version=deleted.version, by=two.professional)
    personal_data.erase(two.partner)

    left = SearchedWords.objects.filter(version__voice__in=[deleted.pk, erased.pk])
    assert list(left.values_list("version__voice", "words")) == [(erased.pk, "")]


# ---- Filters ----


@pytest.fixture
def two() -> Two:
    """A pair with five entries: A, B and C of the professional, D and E of the partner; C, D and J for both to read."""
    two = make_pair()
    write(two, two.professional, title="A", tags=("Tea",), happened_on=date(2026, 3, 31), approaches=("find",))
    write(two, two.professional, title="B", tags=("tea", "Lifts"), happened_on=date(2026, 4, 1), next_step="Ring")
    write_and_share(two, two.professional, title="C", happened_on=date(2025, 12, 31), approaches=("find", "embed"))
    write_and_share(two, two.partner, title="D", tags=("TEA",), happened_on=date(2026, 5, 1), next_step="Ask")
    write(two, two.partner, title="E", tags=("Secret",))
    voice = write(two, two.professional, title="J", happened_on=date(2026, 6, 1), approaches=())
    entry = actions.ask_partner(voice=voice, version=voice.version, is_sealed=True, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text(approaches=(), title="J"), by=two.partner))
    return two


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "ABCDJ"),
        ({"approach": "find"}, "AC"),
        ({"approach": "energy"}, ""),
        ({"tag": "tea"}, "ABD"),
        ({"tag": "secret"}, ""),
        ({"who": "me"}, "ABCJ"),
        ({"who": "partner"}, "DJ"),
        ({"who": "both"}, "J"),
        ({"who": "others"}, ""),
        ({"state": "me"}, "AB"),
        ({"state": "pair"}, "CDJ"),
        ({"state": "further"}, ""),
        ({"state": "waiting"}, ""),
        ({"since": "2026-04"}, "BDJ"),
        ({"until": "2026-03"}, "AC"),
        ({"since": "2026", "until": "2026"}, "ABDJ"),
        ({"step": "yes"}, "BD"),
        ({"step": "no"}, "ACJ"),
        ({"tag": "Tea", "step": "yes", "who": "me"}, "B"),
    ],
)
def test_filters_leave_what_fits_them_all(two: Two, asked: dict[str, str], expected: str):
    assert titles(two.professional, **asked) == set(expected)


def test_what_waits_for_either_of_the_two_is_found_and_told_apart_from_what_is_open_to_others(two: Two):
    story = Entry.objects.get(voices__versions__title="C")
    voice = story.voices.get()
    terms = ReleaseTerms(
        audience=Release.Audience.PUBLIC,
        ends_at=voice.saved_at + timedelta(days=30),
        facilitator=None,
        allows_responses=False,
        recipient="",
    )
    asked = write(two, two.professional, title="K")
    actions.ask_partner(voice=asked, version=asked.version, is_sealed=False, by=two.professional)
    release = actions.propose_release(
        entry=story, versions=[(voice.pk, voice.version)], terms=terms, by=two.professional
    )

    waiting = titles(two.professional, state="waiting"), titles(two.partner, state="waiting")
    actions.consent_to(release=release, by=two.partner)

    assert waiting == ({"C", "K"}, {"C"})
    assert titles(two.professional, state="further") == titles(two.partner, state="further") == {"C"}
    assert "Everybody, as a story" in words_of(as_(two.partner).get("/log/?state=further"))


def test_what_cannot_be_used_is_left_out_and_said(two: Two):
    page = words_of(as_(two.professional).get("/log/?approach=zzz&since=soon&session=77&tag=tea&colour=blue"))

    assert "made no sense here and was left out: Approach, From, Session." in page
    assert "3 entries" in page


def test_each_filter_can_be_taken_away_and_older_entries_keep_them():
    two = make_pair()
    for number in range(51):
        write(two, two.professional, title=f"T{number}", tags=("Tea & milk",))

    page = as_(two.professional).get("/log/?tag=Tea+%26+milk&who=me&step=").content.decode()

    assert 'href="/log/?who=me"' in page
    assert 'href="/log/?tag=Tea+%26+milk"' in page
    older = re.search(r'href="(/log/\?[^"]*before=[^"]*)"', page)
    assert older
    assert "1 entry" not in page
    rest = as_(two.professional).get(older[1].replace("&amp;", "&"))
    assert len(rest.context["rows"]) == 1


def test_an_empty_result_says_what_to_do(two: Two):
    client = as_(two.professional)

    assert "Try fewer words" in words_of(client.get("/log/?q=nowhere"))
    assert "Take a filter away" in words_of(client.get("/log/?approach=energy"))


def test_a_row_shows_the_first_readable_words_and_who_reads_them(two: Two):
    page = words_of(as_(two.partner).get("/log/?who=partner"))

    assert re.search(r"C They gave us nine minutes\. Imogen Achterberg wrote, 31 December", page)
    assert "The two of you" in page


# ---- From further away ----


def test_the_calendar_shows_each_readable_entry_once_on_its_day(two: Two):
    client = as_(two.partner)

    june, march = client.get("/log/calendar/?month=2026-06"), client.get("/log/calendar/?month=2026-03")

    assert "Monday 1 J Tuesday 2" in words_of(june)
    assert "0 entries that you can read" in words_of(march)
    assert '<th scope="col">' in june.content.decode()


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0000-01", "0001-01", "9998-12", "9999-12", "2026-02-01"])
def test_any_month_in_the_address_is_answered(month: str):
    client = as_(make_pair().professional)

    assert client.get("/log/calendar/", {"month": month}).status_code == 200


def test_today_is_the_readers_own_day(time_machine: Any):
    two = make_pair()
    User.objects.filter(pk=two.professional.pk).update(time_zone="Pacific/Auckland")
    time_machine.move_to("2030-11-30 18:00:00Z", tick=False)  # in Auckland it is 1 December

    far, near = (as_(one).get("/log/calendar/").context for one in (two.professional, two.partner))

    assert [page["today"] for page in (far, near)] == [date(2030, 12, 1), date(2030, 11, 30)]
    assert far["month"] != near["month"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), {"Monday", "Sunday"}),  # the week of 17 to 23 November 2025
        (date(2026, 11, 30), {"after"}),
        (date(2026, 11, 3), set()),
        (date(2028, 2, 29), set()),
    ],
)
def test_a_year_ago_is_the_same_week_of_last_year(today: date, expected: set[str]):
    two = make_pair()
    days = {"Monday": (2025, 11, 17), "Sunday": (2025, 11, 23), "before": (2025, 11, 16), "after": (2025, 11, 24)}
    for title, day in days.items():
        write(two, two.professional, title=title, happened_on=date(*day))
    write(two, two.partner, title="not yours", happened_on=date(2025, 11, 20))

    found = overviews.a_year_ago(finding.log_of(two.professional), today)

    assert {line.title for line in found} == expected


def test_the_balance_counts_what_its_reader_may_read_and_nothing_else(two: Two):
    def counted(person: Any) -> dict[str, list[int]]:
        balance = overviews.balance_of(finding.log_of(person))
        return {row.value: [circle.count for circle in row.circles] for row in balance.rows}

    # Quarters: October 2025, January, April 2026; the partner reads C, D, E and J.
    assert counted(two.professional) == {
        "find": [1, 1, 0], "invest": [0, 0, 0], "learn": [0, 0, 2], "energy": [0, 0, 0], "embed": [1, 0, 0],
    }  # fmt: skip
    assert counted(two.partner)["find"] == [1, 0, 0]
    assert overviews.balance_of(finding.log_of(two.partner)).unfiled == 1


def test_in_the_balance_older_quarters_stand_together():
    two = make_pair()
    for year in range(2022, 2027):
        for month in (1, 7):
            write(two, two.professional, happened_on=date(year, month, 5))

    balance = overviews.balance_of(finding.log_of(two.professional))

    assert [circle.count for circle in balance.rows[2].circles] == [5, 1, 1, 1, 1, 1]
    assert [quarter.first for quarter, _x in balance.quarters][:2] == [None, date(2024, 7, 1)]


# ---- As many queries for many as for one ----


@pytest.mark.parametrize(
    "address", ["/log/", "/log/?q=minutes", "/log/?state=further", "/log/calendar/", "/log/balance/"]
)
def test_sixty_entries_take_no_more_queries_than_one(address: str):
    two = make_pair()
    client = as_(two.partner)
    answer(write_and_share(two, two.professional), two.partner)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    count()
    with_one = count()
    for _ in range(59):
        answer(write_and_share(two, two.professional), two.partner)
    assert VoiceVersion.objects.filter(voice__entry__pair=two.pair).count() == 60
    assert count() == with_one
