"""The pairs of a cohort as a list: who needs somebody first, every pair once on its pages, in as many queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import pairs.actions
from accounts.models import Role, User
from cohorts.models import Cohort
from pairs import listing
from pairs.listing import Filters
from pairs.models import Invitation, Pair
from tests.accounts.factories import make_staff
from tests.pairs.factories import accept, make_cohort, make_full_pair, make_pair, make_session, side

pytestmark = pytest.mark.django_db


def listed(cohort: Cohort, **filters: str) -> list[tuple[str, str]]:
    page = listing.page_of(cohort, Filters(**filters), "", at=timezone.now())
    return [(row.challenge, row.flag) for row in page.rows]


@pytest.fixture
def every_kind() -> Cohort:
    """One pair in each state, and one of another cohort."""
    cohort = make_cohort()
    make_full_pair(cohort, challenge="both")
    ended = make_pair(cohort, challenge="ended")
    pairs.actions.end_pair(pair=ended, by=make_staff(Role.MANAGER))
    make_pair(cohort, challenge="waiting")
    expired = make_pair(cohort, challenge="expired")
    Invitation.objects.filter(pair=expired).update(expires_at=timezone.now() - timedelta(days=1))
    alone, _professional, _partner = make_full_pair(cohort, challenge="alone")
    pairs.actions.end_membership(
        membership=alone.memberships.get(side="partner"), by=make_staff(Role.MANAGER), reason="left"
    )
    make_pair(challenge="elsewhere")
    return cohort


def test_who_needs_somebody_stands_first(every_kind: Cohort) -> None:
    assert listed(every_kind) == [
        ("expired", "expired"),
        ("alone", "alone"),
        ("waiting", "waiting"),
        ("both", "nobody"),
        ("ended", "ended"),
    ]
    assert [name for name, _flag in listed(every_kind, sort="challenge")] == [
        "alone", "both", "ended", "expired", "waiting",
    ]  # fmt: skip
    assert listed(every_kind, sort="newest")[0] == ("alone", "alone")


def test_filters_find_by_what_the_table_shows(every_kind: Cohort) -> None:
    assert listed(every_kind, needs="waiting") == [("waiting", "waiting")]
    _pair, _professional, partner = make_full_pair(every_kind, challenge="named")
    User.objects.filter(pk=partner.pk).update(name="Zebedee Ünal")
    assert listed(every_kind, q="zebedee ü") == [("named", "nobody")]
    assert listed(every_kind, q=partner.email) == [], "an address is no way to find who has a name"
    assert listed(every_kind, q=side(Pair.objects.get(challenge="waiting"), "partner").email) == [
        ("waiting", "waiting")
    ]
    assert listed(every_kind, q="%") == []


@pytest.mark.parametrize("sort", listing.SORTS)
def test_every_pair_is_on_its_pages_once(sort: str) -> None:
    cohort = make_cohort(places=130)
    for number in range(120):
        Pair.objects.create(cohort=cohort, challenge=f"C{number % 7}", created_at=timezone.now())
    filters, after, seen = Filters(sort=sort), "", []
    for _page in range(3):
        page = listing.page_of(cohort, filters, after, at=timezone.now())
        seen += [row.pk for row in page.rows]
        after = page.next_place
    assert after == ""
    assert sorted(seen) == sorted(Pair.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("after", ["", "~", "x~1", "1~x", f"1~{2**70}", "\x00~1", "0~-5", "~1"])
@pytest.mark.parametrize("sort", listing.SORTS)
def test_a_broken_place_is_no_error(after: str, sort: str, every_kind: Cohort) -> None:
    assert listing.page_of(every_kind, Filters(sort=sort), after, at=timezone.now()).found == 5


def test_what_the_address_asks_and_nobody_knows_counts_as_not_asked() -> None:
    assert Filters.of(QueryDict("sort=DROP&needs=me&q=%00a")) == Filters(q="a")


def test_the_cohort_page_takes_as_many_queries_with_many_pairs_and_stays_short(client: Client) -> None:
    cohort = make_cohort(places=500)
    client.force_login(make_staff(Role.MANAGER))
    path = reverse("cohorts:staff_detail", args=[cohort.slug])
    client.get(path)
    asked, sizes = [], []
    for many in (1, 300):
        for _number in range(many):
            Pair.objects.create(cohort=cohort, challenge="Going home", created_at=timezone.now())
        accept(side(make_pair(cohort), "partner"))
        with CaptureQueriesContext(connection) as queries:
            sizes.append(len(client.get(path).content))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert sizes[1] < 80_000


def test_a_long_list_of_sessions_shows_those_to_come_and_the_rest_on_request(client: Client) -> None:
    cohort = make_cohort()
    for number in range(-40, 10):
        make_session(cohort, starts=timezone.now() + timedelta(days=number, hours=1), title=f"Number {number + 40:02}")
    client.force_login(make_staff(Role.MANAGER))
    path = reverse("cohorts:staff_detail", args=[cohort.slug])

    def shown(query: str = "") -> list[str]:
        found: Any = client.get(path + query)
        return [session.title for session in found.context["sessions"]]

    assert shown() == [f"Number {number:02}" for number in range(20, 50)]
    assert len(shown("?sessions=all")) == 50
