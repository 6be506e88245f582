"""What can be done with pairs and invitations.

Managers make pairs, invite and withdraw; the person invited accepts; the two go under the radar and come back. Each
action first locks the cohort's row, so that places, pairs and people of one cohort change one after the other. `at`
left out is now.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator

import accounts.actions
import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions import leaving, offering, states
from applications.exceptions import NotTheirs, OfferClosed
from applications.models import Applicant, Application, Offer, OfferYes, Question
from cohorts.exceptions import AlreadyTakingPart, CohortArchived
from cohorts.models import Cohort, Participant
from config.tokens import hash_of, is_well_formed, new_token
from notifications.actions import queue_mail, void_mail
from pairs.exceptions import (
    AlreadyEnded,
    AlreadyInAPair,
    AlreadyInCohort,
    CohortClosed,
    InvitationClosed,
    NeedsTheOther,
    NotInThisPair,
    NotYourInvitation,
    ReviewOutOfReach,
    SameAddressTwice,
    SideTaken,
)
from pairs.models import Invitation, Membership, Pair, QuietTime
from pairs.querysets import QuietTimeQuerySet
from pairs.review_dates import first_review_on, last_review_on

Side = Membership.Side

# ---- Making a pair ----


@transaction.atomic
def make_pair(
    *,
    cohort: Cohort,
    professional_email: str,
    partner_email: str,
    challenge: str,
    by: User | None,
    professional_name: str = "",
    partner_name: str = "",
    challenge_summary: str = "",
    funding: str = "",
    at: datetime | None = None,
) -> Pair:
    """Take one place and invite two people to it.

    Raises SameAddressTwice, AlreadyInCohort (with the side), NoPlaceLeft, CohortClosed and CohortArchived. A second
    click meets AlreadyInCohort.
    """
    at = at or timezone.now()
    people = {
        Side.PROFESSIONAL: (_clean(professional_email), professional_name),
        Side.PARTNER: (_clean(partner_email), partner_name),
    }
    if people[Side.PROFESSIONAL][0] == people[Side.PARTNER][0]:
        raise SameAddressTwice
    locked = _open_cohort(cohort)
    for side, (email, _name) in people.items():
        _refuse_if_in_cohort(locked, email, side)
    cohorts.actions.take_place(cohort=locked)
    pair = Pair.objects.create(
        cohort=locked, challenge=challenge, challenge_summary=challenge_summary, funding=funding, created_at=at
    )
    audit.record(verb="pair.made", by=by, target=pair, cohort=locked.pk)
    for side, (email, name) in people.items():
        _invite(pair=pair, side=side, email=email, name=name, by=by, at=at)
    return pair


@transaction.atomic
def edit_pair(*, pair: Pair, by: User, challenge: str, challenge_summary: str, funding: str) -> Pair:
    """Put right what the pair works on. Raises CohortArchived."""
    cohorts.actions.lock(pair.cohort)
    pair.challenge, pair.challenge_summary, pair.funding = challenge, challenge_summary, funding
    pair.save(update_fields=["challenge", "challenge_summary", "funding"])
    audit.record(verb="pair.edited", by=by, target=pair)
    return pair


@transaction.atomic
def invite_to_pair(
    *, pair: Pair, side: str, email: str, by: User | None, name: str = "", at: datetime | None = None
) -> Invitation:
    """Invite somebody to a side that nobody has and nobody is invited to.

    Raises SideTaken, AlreadyInCohort, AlreadyEnded, CohortClosed and CohortArchived.
    """
    locked = _open_cohort(pair.cohort)
    pair.refresh_from_db()
    if pair.has_ended:
        raise AlreadyEnded
    if pair.memberships.live().filter(side=side).exists() or pair.invitations.waiting().filter(side=side).exists():
        raise SideTaken
    _refuse_if_in_cohort(locked, _clean(email), side)
    return _invite(pair=pair, side=side, email=_clean(email), name=name, by=by, at=at or timezone.now())


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, at: datetime | None = None) -> Invitation:
    """Send a new link, good for another while; the old one stops working, and its unsent mail is withdrawn.

    `invitation.sent_count` is where the caller saw it: a second click on one page raises InvitationClosed, as does an
    invitation that was accepted or withdrawn. Raises CohortClosed and CohortArchived.
    """
    at = at or timezone.now()
    _open_cohort(invitation.pair.cohort)
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
    if not _withdraw(invitation, at=at, by=by):
        raise InvitationClosed
    _settle(invitation.pair, by=by, at=at)
    return invitation


# ---- Accepting ----


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
    if by.email != invitation.email or not by.is_active:
        raise NotYourInvitation
    try:
        cohort = _open_cohort(invitation.pair.cohort)
    except (CohortClosed, CohortArchived) as error:
        raise InvitationClosed from error
    accepted = (
        Invitation.objects.open(at)
        .filter(pk=invitation.pk, token_hash=invitation.token_hash, email=by.email, pair__ended_at=None)
        .update(state=Invitation.State.ACCEPTED, accepted_by=by, accepted_at=at)
    )
    if not accepted:
        return _membership_accepted_before(invitation, by)
    invitation.refresh_from_db()
    membership = _join(invitation.pair, cohort, user=by, side=invitation.side, at=at)
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


# ---- Accepting an offer ----


@transaction.atomic
def accept_offer(
    *, offer: Offer, applicant: Applicant, by: User, how: str = "", at: datetime | None = None
) -> Pair | None:
    """Say yes to an offered place. The second yes makes the pair, in one step; the first returns None.

    Called by the person, by the one they let help, or by a manager who heard it (`how`). The pair keeps the place that
    the offer held. A second call by the same person changes nothing. Raises OfferClosed when it was answered, has run
    out or was withdrawn, NotTheirs, and AlreadyInAPair when one of the two is in another pair of the cohort.
    """
    at = at or timezone.now()
    try:
        cohort = _open_cohort(offer.cohort)
    except (CohortClosed, CohortArchived) as error:
        raise OfferClosed from error
    application = states.lock(offer.application)
    people = list(application.applicants.live().select_related("user"))
    if applicant.pk not in {person.pk for person in people}:
        raise NotTheirs
    current = Offer.objects.get(pk=offer.pk)
    if current.state == Offer.State.ACCEPTED:
        return Pair.objects.live().filter(application=application).first()
    if current.state != Offer.State.OPEN or current.answer_by <= at:
        raise OfferClosed
    yes, is_new = OfferYes.objects.get_or_create(
        offer=current, applicant=applicant, defaults={"recorded_by": by, "how": how, "at": at}
    )
    if is_new:
        audit.record(verb="offer.yes", by=by, target=yes, application=application.pk, told=int(bool(how)))
    said = set(current.yeses.values_list("applicant", flat=True))
    if len(people) < len(Side) or not said.issuperset(person.pk for person in people):
        return None
    return _pair_from(current, application, people, cohort=cohort, by=by, at=at)


def _pair_from(
    offer: Offer, application: Application, people: list[Applicant], *, cohort: Cohort, by: User, at: datetime
) -> Pair:
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.ACCEPTED, closed_by=by, closed_at=at)
    states.move(application=application, to=Application.State.ACCEPTED, by=by, at=at)
    said = dict(application.answers.shared().values_list("question__meaning", "value"))
    pair = Pair.objects.create(
        cohort=cohort,
        application=application,
        challenge=Truncator(application.challenge).chars(200),
        challenge_summary=str(said.get(Question.Meaning.CHALLENGE_MORE, ""))[:4000],
        funding=Truncator(str(said.get(Question.Meaning.FUNDING, ""))).chars(200),
        created_at=at,
    )
    audit.record(verb="pair.made", by=by, target=pair, cohort=cohort.pk, application=application.pk)
    for person in people:
        user = _account_of(person, by=by)
        _join(pair, cohort, user=user, side=person.side, at=at)
        if person.has_address:
            queue_mail(
                kind="applications.accepted",
                address=person.email,
                recipient=user,
                dedupe_key=f"offer-accepted:{offer.pk}:{person.pk}",
                ids={"applicant": person.pk, "offer": offer.pk},
                due_at=at,
            )
    audit.record(verb="offer.accepted", by=by, target=offer, application=application.pk, pair=pair.pk)
    return pair


def _account_of(person: Applicant, *, by: User) -> User:
    """The account of somebody who gets a place; without an e-mail address one that no mail ever goes to.

    An account that has no name yet, because a code was all it took to begin, gets the one they applied with.
    """
    if person.user is None:
        address = person.email or f"person-{person.pk}@no-address.invalid"
        user = accounts.actions.ensure_user(email=address, by=by, name=person.name, time_zone=person.time_zone)
        Applicant.objects.filter(pk=person.pk).update(user=user)
        return user
    if not person.user.name:
        return accounts.actions.change_profile(user=person.user, by=by, name=person.name, time_zone=person.time_zone)
    return person.user


def end_pair_of(application: Application, by: User, at: datetime) -> None:
    """End the pair that was made from an application, when one of its people leaves before the start."""
    for pair in Pair.objects.live().filter(application=application).select_related("cohort"):
        end_pair(pair=pair, by=by, at=at)


# ---- Ending ----


@transaction.atomic
def end_membership(*, membership: Membership, by: User, reason: str, at: datetime | None = None) -> None:
    """Record that a person has left the pair; the place stays with the one who remains.

    Their part in the cohort ends with it, and unsent mail about it is voided; what they wrote stays theirs. When nobody
    is left and nobody invited, the pair ends too. Raises AlreadyEnded on a second call, and CohortArchived.
    """
    at = at or timezone.now()
    cohorts.actions.lock(membership.pair.cohort)
    if not _end(membership, by=by, reason=reason, at=at):
        raise AlreadyEnded
    _settle(membership.pair, by=by, at=at)


@transaction.atomic
def end_pair(*, pair: Pair, by: User, at: datetime | None = None) -> None:
    """End a pair: its invitations are withdrawn and its memberships end; before the start its place is free again.

    Raises AlreadyEnded on a second call, and CohortArchived.
    """
    at = at or timezone.now()
    cohorts.actions.lock(pair.cohort)
    pair.refresh_from_db()
    if pair.has_ended:
        raise AlreadyEnded
    for invitation in pair.invitations.waiting():
        _withdraw(invitation, at=at, by=by)
    for membership in pair.memberships.live().select_related("participant__cohort"):
        _end(membership, by=by, reason=Membership.EndReason.PAIR_ENDED, at=at)
    _settle(pair, by=by, at=at)


# ---- Under the radar ----
# The trail holds what the console may see: that it began, goes on or has ended, never that one person asked.


@transaction.atomic
def ask_quiet(*, pair: Pair, by: User, review_on: date, at: datetime | None = None) -> QuietTime:
    """Ask the other to go under the radar until a review date. Called by a member of the pair.

    While one is open, asked for by either, that one is returned as it is. Raises NotInThisPair, ReviewOutOfReach and
    CohortArchived.
    """
    at = at or timezone.now()
    cohort = _with_member(pair, by)
    today = at.astimezone(cohort.zone).date()
    if not today < review_on <= last_review_on(today):
        raise ReviewOutOfReach
    quiet_time, _is_new = QuietTime.objects.get_or_create(
        pair=pair, ended_at=None, defaults={"asked_by": by, "asked_at": at, "review_on": review_on}
    )
    return quiet_time


@transaction.atomic
def agree_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> QuietTime:
    """Say yes: from now on the pair is under the radar. Called by the member who did not ask.

    A second call changes nothing. Raises NotInThisPair, NeedsTheOther, AlreadyEnded and CohortArchived.
    """
    _with_member(quiet_time.pair, by)
    if quiet_time.asked_by_id == by.pk:
        raise NeedsTheOther
    waiting = QuietTime.objects.filter(pk=quiet_time.pk, ended_at=None, agreed_by=None)
    if waiting.update(agreed_by=by, agreed_at=at or timezone.now()):
        audit.record(verb="quiet_time.begun", by=by, target=quiet_time, pair=quiet_time.pair_id)
    quiet_time.refresh_from_db()
    if quiet_time.ended_at:
        raise AlreadyEnded
    return quiet_time


@transaction.atomic
def go_on_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> bool:
    """Stay under the radar for another while once the review date has come. Called by either member.

    False, and nothing changes, before that date, after a first call, and when it has ended. Raises NotInThisPair and
    CohortArchived.
    """
    cohort = _with_member(quiet_time.pair, by)
    today = (at or timezone.now()).astimezone(cohort.zone).date()
    due = QuietTime.objects.filter(pk=quiet_time.pk, ended_at=None, agreed_at__isnull=False, review_on__lte=today)
    goes_on = due.update(review_on=first_review_on(today))
    if goes_on:
        audit.record(verb="quiet_time.goes_on", by=by, target=quiet_time, pair=quiet_time.pair_id)
    return bool(goes_on)


@transaction.atomic
def end_quiet(*, quiet_time: QuietTime, by: User, at: datetime | None = None) -> bool:
    """End it, take the question back, or answer "not now". Called by either member, alone.

    False on a second call, which changes nothing. Raises NotInThisPair and CohortArchived.
    """
    _with_member(quiet_time.pair, by)
    return _end_quiet(quiet_time.pair_id, QuietTime.objects.filter(pk=quiet_time.pk), by=by, at=at or timezone.now())


# ---- Small parts ----


def _clean(email: str) -> str:
    return email.strip().lower()


def _expiry(at: datetime) -> datetime:
    return at + timedelta(days=settings.INVITATION_MAX_AGE_DAYS)


def _mail_key(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}:{invitation.sent_count}"


def _open_cohort(cohort: Cohort) -> Cohort:
    locked = cohorts.actions.lock(cohort)
    if not locked.takes_pairs:
        raise CohortClosed
    return locked


def _refuse_if_in_cohort(cohort: Cohort, email: str, side: str) -> None:
    taking_part = Participant.objects.live().filter(cohort=cohort, user__email=email)
    invited = Invitation.objects.waiting().filter(pair__cohort=cohort, email=email)
    if taking_part.exists() or invited.exists():
        raise AlreadyInCohort(side)


def _with_member(pair: Pair, user: User) -> Cohort:
    """The pair's cohort, locked, on behalf of one of its two people."""
    cohort = cohorts.actions.lock(pair.cohort)
    if not pair.memberships.live().of(user).exists():
        raise NotInThisPair
    return cohort


