"""Everybody who takes part in a cohort: who is in which pair, who in none, and what a facilitator reads of it."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import cohorts.actions
from accounts.models import Role, User
from cohorts.models import Cohort
from tests.pairs.factories import make_cohort, make_full_pair, make_person, make_staff

pytestmark = pytest.mark.django_db

NAMES = re.compile(r'<th scope="row"><bdi>([^<]*)</bdi>')


def take_part(cohort: Cohort, **fields: Any) -> User:
    person = make_person(**fields)
    cohorts.actions.join_cohort(cohort=cohort, user=person, by=None)
    return person


def address(cohort: Cohort, query: str = "") -> str:
    return f"/staff/cohorts/{cohort.slug}/people/{query}"


def names(client: Client, path: str) -> list[str]:
    return [unescape(name) for name in NAMES.findall(client.get(path).content.decode())]


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


def test_who_is_in_a_pair_and_who_is_in_none(client: Client, manager: User) -> None:
    cohort = make_cohort(state="running")
    pair, professional, partner = make_full_pair(cohort)
    alone = take_part(cohort, name="Zora Lane")
    take_part(make_cohort(), name="Somebody Else")

    assert set(names(client, address(cohort))) == {professional.name, partner.name, alone.name}
    assert names(client, address(cohort, "?alone=yes")) == ["Zora Lane"]
    assert f'href="/staff/pairs/{pair.pk}/"' in client.get(address(cohort)).content.decode()


def test_a_facilitator_reads_names_and_no_address_not_even_by_searching(client: Client) -> None:
    cohort, facilitator = make_cohort(state="running"), make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    person = take_part(cohort, name="Ada Birch")
    client.force_login(facilitator)

    assert names(client, address(cohort)) == ["Ada Birch"]
    assert person.email not in client.get(address(cohort)).content.decode()
    assert names(client, address(cohort, f"?q={person.email}")) == []
    assert client.get(address(make_cohort())).status_code == 404


@pytest.mark.parametrize("after", ["~", "x~-1", "\x00", f"~{2**70}", "a~²"])
def test_a_place_that_cannot_be_is_the_beginning(client: Client, manager: User, after: str) -> None:
    cohort = make_cohort()
    take_part(cohort, name="Ada Birch")

    answer = client.get(address(cohort), {"after": after})

    assert "Ada Birch" in answer.content.decode()


def test_everybody_is_on_one_page_and_on_one_only_with_the_same_queries(client: Client, manager: User) -> None:
    cohort = make_cohort()
    made = [take_part(cohort, name=f"Person {number % 7}").pk for number in range(3)]
    client.get(address(cohort))
    with CaptureQueriesContext(connection) as few:
        client.get(address(cohort))
    made += [take_part(cohort, name=f"Person {number % 7} <i>").pk for number in range(104)]
    seen, path = [], address(cohort)
    for _page in range(4):
        with CaptureQueriesContext(connection) as many:
            answer = client.get(path)
        seen += [row.user_id for row in answer.context["page"].rows]
        assert len(many) == len(few) <= 12
        found = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        if found is None:
            break
        path = address(cohort, unescape(found[1]))

    assert len(seen) == len(made)
    assert set(seen) == set(made)
