"""A pair's home: both people on an equal footing, what comes next, and only what the reader may read."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import cohorts.actions
import learning_log.actions
import pairs.actions
from accounts.models import Role, User
from cohorts.models import Cohort
from learning_log.actions import EntryText
from learning_log.models import Entry
from pairs.models import Pair
from portal.pair_home import month_of
from tests.pairs.factories import (
    accept,
    make_cohort,
    make_full_pair,
    make_pair,
    make_person,
    make_session,
    make_staff,
    side,
)

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    return str(response.content.decode())


def write(pair: Pair, author: User, title: str, *, is_shared: bool) -> Entry:
    text = EntryText(answers=("What happened.",), happened_on=timezone.localdate(), title=title)
    entry = learning_log.actions.start_entry(pair=pair, text=text, form_key=uuid.uuid4(), by=author).entry
    if is_shared:
        voice = entry.voices.get()
        learning_log.actions.share_with_pair(voice=voice, version=voice.version, by=author)
    return entry


def test_each_sees_the_other_the_challenge_and_the_next_session_in_their_own_time(client: Client) -> None:
    cohort = make_cohort()
    pair, professional, partner = make_full_pair(cohort, challenge="Letters people can use")
    User.objects.filter(pk=partner.pk).update(time_zone="Asia/Kolkata", called="carer")
    starts = (timezone.now() + timedelta(days=5)).replace(hour=12, minute=0, second=0, microsecond=0)
    make_session(cohort, starts=starts, title="Coaching")

    shown = {}
    for reader in (professional, partner):
        client.force_login(reader)
        shown[reader] = words(client.get(f"/pairs/{pair.pk}/"))

    for page in shown.values():
        for text in (professional.name, partner.name, "Letters people can use", "Coaching", "Patient partner · carer"):
            assert text in page
    assert "(London time)" in shown[professional]
    assert "17:30 (Kolkata time)" in shown[partner]


def test_the_page_lists_only_entries_its_reader_may_read(client: Client) -> None:
    pair, professional, partner = make_full_pair()
    write(pair, professional, "Shared by Imogen", is_shared=True)
    write(pair, professional, "Draft of Imogen", is_shared=False)
    write(pair, partner, "Draft of Desmond", is_shared=False)

    shown = {}
    for reader in (professional, partner):
        client.force_login(reader)
        page = words(client.get("/pair/"))
        shown[reader] = {
            title for title in ("Shared by Imogen", "Draft of Imogen", "Draft of Desmond") if title in page
        }

    assert shown == {
        professional: {"Shared by Imogen", "Draft of Imogen"},
        partner: {"Shared by Imogen", "Draft of Desmond"},
    }


def test_with_two_pairs_there_is_a_choice_and_no_mixing(client: Client) -> None:
    person = make_person()
    first = make_pair(partner_email=person.email, challenge="First challenge")
    second = make_pair(partner_email=person.email, challenge="Second challenge")
    for pair in (first, second):
        accept(side(pair, "partner"))
    write(first, person, "About the first", is_shared=False)
    client.force_login(person)

    chooser = words(client.get("/pair/"))

    assert "First challenge" in chooser
    assert "Second challenge" in chooser
    assert "About the first" not in words(client.get(f"/pairs/{second.pk}/"))


def test_without_a_pair_the_page_says_what_will_be_here(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert "Your pair will be here" in words(client.get("/pair/"))

    make_pair(partner_email=person.email)

    assert "You have an invitation" in words(client.get("/pair/"))


def test_while_the_partner_has_not_answered_the_page_says_so(client: Client) -> None:
    pair = make_pair(professional_name="Imogen Achterberg")
    partner = accept(side(pair, "partner")).participant.user
    client.force_login(partner)

    page = words(client.get("/pair/"))

    assert "Imogen Achterberg" in page
    assert "Invited, has not answered yet" in page


@pytest.mark.parametrize("reader", ["other", "left", "manager", "facilitator"])
def test_the_page_is_hidden_from_everybody_else(client: Client, reader: str) -> None:
    pair, _professional, partner = make_full_pair()
    manager = make_staff(Role.MANAGER)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=pair.cohort, user=facilitator, by=None)
    _other_pair, other, _companion = make_full_pair(pair.cohort)
    if reader == "left":
        membership = pair.memberships.get(participant__user=partner)
        pairs.actions.end_membership(membership=membership, by=manager, reason="left")
    people = {"other": other, "left": partner, "manager": manager, "facilitator": facilitator}
    client.force_login(people[reader])

    assert client.get(f"/pairs/{pair.pk}/").status_code == 404


def test_the_page_takes_as_few_queries_with_many_entries_as_with_none(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    pair, professional, partner = make_full_pair()
    client.force_login(professional)
    client.get("/pair/")  # once a minute a session also notes that it was seen
    counts = []
    for number in (1, 30):
        for _entry in range(number):
            write(pair, partner, "Shared", is_shared=True)
            make_session(pair.cohort)
        with django_assert_max_num_queries(12) as asked:
            assert client.get("/pair/").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_months_are_counted_from_the_first_day() -> None:
    cohort = Cohort(starts_on=date(2026, 9, 2), ends_on=date(2027, 6, 30))

    assert month_of(cohort, date(2026, 9, 1)) is None
    assert month_of(cohort, date(2026, 9, 2)) == (1, 10)
    assert month_of(cohort, date(2026, 10, 1)) == (1, 10)
    assert month_of(cohort, date(2026, 12, 2)) == (4, 10)
    assert month_of(cohort, date(2027, 6, 30)) == (10, 10)
    assert month_of(cohort, date(2027, 7, 1)) is None