def _end_quiet(pair_id: int, which: QuietTimeQuerySet, *, by: User, at: datetime) -> bool:
    began = which.begun().exists()
    ended = which.filter(ended_at=None).update(ended_at=at, ended_by=by)
    if ended and began:
        audit.record(verb="quiet_time.ended", by=by, pair=pair_id)
    return bool(ended)


def _invite(*, pair: Pair, side: str, email: str, name: str, by: User | None, at: datetime) -> Invitation:
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


def _queue(invitation: Invitation, token: str, *, at: datetime) -> None:
    queue_mail(
        kind="pairs.invitation",
        address=invitation.email,
        recipient=User.objects.filter(email=invitation.email).first(),
        dedupe_key=_mail_key(invitation),
        ids={"invitation": invitation.pk},
        secret={"token": token},
        due_at=at,
        expires_at=invitation.expires_at,
    )


def _withdraw(invitation: Invitation, *, at: datetime, by: User) -> bool:
    withdrawn = (
        Invitation.objects.waiting().filter(pk=invitation.pk).update(state=Invitation.State.WITHDRAWN, withdrawn_at=at)
    )
    if withdrawn:
        invitation.refresh_from_db()
        void_mail(dedupe_keys=[_mail_key(invitation)], reason="invitation_withdrawn")
        audit.record(verb="invitation.withdrawn", by=by, target=invitation, pair=invitation.pair_id)
    return bool(withdrawn)


