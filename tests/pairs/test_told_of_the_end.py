"""Whoever’s part in a pair ends, and whoever stays, hears of it by mail, once and without a reason."""

from typing import Any

import pytest
from django.template.loader import render_to_string

import accounts.actions
import pairs.actions
from accounts.models import Role, User
from cohorts.models import Cohort
from notifications.models import LedgerRow
from pairs import mail
from pairs.models import Membership
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_cohort, make_full_pair, make_pair, walk_to

pytestmark = pytest.mark.django_db


def told() -> set[tuple[str, str]]:
    rows = LedgerRow.objects.filter(kind__in=["pairs.ended", "pairs.partner_left"])
    return set(rows.values_list("kind", "address"))


def read(row: LedgerRow, name: str, context: dict[str, Any]) -> str:
    parts = [render_to_string(f"mail/pairs/{name}_{part}", context) for part in ("subject.txt", "message.txt")]
    html = render_to_string(f"mail/pairs/{name}_message.html", context)
    assert context["link"] in html
    return "\n".join(parts)


def membership_of(user: User) -> Membership:
    return Membership.objects.get(participant__user=user)


@pytest.mark.parametrize(
    ("state", "gives_back"), [(Cohort.State.SELECTING, True), (Cohort.State.RUNNING, False)], ids=["before", "after"]
)
def test_when_the_team_ends_a_pair_both_are_told(state: str, gives_back: bool) -> None:
    cohort = make_cohort(state=state)
    pair, professional, partner = make_full_pair(cohort)

    pairs.actions.end_pair(pair=pair, by=make_staff(Role.MANAGER))

    assert told() == {("pairs.ended", professional.email), ("pairs.ended", partner.email)}
    row = LedgerRow.objects.get(kind="pairs.ended", recipient=partner)
    words = read(row, "ended", mail.render_ended(row))
    assert "The programme team has ended your pair" in words
    assert ("is given back" in words) is gives_back
    assert "What you wrote stays yours" in words


@pytest.mark.parametrize(("reason", "said"), [("left", "You have left your pair"), ("staff", "The programme team has")])
def test_when_one_leaves_they_and_who_stays_are_told(reason: str, said: str) -> None:
    _pair, professional, partner = make_full_pair()

    pairs.actions.end_membership(membership=membership_of(partner), by=make_staff(Role.MANAGER), reason=reason)

    assert told() == {("pairs.ended", partner.email), ("pairs.partner_left", professional.email)}
    row = LedgerRow.objects.get(kind="pairs.ended")
    assert said in read(row, "ended", mail.render_ended(row))
    row = LedgerRow.objects.get(kind="pairs.partner_left")
    words = read(row, "partner_left", mail.render_partner_left(row))
    assert f"{partner.name} has left your pair" in words
    assert "programme team has ended" not in words
    assert mail.partner_left_still_wanted(row, row.due_at) is None
    pairs.actions.end_membership(membership=membership_of(professional), by=make_staff(Role.MANAGER), reason="left")
    assert mail.partner_left_still_wanted(row, row.due_at) == "left"


def test_who_was_only_invited_is_not_told_that_they_left() -> None:
    pairs.actions.end_pair(pair=make_pair(), by=make_staff(Role.MANAGER))

    assert told() == set()


def test_whoever_is_erased_has_left_and_who_stays_is_told_without_a_name() -> None:
    _pair, professional, partner = make_full_pair()
    archived = make_cohort()
    other, _professional, _partner = make_full_pair(archived, partner_email=partner.email)
    walk_to(archived, Cohort.State.ARCHIVED)
    LedgerRow.objects.all().delete()
    name = partner.name

    accounts.actions.erase_person(user=partner, by=None)

    assert [one.pair for one in Membership.objects.live().of(partner)] == [other]
    row = LedgerRow.objects.get(state="queued")
    assert (row.kind, row.address) == ("pairs.partner_left", professional.email)
    words = read(row, "partner_left", mail.render_partner_left(row))
    assert "has left your pair" in words
    assert not name or name not in words
    assert "erased" not in words
