"""The console's pages of programmes, cohorts and sessions, and what the public and participants see."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

import cohorts.actions
from accounts.models import Role, User
from applications.actions.questions import publish_starter
from cohorts.forms import SessionForm
from cohorts.models import Cohort, Programme, Session, StaffAssignment
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_cohort, make_full_pair, make_pair, make_programme, make_session, walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


def words(response: Any) -> str:
    return str(response.content.decode())


COHORT_FORM = {
    "name": "Saltmarsh 2027",
    "places": "12",
    "starts_on_day": "1",
    "starts_on_month": "September",
    "starts_on_year": "2027",
    "ends_on_day": "30",
    "ends_on_month": "6",
    "ends_on_year": "2028",
    "time_zone": "Europe/London",
}
SESSION_FORM = {
    "title": "All pairs together",
    "held_on_day": "9",
    "held_on_month": "12",
    "held_on_year": "2027",
    "starts_at": "10.30",
    "duration_minutes": "90",
    "place": "Marrowby Library",
}


def test_a_manager_starts_a_programme_a_cohort_and_two_sessions(client: Client, manager: User) -> None:
    client.post("/staff/programmes/new/", {"name": "Collaborative pairs", "charity": "The Larkmoor Fund"})
    programme = Programme.objects.get()
    added = client.post("/staff/cohorts/new/", COHORT_FORM | {"programme": programme.pk})
    cohort = Cohort.objects.get()
    for title in ("First", "Second"):
        client.post(f"/staff/cohorts/{cohort.slug}/sessions/new/", SESSION_FORM | {"title": title})

    assert added["Location"] == "/staff/cohorts/saltmarsh-2027/"
    assert (cohort.places, str(cohort.starts_on), str(cohort.ends_on)) == (12, "2027-09-01", "2028-06-30")
    assert [(session.title, f"{session.starts:%H:%M %Z}") for session in cohort.sessions.all()] == [
        ("First", "10:30 GMT"),
        ("Second", "10:30 GMT"),
    ]
    page = words(client.get(added["Location"]))
    assert all(text in page for text in ("First", "Second", "Draft", "Open the cohort"))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, "Enter the name of the cohort."),
        ({"places": "0"}, "There must be at least 1 place."),
        ({"places": "many"}, "Places must be a whole number"),
        ({"ends_on_year": "2026"}, "The last day must be the first day or later."),
        ({"starts_on_month": "13"}, "The first day must be a real date"),
        ({"starts_on_day": "", "starts_on_month": "", "starts_on_year": ""}, "Enter the first day."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"programme": "999999"}, "Choose a programme on the list."),
    ],
)
def test_a_cohort_that_cannot_be_comes_back_filled_with_what_to_do(
    client: Client, manager: User, change: dict[str, str], error: str
) -> None:
    programme = make_programme()

    page = client.post(
        "/staff/cohorts/new/", COHORT_FORM | {"programme": str(programme.pk), "summary": "Kept"} | change
    )

    shown = words(page)
    assert (page.status_code, Cohort.objects.count()) == (200, 0)
    assert error in shown
    assert "<title>Error: " in shown
    assert "Kept" in shown


def test_the_state_moves_one_step_after_a_confirm_page_and_a_second_click_moves_no_further(
    client: Client, manager: User
) -> None:
    cohort = make_cohort(state="draft")
    publish_starter(cohort=cohort, by=manager)
    address = f"/staff/cohorts/{cohort.slug}/next/"

    assert "Open the cohort?" in words(client.get(address))
    client.post(address, {"from": "draft", "to": "open"})
    again = client.post(address, {"from": "draft", "to": "open"}, follow=True)

    cohort.refresh_from_db()
    assert cohort.state == "open"
    assert "Somebody moved" not in words(again)
    skipped = client.post(address, {"from": "open", "to": "ended"}, follow=True)
    assert "Somebody moved this cohort before you" in words(skipped)


def test_a_page_left_open_since_the_draft_does_not_open_a_cohort_that_is_choosing(
    client: Client, manager: User
) -> None:
    cohort = make_cohort(state="selecting")

    told = client.post(f"/staff/cohorts/{cohort.slug}/next/", {"from": "draft", "to": "open"}, follow=True)

    cohort.refresh_from_db()
    assert cohort.state == "selecting"
    assert "Somebody moved this cohort before you" in words(told)


def test_every_state_has_its_page(client: Client, manager: User) -> None:
    cohort = make_cohort(state="draft")
    while True:
        assert client.get(f"/staff/cohorts/{cohort.slug}/").status_code == 200
        assert client.get(f"/staff/cohorts/{cohort.slug}/next/", follow=True).status_code == 200
        if cohort.next_state is None:
            break
        walk_to(cohort, cohort.next_state)


def test_an_archived_cohort_offers_nothing_to_change_and_refuses_what_is_sent(client: Client, manager: User) -> None:
    cohort = make_cohort()
    session = make_session(cohort)
    pair, _professional, _partner = make_full_pair(cohort)
    walk_to(cohort, "archived")

    page = words(client.get(f"/staff/cohorts/{cohort.slug}/"))
    assert not any(f"{verb}</a>" in page for verb in ("Plan a session", "Make a pair", "Edit the cohort"))
    for address, form in {
        f"/staff/cohorts/{cohort.slug}/edit/": COHORT_FORM,
        f"/staff/cohorts/{cohort.slug}/sessions/new/": SESSION_FORM,
        f"/staff/sessions/{session.pk}/edit/": SESSION_FORM,
        f"/staff/pairs/{pair.pk}/edit/": {"challenge": "Other"},
    }.items():
        assert "This cohort is archived" in words(client.post(address, form)), address
    for address in (f"/staff/sessions/{session.pk}/cancel/", f"/staff/pairs/{pair.pk}/end/"):
        assert "This cohort is archived" in words(client.post(address, follow=True)), address


def test_a_session_is_changed_and_cancelled_and_people_are_told(client: Client, manager: User) -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    session = make_session(cohort)

    shown = client.get(f"/staff/sessions/{session.pk}/edit/")
    assert f'value="{session.held_on.year}"' in words(shown)
    changed = client.post(f"/staff/sessions/{session.pk}/edit/", SESSION_FORM, follow=True)
    assert "Saved. 2 people are told by email." in words(changed)
    for _click in range(2):
        cancelled = client.post(f"/staff/sessions/{session.pk}/cancel/", follow=True)
        assert "is cancelled" in words(cancelled)
    refused = client.post(f"/staff/sessions/{session.pk}/edit/", SESSION_FORM | {"place": "Elsewhere"})
    assert "This session is cancelled" in words(refused)


def test_a_time_the_clocks_skip_is_refused(client: Client, manager: User) -> None:
    cohort = make_cohort()
    spring = {"held_on_day": "28", "held_on_month": "3", "held_on_year": "2027", "starts_at": "1:30"}

    page = client.post(f"/staff/cohorts/{cohort.slug}/sessions/new/", SESSION_FORM | spring)

    assert "The clocks go forward on that day" in words(page)
    assert not Session.objects.exists()


def test_fewer_places_than_taken_are_refused_with_the_number(client: Client, manager: User) -> None:
    cohort = make_cohort()
    make_pair(cohort), make_pair(cohort)

    page = client.post(f"/staff/cohorts/{cohort.slug}/edit/", COHORT_FORM | {"places": "1"})

    assert "2 places are taken, so there must be at least that many." in words(page)


def test_facilitators_are_added_once_and_removed(client: Client, manager: User) -> None:
    cohort = make_cohort()
    facilitator = make_staff(Role.FACILITATOR)
    address = f"/staff/cohorts/{cohort.slug}/facilitators/new/"

    for _click in range(2):
        assert client.post(address, {"user": facilitator.pk}).status_code == 302
    assert "Nobody else has" in words(client.get(address))

    assignment = StaffAssignment.objects.get()
    for _click in range(2):
        client.post(f"/staff/facilitators/{assignment.pk}/end/")
    assert not StaffAssignment.objects.live().exists()


def test_a_facilitator_reads_their_own_cohort_and_finds_no_other(client: Client) -> None:
    mine, theirs = make_cohort(), make_cohort()
    pair, _professional, _partner = make_full_pair(mine)
    foreign, _p, _q = make_full_pair(theirs)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=mine, user=facilitator, by=None)
    client.force_login(facilitator)

    page = words(client.get(f"/staff/cohorts/{mine.slug}/"))
    assert pair.challenge in page
    assert not any(f"{verb}</a>" in page for verb in ("Plan a session", "Make a pair", "Edit the cohort"))
    assert client.get(f"/staff/pairs/{pair.pk}/").status_code == 200
    for hidden in (f"/staff/cohorts/{theirs.slug}/", f"/staff/pairs/{foreign.pk}/"):
        assert client.get(hidden).status_code == 404
    for forbidden in (f"/staff/cohorts/{mine.slug}/edit/", f"/staff/pairs/{pair.pk}/end/", "/staff/programmes/"):
        assert client.get(forbidden).status_code == 403
    assert client.post(f"/staff/pairs/{pair.pk}/end/").status_code == 403


@pytest.mark.parametrize("name", ["ن" * 200, "x" * 200, "🌾" * 100, "<script>alert(1)</script>"])
def test_names_of_every_kind_stand_on_the_page_as_text(client: Client, manager: User, name: str) -> None:
    cohort = make_cohort(name=name)
    make_pair(cohort, challenge=name, professional_name=name)

    page = words(client.get(f"/staff/cohorts/{cohort.slug}/"))

    assert "<script>alert" not in page
    assert name.replace("<", "&lt;").replace(">", "&gt;") in page


def test_the_cohort_page_asks_as_little_for_two_hundred_pairs_as_for_one(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    small, large = make_cohort(), make_cohort(places=300)
    make_pair(small)
    make_session(small)
    for number in range(200):
        make_pair(large, challenge=f"Challenge {number}")
    for _number in range(10):
        make_session(large)

    client.get("/staff/")  # once a minute a session also notes that it was seen
    counts = []
    for cohort in (small, large):
        with django_assert_max_num_queries(12) as asked:
            assert client.get(f"/staff/cohorts/{cohort.slug}/").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_pairs_are_found_by_name_or_challenge(client: Client, manager: User) -> None:
    cohort = make_cohort()
    make_pair(cohort, challenge="Letters people can use", partner_name="Desmond Quill")
    make_pair(cohort, challenge="A kinder waiting room")

    by_name = words(client.get(f"/staff/cohorts/{cohort.slug}/", {"q": "quill"}))
    nothing = words(client.get(f"/staff/cohorts/{cohort.slug}/", {"q": "zebra"}))

    assert "Letters people can use" in by_name
    assert "A kinder waiting room" not in by_name
    assert "0 pairs" in nothing


# ---- The public, and participants ----


def test_the_programmes_page_is_true_and_names_no_draft(client: Client) -> None:
    programme = make_programme(contact_phone="01632 960 001", summary="Two people, one challenge.")
    make_cohort(programme=programme, name="Open one", state="open")
    make_cohort(programme=programme, name="Secret draft", state="draft")

    page = words(client.get(f"/programmes/{programme.slug}/"))

    assert all(text in page for text in ("Open one", "01632 960 001", "Two people, one challenge."))
    assert "Secret draft" not in page
    assert client.get("/programmes/unknown/").status_code == 404


def test_a_programme_with_only_drafts_is_not_there(client: Client) -> None:
    cohort = make_cohort(state="draft")

    assert client.get(f"/programmes/{cohort.programme.slug}/").status_code == 404


def test_a_participant_sees_their_own_sessions_in_their_own_zone(client: Client) -> None:
    cohort = make_cohort()
    _pair, professional, _partner = make_full_pair(cohort)
    User.objects.filter(pk=professional.pk).update(time_zone="Asia/Kolkata")
    starts = (timezone.now() + timedelta(days=5)).replace(hour=12, minute=0, second=0, microsecond=0)
    make_session(cohort, starts=starts, title="Coming")
    make_session(cohort, starts=timezone.now() - timedelta(days=5), title="Gone")
    make_session(make_cohort(), title="Not theirs")
    client.force_login(professional)

    page = words(client.get("/sessions/"))

    assert "17:30 (Kolkata time)" in page
    assert page.index("Coming") < page.index("Past") < page.index("Gone")
    assert "Not theirs" not in page


def test_a_cancelled_session_is_said_to_be_and_is_never_the_next(client: Client) -> None:
    pair, professional, _partner = make_full_pair()
    tomorrow = timezone.now() + timedelta(days=1)
    cancelled = make_session(pair.cohort, starts=tomorrow, title="Called off", online_link="https://meet.example/off")
    make_session(pair.cohort, starts=tomorrow + timedelta(days=1), title="Held")
    Session.objects.filter(pk=cancelled.pk).update(cancelled_at=timezone.now())
    client.force_login(professional)

    page = client.get("/sessions/").content.decode()

    assert "Cancelled" in page
    assert "meet.example/off" not in page
    assert page.index("Called off") < page.index("is-next") < page.index("Held")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("14:00", "14:00"), ("1400", "14:00"), ("2 pm", "14:00"), ("2.30 PM", "14:30"), ("09.05", "09:05")],
)
def test_start_times_are_read_as_they_are_meant(typed: str, meant: str) -> None:
    assert f"{SessionForm.base_fields['starts_at'].clean(typed):%H:%M}" == meant


@pytest.mark.parametrize("typed", ["14", "130", "230", "1", "25:00", "2460"])
def test_start_times_that_could_mean_two_things_are_asked_for_again(typed: str) -> None:
    with pytest.raises(ValidationError):
        SessionForm.base_fields["starts_at"].clean(typed)
