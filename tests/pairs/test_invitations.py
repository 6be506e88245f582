"""An invitation is accepted once, by its addressee, never after withdrawal, expiry or close."""

from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

import pairs.actions
from accounts.actions import AlreadyHasAccount
from accounts.models import Role, User
from cohorts.models import Cohort
from config.tokens import hash_of, is_well_formed, new_token
from notifications import kinds
from notifications.models import LedgerRow
from pairs.exceptions import InvitationClosed, NotYourInvitation
from pairs.models import Invitation, Membership
from tests.pairs.factories import (
    accept,
    at_once,
    make_cohort,
    make_pair,
    make_person,
    make_staff,
    side,
    token_of,
    walk_to,
)

PARTNER = Membership.Side.PARTNER


def why_not_sent(invitation: Invitation) -> set[tuple[str, str | None]]:
    """(state, reason it would be skipped now) of each of the invitation's messages."""
    rows = LedgerRow.objects.filter(kind="pairs.invitation", ids__invitation=invitation.pk)
    now = timezone.now()
    return {(row.state, kinds.get(row.kind).still_wanted(row, now)) for row in rows if row.state == "queued"} | {
        (row.state, row.reason) for row in rows if row.state != "queued"
    }


def test_a_token_is_22_characters_and_random() -> None:
    tokens = {new_token() for _number in range(1000)}

    assert {len(token) for token in tokens} == {22}
    assert len(tokens) == 1000
    assert all(map(is_well_formed, tokens))


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 21, "x" * 23, "x" * 21 + "\n", "x" * 21 + "é", "../../etc/passwd/12345"]
)
def test_a_malformed_token_is_known_without_asking_the_database(token: str) -> None:
    assert not is_well_formed(token)
    assert pairs.actions.find_invitation(token=token) is None


@pytest.mark.django_db
def test_only_a_hash_of_the_link_is_stored() -> None:
    invitation = side(make_pair(), PARTNER)
    token = token_of(invitation)

    assert invitation.token_hash == hash_of(token)
    assert token not in str(list(Invitation.objects.values()))
    assert pairs.actions.find_invitation(token=token) == invitation
    assert pairs.actions.find_invitation(token=new_token()) is None


@pytest.mark.django_db
def test_a_newcomer_gets_an_account_whose_mailbox_the_link_has_proved() -> None:
    invitation = side(make_pair(partner_email="desmond@pairs.test"), PARTNER)

    membership = pairs.actions.join_as_newcomer(
        invitation=invitation,
        name="Desmond Quill",
        called="carer",
        time_zone="Asia/Kolkata",
        password_hash=make_password("a long enough one"),
    )

    user = User.objects.get(email="desmond@pairs.test")
    assert (user.name, user.called, user.time_zone) == ("Desmond Quill", "carer", "Asia/Kolkata")
    assert user.check_password("a long enough one")
    assert list(EmailAddress.objects.filter(user=user).values_list("verified", "primary")) == [(True, True)]
    assert (membership.participant.user, membership.side) == (user, PARTNER)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == ("accepted", user)


@pytest.mark.django_db
def test_somebody_who_chose_codes_has_no_password() -> None:
    membership = accept(side(make_pair(), PARTNER))

    assert not membership.participant.user.has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_who_accept_at_once_one_account_and_one_membership_are_made() -> None:
    invitation = side(make_pair(), PARTNER)

    def join(_number: int) -> Membership:
        mine = Invitation.objects.get(pk=invitation.pk)
        return pairs.actions.join_as_newcomer(invitation=mine, name="Desmond")

    told = at_once(join, threads=100)

    assert sum(isinstance(one, Membership) for one in told) == 1
    assert sum(isinstance(one, AlreadyHasAccount | InvitationClosed) for one in told) == 99
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_once_leaves_one_truth() -> None:
    manager = make_staff(Role.MANAGER)
    for _round in range(5):
        person = make_person()
        pair = make_pair(partner_email=person.email)
        invitation = side(pair, PARTNER)

        def act(number: int, pk: int = invitation.pk, person: User = person) -> object:
            mine = Invitation.objects.get(pk=pk)
            if number % 2:
                return pairs.actions.accept_invitation(invitation=mine, by=person)
            return pairs.actions.withdraw_invitation(invitation=mine, by=manager)

        at_once(act, threads=6)

        invitation.refresh_from_db()
        assert pair.memberships.live().count() == (1 if invitation.state == "accepted" else 0)


