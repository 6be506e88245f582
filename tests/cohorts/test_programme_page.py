"""What the public reads of a programme before anybody applies, and what staff set for it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import cohorts.actions
from accounts.models import Role
from cohorts.models import Cohort, Programme
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_cohort, make_programme

pytestmark = pytest.mark.django_db
State = Cohort.State


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def page_of(client: Client, programme: Programme) -> str:
    return words(client.get(f"/programmes/{programme.slug}/"))


def set_for(cohort: Cohort, **fields: Any) -> Cohort:
    cohorts.actions.edit_cohort(cohort=cohort, by=make_staff(Role.MANAGER), **fields)
    return Cohort.objects.get(pk=cohort.pk)


def test_the_page_says_who_it_is_for_who_leads_it_what_is_paid_and_how_to_ring(client: Client) -> None:
    programme = make_programme(
        who_for="Patients, carers and communities in Saltmarsh",
        led_by="Oriel Penhallow and Tam Fairweather",
        paid_for="Travel and a carer’s time",
        contact_phone="01632 960 001",
    )
    make_cohort(programme=programme, state=State.OPEN)

    page = page_of(client, programme)

    for text in ("communities in Saltmarsh", "Oriel Penhallow", "a carer’s time", 'href="tel:01632960001"'):
        assert text in page


def test_between_two_cohorts_the_page_is_there_and_people_can_ask(client: Client) -> None:
    cohort = make_cohort(state=State.ARCHIVED, name="Put away")
    make_cohort(programme=cohort.programme, name="Secret draft", state=State.DRAFT)

    page = page_of(client, cohort.programme)

    assert "No dates are set at the moment." in page
    assert cohort.name not in page
    assert "Secret draft" not in page
    assert f'href="/programmes/{cohort.programme.slug}/ask/"' in page
    assert client.get(f"/programmes/{cohort.programme.slug}/ask/").status_code == 200


def test_the_first_page_offers_only_what_can_be_applied_to_and_always_a_way_to_ask(client: Client) -> None:
    passed = timezone.now().date() - timedelta(days=2)
    closed = set_for(make_cohort(state=State.OPEN, name="Closed by now"), apply_by=passed)
    draft = make_cohort(programme=make_programme(name="Secret programme"), state=State.DRAFT)

    page = words(client.get("/"))

    assert "No cohort is open just now." in page
    assert "Closed by now" not in page
    assert f'href="/programmes/{closed.programme.slug}/ask/"' in page
    assert draft.programme.name not in page


def test_an_open_cohort_offers_apply_with_its_last_day_and_the_places_left(client: Client) -> None:
    cohort = make_cohort(state=State.OPEN, places=3)
    cohorts.actions.take_place(cohort=cohort)
    set_for(cohort, apply_by=date(2099, 3, 1))

    page = page_of(client, cohort.programme)

    assert "2 of 3 places left" in page
    assert "Apply by Sunday 1 March 2099" in page
    assert f'href="/cohorts/{cohort.slug}/apply/"' in page


def test_a_full_cohort_still_takes_applications_and_says_why(client: Client) -> None:
    cohort = make_cohort(state=State.OPEN, places=1)
    cohorts.actions.take_place(cohort=cohort)

    page = page_of(client, cohort.programme)

    assert "a place may come free" in page
    assert f"/cohorts/{cohort.slug}/apply/" in page


def test_what_can_be_applied_to_stands_before_what_is_over(client: Client) -> None:
    programme = make_programme()
    make_cohort(programme=programme, name="Long ago", state=State.ENDED, starts_on=date(2020, 1, 1))
    set_for(make_cohort(programme=programme, name="Coming", state=State.DRAFT), opens_on=date(2099, 3, 2))
    make_cohort(programme=programme, name="Open one", state=State.OPEN, starts_on=date(2020, 2, 1))

    page = page_of(client, programme)

    assert page.index("Open one") < page.index("Coming") < page.index("Long ago")


@pytest.mark.parametrize("state", [State.SELECTING, State.RUNNING, State.ENDED])
def test_a_cohort_past_applications_has_no_apply(client: Client, state: str) -> None:
    cohort = make_cohort(state=state)

    assert f"/cohorts/{cohort.slug}/apply/" not in page_of(client, cohort.programme)


def test_after_the_last_day_the_page_says_that_applications_closed(client: Client) -> None:
    cohort = make_cohort(state=State.OPEN)
    set_for(cohort, apply_by=timezone.now().date() - timedelta(days=2))

    page = page_of(client, cohort.programme)

    assert "Applications closed on" in page
    assert f"/cohorts/{cohort.slug}/apply/" not in page


def test_a_draft_with_an_opening_day_is_told_to_the_public_but_cannot_be_applied_to(client: Client) -> None:
    cohort = make_cohort(state=State.DRAFT)
    set_for(cohort, opens_on=date(2099, 3, 2))

    page = page_of(client, cohort.programme)

    assert "Applications are to open on Monday 2 March 2099" in page
    assert f"/cohorts/{cohort.slug}/apply/" not in page
    assert client.get(f"/cohorts/{cohort.slug}/apply/").status_code == 404


def test_an_opening_day_that_went_by_is_not_repeated(client: Client) -> None:
    cohort = make_cohort(state=State.DRAFT)
    set_for(cohort, opens_on=date(2020, 3, 2))

    page = page_of(client, cohort.programme)

    assert "not open yet" in page
    assert "2020" not in page


def test_the_page_asks_as_many_queries_for_one_cohort_as_for_many(client: Client) -> None:
    programme = make_programme()
    make_cohort(programme=programme, state=State.OPEN)
    counts = []
    for more in (0, 9):
        for _number in range(more):
            make_cohort(programme=programme, state=State.OPEN)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, programme)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_what_staff_typed_as_markup_or_in_another_script_is_shown_as_text(client: Client) -> None:
    programme = make_programme(name="שלום " + "x" * 190, led_by="<b>Oriel</b> 🌊")
    make_cohort(programme=programme, state=State.OPEN)

    assert "&lt;b&gt;Oriel&lt;/b&gt; 🌊" in page_of(client, programme)


SETTINGS = {
    "apply_by_day": "1",
    "apply_by_month": "3",
    "apply_by_year": "2099",
    "offer_days": "21",
}


def test_a_manager_sets_the_last_day_and_how_offers_are_made(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)

    client.post(f"/staff/cohorts/{cohort.slug}/applying/", SETTINGS)

    cohort.refresh_from_db()
    assert (cohort.opens_on, cohort.apply_by, cohort.offer_days, cohort.offers_from_reserve) == (
        None,
        date(2099, 3, 1),
        21,
        False,
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"offer_days": "0"}, "at least 1 day"),
        ({"offer_days": ""}, "Enter how many days"),
        ({"apply_by_month": "13"}, "must be a real date"),
        (
            {"opens_on_day": "2", "opens_on_month": "3", "opens_on_year": "2099"},
            "must be the day applications open or later",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused_and_what_was_typed_stays(
    client: Client, change: dict[str, str], told: str
) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)

    page = words(client.post(f"/staff/cohorts/{cohort.slug}/applying/", SETTINGS | change))

    assert told in page
    assert 'value="2099"' in page
    cohort.refresh_from_db()
    assert cohort.apply_by is None


def test_an_archived_cohort_keeps_its_settings(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.ARCHIVED)

    page = words(client.post(f"/staff/cohorts/{cohort.slug}/applying/", SETTINGS))

    assert "archived" in page
    cohort.refresh_from_db()
    assert cohort.apply_by is None


def test_opening_without_a_last_day_is_told_before_it_is_confirmed(client: Client) -> None:
    client.force_login(make_staff(Role.MANAGER))
    cohort = make_cohort(state=State.DRAFT)

    before = words(client.get(f"/staff/cohorts/{cohort.slug}/next/"))
    set_for(cohort, apply_by=date(2099, 3, 1))
    after = words(client.get(f"/staff/cohorts/{cohort.slug}/next/"))

    assert "No last day to apply is set" in before
    assert "No last day to apply is set" not in after