def _join(pair: Pair, cohort: Cohort, *, user: User, side: str, at: datetime) -> Membership:
    try:
        participant = cohorts.actions.join_cohort(cohort=cohort, user=user, by=user, at=at)
    except AlreadyTakingPart as error:
        raise AlreadyInAPair from error
    try:
        with transaction.atomic():
            return Membership.objects.create(pair=pair, participant=participant, cohort=cohort, side=side, joined_at=at)
    except IntegrityError as error:
        raise SideTaken from error


def _membership_accepted_before(invitation: Invitation, user: User) -> Membership:
    """What a second click gets: the membership of the first, if it was this person's and still lives."""
    mine = Membership.objects.live().of(user).filter(pair=invitation.pair, side=invitation.side)
    membership = mine.filter(pair__invitations=invitation, pair__invitations__accepted_by=user).first()
    if membership is None:
        raise InvitationClosed
    return membership


def _end(membership: Membership, *, by: User, reason: str, at: datetime) -> bool:
    ended = Membership.objects.live().filter(pk=membership.pk).update(ended_at=at, end_reason=reason)
    if ended:
        cohorts.actions.end_participation(participant=membership.participant, by=by, at=at)
        # Two agreed to it; one of them has gone.
        _end_quiet(membership.pair_id, QuietTime.objects.filter(pair=membership.pair_id), by=by, at=at)
        audit.record(verb="membership.ended", by=by, target=membership, pair=membership.pair_id, reason=reason)
    return bool(ended)


def _settle(pair: Pair, *, by: User, at: datetime) -> None:
    """End a pair in which nobody is left and nobody invited; give its place back if it never began."""
    if pair.memberships.live().exists() or pair.invitations.waiting().exists():
        return
    cohort = Cohort.objects.get(pk=pair.cohort_id)
    keeps_place = cohort.has_begun and pair.memberships.exists()
    if Pair.objects.live().filter(pk=pair.pk).update(ended_at=at, holds_place=keeps_place):
        audit.record(verb="pair.ended", by=by, target=pair, keeps_place=int(keeps_place))
        if not keeps_place:
            cohorts.actions.free_place(cohort=cohort)
            if pair.application is not None:
                leaving.pair_ended(application=pair.application, by=by, at=at)
            offering.offer_next(cohort=cohort, at=at)
    pair.refresh_from_db(fields=["ended_at", "holds_place"])
