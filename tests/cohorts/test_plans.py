"""From nothing to an open cohort: the plans, and the pages that lead through one."""

import uuid
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

import cohorts.actions
from accounts.models import Role, User
from applications.starter import STARTER
from cohorts.actions import SessionTerms
from cohorts.forms import PlannedDaysForm
from cohorts.models import Cohort, Programme, Session
from cohorts.plans import PLANS, Plan
from cohorts.schedules import is_skipped
from cohorts.shifting import moved
from notifications.models import LedgerRow
from tests.pairs.factories import at_once, make_cohort, make_programme, make_staff

FIRST = date(2027, 1, 5)  # a Tuesday
PROGRAMME = {
    "name": "Alongside in Marrowby",
    "charity": "The Larkmoor Fund",
    "summary": "",
    "contact_phone": "01632 960 143",
    "contact_email": "",
}
CHOICE = {
    "plan": "five-days",
    "name": "Marrowby 2027",
    "starts_on_day": "5",
    "starts_on_month": "1",
    "starts_on_year": "2027",
    "places": "8",
}


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


def as_shown(page: Any) -> dict[str, str]:
    """What a browser sends when nobody changes anything on the page with the days."""
    form: PlannedDaysForm = page.context["form"]
    fields: dict[str, str] = {"made_key": str(page.context["made_key"])}
    for one in [form, *form.rows]:
        for bound in one:
            value = bound.value()
            if isinstance(value, date):
                parts = {"day": value.day, "month": value.month, "year": value.year}
                fields |= {f"{bound.html_name}_{part}": str(number) for part, number in parts.items()}
            elif isinstance(value, time):
                fields[bound.html_name] = f"{value:%H:%M}"
            elif value not in (None, False):
                fields[bound.html_name] = str(value)
    return fields


def sessions_of(cohort: Cohort) -> list[tuple[str, date, str]]:
    return [(one.title, one.held_on, f"{one.starts_at:%H:%M}") for one in cohort.sessions.in_order()]


# ---- The plans ----


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_plan_lies_within_its_weeks_in_order_at_times_there_are(plan: Plan) -> None:
    for starts_on in (FIRST, date(2026, 3, 28), date(2026, 10, 24)):
        days = [moved(starts_on, one.after_days) for one in plan.sessions]

        assert days == sorted(days)
        assert all(starts_on <= day <= plan.ends_on(starts_on) for day in days)
        assert not any(
            is_skipped(held_on=day, starts_at=one.starts_at, time_zone="Europe/London")
            for day, one in zip(days, plan.sessions, strict=True)
        )


def test_the_australian_plan_has_five_days_in_three_sessions_with_coaching_between_them() -> None:
    plan = PLANS["five-days"]

    kinds = ["day" if str(one.title).startswith("Day") else "coaching" for one in plan.sessions]

    assert kinds == ["day", "day", "coaching", "day", "day", "coaching", "day"]


# ---- The actions ----


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_one_makes_the_programme_and_one_the_cohort() -> None:
    manager, key = make_staff(Role.MANAGER), uuid.uuid4()
    terms = [SessionTerms("Day 1", FIRST, time(10, 30), 330)]

    def start(_number: int) -> Programme:
        return cohorts.actions.create_programme(by=manager, name="Pairs", charity="The Fund", made_key=key)

    def plan(_number: int) -> Cohort:
        return cohorts.actions.create_planned_cohort(
            programme=Programme.objects.get(),
            by=manager,
            name="Marrowby",
            places=3,
            starts_on=FIRST,
            ends_on=FIRST,
            sessions=terms,
            made_key=key,
        )

    started, planned = at_once(start, threads=10), at_once(plan, threads=10)

    assert {one.pk for one in started} == {Programme.objects.get().pk}
    assert {one.pk for one in planned} == {Cohort.objects.get().pk}
    assert Session.objects.count() == 1


# ---- The pages ----


@pytest.mark.django_db
def test_a_new_team_gets_from_nothing_to_an_open_cohort(client: Client, manager: User) -> None:
    programme = client.post("/staff/start/programme/", PROGRAMME | {"made_key": str(uuid.uuid4())})
    days = client.get(programme["Location"], CHOICE)
    planned = client.post(programme["Location"], as_shown(days), query_params=CHOICE)
    applying = {"apply_by_day": "1", "apply_by_month": "12", "apply_by_year": "2098", "offer_days": "14"}
    applied = client.post(planned["Location"], applying | {"asks_starter": "on"})
    opened = client.post(applied["Location"], follow=True)

    cohort = Cohort.objects.get()
    assert (cohort.state, cohort.places, cohort.starts_on, cohort.ends_on) == ("open", 8, FIRST, date(2027, 10, 5))
    assert sessions_of(cohort)[:2] == [
        ("Day 1: hopes and fears", FIRST, "10:30"),
        ("Day 2: the shared challenge", date(2027, 1, 6), "10:30"),
    ]
    assert cohort.sessions.count() == 7
    assert cohort.question_sets.get().questions.count() == len(STARTER)
    assert f"/programmes/{cohort.programme.slug}/" in opened.content.decode()
    assert client.get(f"/programmes/{cohort.programme.slug}/").status_code == 200
    assert not LedgerRow.objects.exists()