@pytest.mark.django_db(transaction=True)
def test_looking_first_and_writing_then_lets_somebody_in_by_a_withdrawn_invitation() -> None:
    """The race is real: without the condition in the write, what was open a moment ago counts as open."""
    invitation, person, both_have_looked = side(make_pair(), PARTNER), make_person(), Barrier(2)

    def look_then_write(number: int) -> bool:
        with transaction.atomic():
            is_open = Invitation.objects.open(timezone.now()).filter(pk=invitation.pk).exists()
            both_have_looked.wait(timeout=30)
            accepted = {"state": Invitation.State.ACCEPTED, "accepted_by": person, "accepted_at": timezone.now()}
            fields = {"state": Invitation.State.WITHDRAWN} if number else accepted
            return is_open and bool(Invitation.objects.filter(pk=invitation.pk).update(**fields))

    assert at_once(look_then_write, threads=2) == [True, True]


@pytest.mark.django_db
def test_a_second_click_gets_the_membership_of_the_first() -> None:
    person = make_person()
    invitation = side(make_pair(partner_email=person.email), PARTNER)

    first = pairs.actions.accept_invitation(invitation=invitation, by=person)
    second = pairs.actions.accept_invitation(invitation=invitation, by=person)

    assert first == second


@pytest.mark.django_db
def test_nobody_but_the_addressee_can_accept() -> None:
    invitation = side(make_pair(), PARTNER)

    with pytest.raises(NotYourInvitation):
        pairs.actions.accept_invitation(invitation=invitation, by=make_person())

    invitation.refresh_from_db()
    assert invitation.state == "sent"


@pytest.mark.django_db
def test_a_link_that_has_run_out_is_refused_until_it_is_sent_again() -> None:
    person = make_person()
    pair = make_pair(partner_email=person.email)
    invitation = side(pair, PARTNER)
    later = invitation.expires_at

    with pytest.raises(InvitationClosed):
        pairs.actions.accept_invitation(invitation=invitation, by=person, at=later)
    pairs.actions.resend_invitation(invitation=invitation, by=make_staff(Role.MANAGER), at=later)

    assert pairs.actions.accept_invitation(invitation=invitation, by=person, at=later + timedelta(days=1))


@pytest.mark.django_db
def test_a_new_link_takes_the_place_of_the_old_one() -> None:
    manager = make_staff(Role.MANAGER)
    invitation = side(make_pair(), PARTNER)
    old = token_of(invitation)
    seen = Invitation.objects.get(pk=invitation.pk)

    pairs.actions.resend_invitation(invitation=invitation, by=manager)
    with pytest.raises(InvitationClosed):
        pairs.actions.resend_invitation(invitation=seen, by=manager)

    assert pairs.actions.find_invitation(token=old) is None
    assert pairs.actions.find_invitation(token=token_of(invitation)) == invitation
    assert why_not_sent(invitation) == {("void", "replaced_by_a_new_link"), ("queued", None)}


@pytest.mark.django_db
def test_a_withdrawn_invitation_is_not_mailed_and_opens_nothing() -> None:
    manager = make_staff(Role.MANAGER)
    person = make_person()
    invitation = side(make_pair(partner_email=person.email), PARTNER)

    pairs.actions.withdraw_invitation(invitation=invitation, by=manager)

    assert why_not_sent(invitation) == {("void", "invitation_withdrawn")}
    with pytest.raises(InvitationClosed):
        pairs.actions.accept_invitation(invitation=invitation, by=person)
    with pytest.raises(InvitationClosed):
        pairs.actions.withdraw_invitation(invitation=invitation, by=manager)


@pytest.mark.django_db
def test_an_unsent_invitation_is_skipped_once_it_was_answered_or_the_cohort_is_over() -> None:
    cohort = make_cohort()
    pair = make_pair(cohort)
    answered, open_one = side(pair, PARTNER), side(pair, Membership.Side.PROFESSIONAL)
    accept(answered)

    assert why_not_sent(answered) == {("queued", "The invitation was answered.")}
    assert why_not_sent(open_one) == {("queued", None)}
    walk_to(cohort, Cohort.State.ENDED)
    assert why_not_sent(open_one) == {("queued", "The cohort takes no new people.")}


@pytest.mark.django_db
def test_the_mail_names_no_challenge_and_carries_the_link() -> None:
    manager = make_staff(Role.MANAGER)
    invitation = side(make_pair(challenge="Secret canary", by=manager, partner_name='O’Brien & "Co" <b>'), PARTNER)
    row = LedgerRow.objects.get(kind="pairs.invitation", ids__invitation=invitation.pk)

    from django.template.loader import render_to_string

    context = kinds.get(row.kind).render(row)
    text = render_to_string("mail/pairs/invitation_message.txt", context)
    html = render_to_string("mail/pairs/invitation_message.html", context)

    assert context["link"] == f"https://alongside.test/invitations/{token_of(invitation)}/"
    assert context["link"] in text
    assert context["link"] in html
    assert "canary" not in text + html
    assert 'O’Brien & "Co" <b>' in text
    assert "<b>," not in html
