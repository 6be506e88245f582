"""Cohorts, pairs and people in few words, made by the actions."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any

from django.db import connection
from django.utils import timezone

import accounts.actions
import cohorts.actions
import pairs.actions
from accounts.models import Role, User
from applications.actions.questions import publish_starter
from cohorts.models import Cohort, Programme, Session
from notifications.models import LedgerRow
from pairs.models import Invitation, Membership, Pair

_numbers = itertools.count(1)


def make_person(name: str = "Oriel", **fields: Any) -> User:
    number = next(_numbers)
    return accounts.actions.create_user(email=f"person{number}@pairs.test", by=None, name=name, **fields)


def make_staff(*roles: Role) -> User:
    user = make_person("Staff")
    for role in roles:
        accounts.actions.grant_role(user=user, role=role, by=None)
    return user


def make_programme(**fields: Any) -> Programme:
    fields = {
        "by": None,
        "name": "Collaborative pairs",
        "charity": "The Larkmoor Fund",
        "contact_phone": "01632 960 001",
    } | fields
    return cohorts.actions.create_programme(**fields)


def make_cohort(*, state: str = Cohort.State.RUNNING, **fields: Any) -> Cohort:
    today = timezone.localdate()
    fields = {
        "programme": fields.pop("programme", None) or make_programme(),
        "by": None,
        "name": "Saltmarsh 2027",
        "places": 10,
        "starts_on": today,
        "ends_on": today + timedelta(days=300),
    } | fields
    cohort = cohorts.actions.create_cohort(**fields)
    walk_to(cohort, state)
    return cohort


def walk_to(cohort: Cohort, state: str) -> None:
    while cohort.state != state:
        assert cohort.next_state is not None
        if cohort.state == Cohort.State.DRAFT:
            publish_starter(cohort=cohort, by=None)
        cohorts.actions.move_cohort(cohort=cohort, to=cohort.next_state, by=None)


def make_pair(cohort: Cohort | None = None, **fields: Any) -> Pair:
    """A pair of two people who have been invited."""
    number = next(_numbers)
    fields = {
        "professional_email": f"professional{number}@pairs.test",
        "partner_email": f"partner{number}@pairs.test",
        "challenge": "Going home on a Friday",
        "by": None,
    } | fields
    return pairs.actions.make_pair(cohort=cohort or make_cohort(), **fields)


def accept(invitation: Invitation, **fields: Any) -> Membership:
    """Join as somebody new, or with the account of that address."""
    user = User.objects.filter(email=invitation.email).first()
    if user:
        return pairs.actions.accept_invitation(invitation=invitation, by=user, **fields)
    fields = {"name": f"Person {invitation.pk}"} | fields
    return pairs.actions.join_as_newcomer(invitation=invitation, **fields)


def make_full_pair(cohort: Cohort | None = None, **fields: Any) -> tuple[Pair, User, User]:
    """A pair whose two members have joined: the pair, the professional, the partner."""
    pair = make_pair(cohort, **fields)
    people = [accept(invitation).participant.user for invitation in pair.invitations.order_by("side")]
    partner, professional = people
    return pair, professional, partner


def make_session(cohort: Cohort, *, starts: datetime | None = None, **fields: Any) -> Session:
    starts = (starts or timezone.now() + timedelta(days=10)).astimezone(cohort.zone)
    day: date = starts.date()
    clock: time = starts.time().replace(second=0, microsecond=0)
    fields = {"by": None, "title": "All pairs together", "held_on": day, "starts_at": clock} | fields
    return cohorts.actions.add_session(cohort=cohort, **fields)


def token_of(invitation: Invitation) -> str:
    """The link's secret, which only the unsent mail knows."""
    row = LedgerRow.objects.filter(kind="pairs.invitation", ids__invitation=invitation.pk).latest("pk")
    assert row.secret is not None
    return str(row.secret["token"])


def side(pair: Pair, name: str) -> Invitation:
    return pair.invitations.filter(side=name).latest("pk")


def at_once(act: Callable[[int], Any], *, threads: int) -> list[Any]:
    """What each of so many threads got from `act(number)`, all let go at the same moment; errors are results."""
    gate = Barrier(threads)

    def run(number: int) -> Any:
        try:
            gate.wait(timeout=60)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
