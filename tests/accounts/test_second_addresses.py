"""A person may have two proven addresses, and change the one they sign in with: every door knows them by either."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client
from django.urls import reverse

import accounts.actions
import pairs.actions
from accounts import new_addresses
from accounts.actions import LastManager, ensure_people, ensure_user, erase_person, person_with
from accounts.models import Role, User
from applications import codes
from applications.actions import inviting
from applications.models import Applicant
from pairs.exceptions import NotYourInvitation
from pairs.models import Invitation
from tests.accounts.factories import make_person, make_staff
from tests.accounts.test_returning import sign_in_with_code
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import make_cohort, make_pair, side

pytestmark = pytest.mark.django_db

SECOND = "second@mail.test"


def with_second_address(address: str = SECOND, **fields: Any) -> User:
    person = make_person(**fields)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=False)
    return person


def test_a_person_is_found_by_either_address_and_nobody_is_made_twice() -> None:
    person = with_second_address(name="")
    EmailAddress.objects.create(user=make_person(), email="claimed@mail.test", verified=False, primary=False)

    assert person_with(person.email) == person_with(SECOND.upper()) == person
    assert person_with("claimed@mail.test") is None
    assert ensure_user(email=SECOND, by=None) == person
    found = ensure_people([{"email": SECOND, "name": "Ada"}, {"email": "new@mail.test"}], by=make_staff(Role.MANAGER))
    assert found[SECOND] == person
    assert found["new@mail.test"].email == "new@mail.test"
    assert User.objects.get(pk=person.pk).name == "Ada"


def test_a_code_sent_to_the_second_address_opens_the_persons_own_application() -> None:
    person = with_second_address()

    assert codes.person_of(SECOND) == person


def test_an_invitation_to_the_second_address_is_accepted_by_its_owner_alone(client: Client) -> None:
    person = with_second_address()
    invitation = side(make_pair(partner_email=SECOND), "partner")

    with pytest.raises(NotYourInvitation):
        pairs.actions.accept_invitation(invitation=invitation, by=make_person())
    membership = pairs.actions.accept_invitation(invitation=invitation, by=person)

    assert membership.participant.user == person


def test_the_second_person_of_an_application_may_be_asked_at_either_address() -> None:
    cohort, person = make_open_cohort(), with_second_address()
    first = make_person()
    application = make_application(cohort, state="draft", professional=first)
    invited = inviting.invite_partner(application=application, by=first, name="Ada", email=SECOND)

    inviting.take_up(applicant=invited, by=person)

    assert Applicant.objects.get(pk=invited.pk).user == person


def test_a_new_address_is_followed_by_what_is_kept_of_a_person(client: Client) -> None:
    person, other = with_second_address(), make_person()
    cohort = make_cohort()
    invitation = side(make_pair(cohort, partner_email=person.email), "partner")
    theirs = make_application(make_open_cohort(), professional=person).applicants.get(user=person)
    not_theirs = Invitation.objects.create(
        pair=invitation.pair, side="professional", email=person.email, token_hash="x" * 64, state="accepted",
        accepted_by=other, accepted_at=invitation.sent_at, sent_at=invitation.sent_at, expires_at=invitation.expires_at,
    )  # fmt: skip
    sign_in_with_code(client, person, "/settings/")

    client.post(reverse("account_email"), {"email": SECOND, "action_primary": ""})

    person.refresh_from_db()
    assert person.email == SECOND
    invitation.refresh_from_db()
    theirs.refresh_from_db()
    not_theirs.refresh_from_db()
    assert (invitation.email, theirs.email, not_theirs.email == SECOND) == (SECOND, SECOND, False)
    erase_person(user=person, by=None)
    assert not Invitation.objects.filter(email=SECOND).exists()


def test_an_address_that_another_counted_application_has_is_not_taken_from_it() -> None:
    cohort, person = make_open_cohort(), make_person()
    mine = make_application(cohort, professional=person).applicants.get(user=person)
    other = make_application(cohort)
    taken = other.applicants.exclude(email="")[0].email

    new_addresses.follow(person, before=person.email, after=taken)

    mine.refresh_from_db()
    assert mine.email == person.email


def test_the_last_manager_is_not_erased() -> None:
    manager = make_staff(Role.MANAGER)

    with pytest.raises(LastManager):
        accounts.actions.erase_person(user=manager, by=None)
    make_staff(Role.MANAGER)
    accounts.actions.erase_person(user=manager, by=None)

    assert not User.objects.get(pk=manager.pk).is_active


def test_what_was_sent_to_or_from_the_second_address_goes_with_its_owner() -> None:
    person, cohort = with_second_address(), make_open_cohort()
    pairs.actions.make_pair(
        cohort=make_cohort(), professional_email="ada@mail.test", professional_name="Ada", partner_email=SECOND,
        partner_name="Second Name", challenge="Going home", by=None,
    )  # fmt: skip
    application = make_application(cohort, professional=make_person(), state="draft")
    inviting.invite_partner(
        application=application, by=application.applicants.get().user, name="Second Name", email=SECOND
    )

    erase_person(user=person, by=make_staff(Role.MANAGER))

    left = [
        f"{model.__name__}.{name}"
        for model in apps.get_models()
        for row in model._base_manager.all().values()
        for name, value in row.items()
        if SECOND in str(value) or "Second Name" in str(value)
    ]
    assert left == []