@pytest.mark.django_db
def test_days_can_be_changed_and_sessions_left_out_before_they_are_saved(client: Client, manager: User) -> None:
    address = f"/staff/start/programmes/{make_programme().slug}/plan/"
    fields = as_shown(client.get(address, CHOICE))
    fields |= {"session-0-held_on_day": "7", "session-0-starts_at": "14:00", "session-1-is_left_out": "on"}

    client.post(address, fields, query_params=CHOICE)

    cohort = Cohort.objects.get()
    assert sessions_of(cohort)[0] == ("Day 1: hopes and fears", date(2027, 1, 7), "14:00")
    assert cohort.sessions.count() == 6


@pytest.mark.django_db
def test_all_that_is_wrong_with_the_days_is_said_at_once_and_nothing_typed_is_lost(
    client: Client, manager: User
) -> None:
    address = f"/staff/start/programmes/{make_programme().slug}/plan/"
    fields = as_shown(client.get(address, CHOICE))
    fields |= {"ends_on_year": "2020", "session-0-title": "Our own words", "session-2-starts_at": "half past"}

    page = client.post(address, fields, query_params=CHOICE)
    text = page.content.decode()

    assert "The last day must be the first day or later." in text
    assert "Start time must be a time of day" in text
    assert 'value="Our own words"' in text
    assert "<title>Error:" in text
    assert not Cohort.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"contact_phone": ""}, "contact_phone"),
        ({"contact_phone": "Ask Ada"}, "contact_phone"),
        ({"name": ""}, "name"),
        ({"contact_email": "nobody"}, "contact_email"),
    ],
)
def test_a_programme_that_cannot_be_rung_or_written_to_is_not_saved(
    client: Client, manager: User, wrong: dict[str, str], field: str
) -> None:
    page = client.post("/staff/start/programme/", PROGRAMME | wrong)

    assert field in page.context["form"].errors
    assert 'value="The Larkmoor Fund"' in page.content.decode()
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_what_is_missing_keeps_it_closed_and_leads_to_where_it_is_put_right(client: Client, manager: User) -> None:
    cohort = make_cohort(state="draft")
    address = f"/staff/start/cohorts/{cohort.slug}/open/"

    refused = client.post(address, follow=True).content.decode()

    assert "Something must be put right first" in refused
    assert f"/staff/cohorts/{cohort.slug}/questions/" in refused
    cohort.refresh_from_db()
    assert cohort.state == "draft"


@pytest.mark.django_db
def test_who_comes_back_goes_on_where_they_stopped(client: Client, manager: User) -> None:
    draft, running = make_cohort(state="draft", name="Begun"), make_cohort(state="running", name="Long since")

    page = client.get("/staff/start/").content.decode()

    assert f"/staff/start/cohorts/{draft.slug}/applying/" in page
    assert f"/staff/start/cohorts/{running.slug}/applying/" not in page
    assert client.get(f"/staff/start/cohorts/{running.slug}/applying/")["Location"] == f"/staff/cohorts/{running.slug}/"


@pytest.mark.django_db
def test_questions_that_are_chosen_already_are_kept(client: Client, manager: User) -> None:
    cohort = make_cohort(state="open")
    Cohort.objects.update(state="draft")
    before = cohort.question_sets.get()

    page = client.get(f"/staff/start/cohorts/{cohort.slug}/applying/").content.decode()
    client.post(f"/staff/start/cohorts/{cohort.slug}/applying/", {"offer_days": "10"})

    assert "asks_starter" not in page
    assert cohort.question_sets.get() == before
    cohort.refresh_from_db()
    assert cohort.offer_days == 10


@pytest.mark.django_db
def test_the_console_leads_there_while_there_is_no_programme(client: Client, manager: User) -> None:
    empty = [client.get(path).content.decode() for path in ("/staff/", "/staff/cohorts/", "/staff/programmes/")]
    make_cohort()
    filled = [client.get(path).content.decode() for path in ("/staff/", "/staff/cohorts/", "/staff/programmes/")]

    assert ["/staff/start/" in page for page in empty] == [True] * 3
    assert ["/staff/start/" in page for page in filled] == [False] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("plan", PLANS)
def test_each_plan_takes_as_few_queries(
    client: Client, manager: User, plan: str, django_assert_max_num_queries: Any
) -> None:
    address = f"/staff/start/programmes/{make_programme().slug}/plan/"
    client.get("/staff/")

    with django_assert_max_num_queries(6):
        client.get(address, CHOICE | {"plan": plan})
