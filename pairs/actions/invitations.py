"""Somebody is invited to one side of a pair, and accepts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

import accounts.actions
import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.models import Applicant, Offer
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from config.tokens import hash_of, is_well_formed, new_token
from notifications.actions import queue_mail, void_mail
from pairs.actions.memberships import join
from pairs.actions.places import open_cohort, settle
from pairs.exceptions import AlreadyEnded, AlreadyInCohort, CohortClosed, InvitationClosed, NotYourInvitation, SideTaken
from pairs.models import Invitation, Membership, Pair


@transaction.atomic
def invite_to_pair(
    *, pair: Pair, side: str, email: str, by: User | None, name: str = "", at: datetime | None = None
) -> Invitation:
    """Invite somebody to a side that nobody has and nobody is invited to.

    Raises SideTaken, AlreadyInCohort, AlreadyEnded, CohortClosed and CohortArchived.
    """
    locked = open_cohort(pair.cohort)
    pair.refresh_from_db()
    if pair.has_ended:
        raise AlreadyEnded
    if pair.memberships.live().filter(side=side).exists() or pair.invitations.waiting().filter(side=side).exists():
        raise SideTaken
    refuse_if_in_cohort(locked, clean(email), side)
    return invite(pair=pair, side=side, email=clean(email), name=name, by=by, at=at or timezone.now())


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> Invitation:
    """Send a new link, good for another while; the old one stops working, and its unsent mail is withdrawn.

    `invitation.sent_count` is where the caller saw it: a second click on one page raises InvitationClosed, as does an
    invitation that was accepted or withdrawn. Raises CohortClosed and CohortArchived.
    """
    at = at or timezone.now()
    open_cohort(invitation.pair.cohort)
    token = new_token()
    renewed = (
        Invitation.objects.waiting()
        .filter(pk=invitation.pk, sent_count=invitation.sent_count, pair__ended_at=None)
        .update(token_hash=hash_of(token), sent_count=F("sent_count") + 1, sent_at=at, expires_at=_expiry(at))
    )
    if not renewed:
        raise InvitationClosed
    void_mail(dedupe_keys=[_mail_key(invitation)], reason="replaced_by_a_new_link")
    invitation.refresh_from_db()
    _queue(invitation, token, at=at)
    audit.record(verb="invitation.resent", by=by, target=invitation, pair=invitation.pair_id)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> Invitation:
    """Take an unanswered invitation back; its link stops working at once.

    A pair that then has neither a member nor an invitation has ended, and gives its place back. Raises InvitationClosed
    when it was accepted or withdrawn before, and CohortArchived.
    """
    at = at or timezone.now()
    cohorts.actions.lock(invitation.pair.cohort)
    if not withdraw(invitation, at=at, by=by):
        raise InvitationClosed
    settle(invitation.pair, by=by, at=at)
    return invitation


def find_invitation(*, token: str) -> Invitation | None:
    """The invitation of a link in whatever state, or None. Changes nothing."""
    if not is_well_formed(token):
        return None
    everything = Invitation.objects.select_related("pair__cohort__programme", "invited_by")
    return everything.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> Membership:
    """Join the pair. Called by the person invited, who must be signed in with the address it was sent to.

    Accepted once, by compare-and-set, also against a withdrawal, a new link or the cohort's end at the same moment.
    A second call by the same person returns the membership there is. Raises NotYourInvitation, InvitationClosed,
    AlreadyInAPair and SideTaken.
    """
    at = at or timezone.now()
    if accounts.actions.person_with(invitation.email) != by or not by.is_active:
        raise NotYourInvitation
    try:
        cohort = open_cohort(invitation.pair.cohort)
    except (CohortClosed, CohortArchived) as error:
        raise InvitationClosed from error
    accepted = (
        Invitation.objects.open(at)
        .filter(pk=invitation.pk, token_hash=invitation.token_hash, email=invitation.email, pair__ended_at=None)
        .update(state=Invitation.State.ACCEPTED, accepted_by=by, accepted_at=at)
    )
    if not accepted:
        return _membership_accepted_before(invitation, by)
    invitation.refresh_from_db()
    membership = join(invitation.pair, cohort, user=by, side=invitation.side, at=at)
    audit.record(verb="invitation.accepted", by=by, target=invitation, pair=invitation.pair_id, side=invitation.side)
    return membership


@transaction.atomic
def join_as_newcomer(
    *,
    invitation: Invitation,
    name: str,
    called: str = "",
    time_zone: str = "Europe/London",
    password_hash: str = "",
    at: datetime | None = None,
) -> Membership:
    """Make an account for the person invited, whose mailbox the link has proved, and join the pair.

    Without `password_hash` (as `make_password` gives it) they sign in by a code each time. Raises AlreadyHasAccount,
    and whatever `accept_invitation` raises; then no account is made.
    """
    user = accounts.actions.create_user(email=invitation.email, by=None, name=name, called=called, time_zone=time_zone)
    if password_hash:
        user.password = password_hash
        user.save(update_fields=["password"])
        audit.record(verb="person.password_chosen", by=user, target=user)
    return accept_invitation(invitation=invitation, by=user, at=at)


def clean(email: str) -> str:
    return email.strip().lower()


def refuse_if_in_cohort(cohort: Cohort, email: str, side: str) -> None:
    """One person, one pair in a cohort, also counting those who are invited to one or have been offered a place.

    Raises AlreadyInCohort with the side.
    """
    person = accounts.actions.person_with(email)
    members = Membership.objects.live().filter(cohort=cohort, participant__user=person) if person else None
    invited = Invitation.objects.waiting().filter(pair__cohort=cohort, email=email)
    offers = Offer.objects.open().filter(cohort=cohort).values("application")
    offered = Applicant.objects.live().filter(application__in=offers, email=email)
    if (members and members.exists()) or invited.exists() or offered.exists():
        raise AlreadyInCohort(side)


def invite(*, pair: Pair, side: str, email: str, name: str, by: User | None, at: datetime) -> Invitation:
    """The row, its link and its mail; whether the side is free has been seen to."""
    token = new_token()
    invitation = Invitation.objects.create(
        pair=pair,
        side=side,
        email=email,
        name=name,
        token_hash=hash_of(token),
        invited_by=by,
        sent_at=at,
        expires_at=_expiry(at),
    )
    _queue(invitation, token, at=at)
    audit.record(verb="invitation.sent", by=by, target=invitation, pair=pair.pk, side=side)
    return invitation


def withdraw(invitation: Invitation, *, at: datetime, by: User) -> bool:
    """The link stops working and its unsent mail is withdrawn. False when it was answered or withdrawn before."""
    withdrawn = (
        Invitation.objects.waiting().filter(pk=invitation.pk).update(state=Invitation.State.WITHDRAWN, withdrawn_at=at)
    )
    if withdrawn:
        invitation.refresh_from_db()
        void_mail(dedupe_keys=[_mail_key(invitation)], reason="invitation_withdrawn")
        audit.record(verb="invitation.withdrawn", by=by, target=invitation, pair=invitation.pair_id)
    return bool(withdrawn)


def _queue(invitation: Invitation, token: str, *, at: datetime) -> None:
    queue_mail(
        kind="pairs.invitation",
        address=invitation.email,
        recipient=accounts.actions.person_with(invitation.email),
        dedupe_key=_mail_key(invitation),
        ids={"invitation": invitation.pk},
        secret={"token": token},
        due_at=at,
        expires_at=invitation.expires_at,
    )


def _mail_key(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}:{invitation.sent_count}"


def _expiry(at: datetime) -> datetime:
    return at + timedelta(days=settings.INVITATION_MAX_AGE_DAYS)


def _membership_accepted_before(invitation: Invitation, user: User) -> Membership:
    """What a second click gets: the membership of the first, if it was this person's and still lives."""
    mine = Membership.objects.live().of(user).filter(pair=invitation.pair, side=invitation.side)
    membership = mine.filter(pair__invitations=invitation, pair__invitations__accepted_by=user).first()
    if membership is None:
        raise InvitationClosed
    return membership
