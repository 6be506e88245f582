"""The frame of every page leads where its reader has something to do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from applications.actions import inviting, starting
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.learning_log.factories import make_pair, write
from tests.pairs.factories import make_full_pair

pytestmark = pytest.mark.django_db


def own_pages(page: str) -> list[str]:
    """The words of the links in the frame's navigation."""
    found = re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL)
    assert found
    return re.findall(r"<a [^>]*>([^<]+)</a>", found[0])


def test_who_only_applies_is_led_to_their_applications_and_not_to_a_pair_they_have_not(client: Client) -> None:
    person = make_person()
    application = make_application(make_open_cohort(), professional=person)
    client.force_login(person)

    page = client.get(f"/applications/{application.reference}/").content.decode()

    assert own_pages(page) == ["Your applications", "Guides", "Stories", "Settings"]


def test_who_is_in_a_pair_and_applies_again_finds_both(client: Client) -> None:
    _pair, person, _partner = make_full_pair()
    make_application(make_open_cohort(), professional=person)
    client.force_login(person)

    page = client.get("/applications/").content.decode()

    assert own_pages(page)[:4] == ["Your applications", "Our pair", "Learning log", "Sessions"]


def test_a_cohort_one_has_applied_to_is_not_offered_again(client: Client) -> None:
    person, applied, other = make_person(), make_open_cohort(name="Spring"), make_open_cohort(name="Autumn")
    make_application(applied, professional=person)
    client.force_login(person)

    page = client.get("/applications/").content.decode()

    assert f"/cohorts/{other.slug}/apply/" in page
    assert f"/cohorts/{applied.slug}/apply/" not in page


def test_a_cohort_whose_last_day_has_passed_is_not_called_open(client: Client) -> None:
    cohort = make_open_cohort()
    Cohort.objects.filter(pk=cohort.pk).update(apply_by=timezone.now() - timedelta(days=2))
    client.force_login(make_person())

    page = client.get("/applications/").content.decode()

    assert "No cohort takes applications at the moment." in page
    assert f"/cohorts/{cohort.slug}/apply/" not in page


def test_every_page_of_the_log_says_where_to_turn_when_somebody_is_at_risk(client: Client) -> None:
    two = make_pair()
    entry = write(two, two.professional).entry
    of_all = ["", "new/", "calendar/", "balance/", "nudges/", "releases/", "shared/", f"names/{two.pair.pk}/"]
    of_one = ["", "edit/", "files/", "versions/", "share/", "share/beyond/", "ask/", "delete/"]
    client.force_login(two.professional)

    for path in [*of_all, *(f"{entry.pk}/{one}" for one in of_one)]:
        page = client.get(f"/log/{path}", follow=True)
        assert page.status_code == 200, path
        assert "call 999" in page.content.decode(), path


def test_a_manager_sees_on_the_first_page_that_somebody_waits_to_be_rung(client: Client) -> None:
    person, cohort = make_person(), make_open_cohort()
    application = starting.start_application(cohort=cohort, by=person, kind="pair", side="professional")
    client.force_login(make_staff(Role.MANAGER))
    before = client.get("/staff/").content.decode()

    inviting.name_partner(application=application, by=person, name="Bram Oke", phone="01632 960 002")

    assert "<b>0</b><span>applications to write down for people</span>" in before
    assert "<b>1</b><span>application to write down for somebody</span>" in client.get("/staff/").content.decode()
    assert f"/staff/cohorts/{cohort.slug}/applications/new/" in client.get("/staff/applications/").content.decode()
