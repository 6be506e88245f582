"""The second person: invited by the first, let in by a link and a code to the same address."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import accounts.actions
from accounts import audit
from accounts.models import User
from applications.actions.states import lock, lock_draft
from applications.exceptions import AlreadyApplying, InvitationClosed, InvitedTooOften, NotTheirs
from applications.models import Applicant, Application
from config.tokens import hash_of, is_well_formed, new_token
from notifications.actions import queue_mail, void_mail

INVITATIONS_PER_DAY = 10


@transaction.atomic
def invite_partner(
    *, application: Application, by: User, name: str, email: str, at: datetime | None = None
) -> Applicant:
    """Ask somebody to be the other of the two, or ask again; an older link of theirs stops working.

    Called by the one who has joined (or a manager for them). Raises AlreadyApplying for one's own address and when the
    other has joined, InvitedTooOften, and ApplicationsClosed for what is no longer a draft.
    """
    at = at or timezone.now()
    locked = lock_draft(application)
    address = email.strip().lower()
    live = list(locked.applicants.live())
    joined = [one for one in live if one.has_joined]
    waiting = next((one for one in live if not one.has_joined), None)
    if len(joined) != 1 or joined[0].email == address or joined[0].user == accounts.actions.person_with(address):
        raise AlreadyApplying
    _refuse_too_many(locked, by, at)
    first = joined[0]
    if waiting is None:
        other = next(side for side in Applicant.Side if side != first.side)
        waiting = Applicant(application=locked, cohort_id=locked.cohort_id, side=other)
    else:
        void_mail(dedupe_keys=[invitation_key(waiting)], reason="replaced_by_a_new_link")
    token = new_token()
    waiting.name, waiting.email, waiting.token_hash = name, address, hash_of(token)
    waiting.invited_at, waiting.invited_count = at, waiting.invited_count + 1
    waiting.expires_at = at + timedelta(days=settings.INVITATION_MAX_AGE_DAYS)
    waiting.save()
    queue_mail(
        kind="applications.invitation",
        address=address,
        recipient=accounts.actions.person_with(address),
        dedupe_key=invitation_key(waiting),
        ids={"applicant": waiting.pk},
        secret={"token": token},
        due_at=at,
        expires_at=waiting.expires_at,
    )
    audit.record(verb="applicant.invited", by=by, target=waiting, application=locked.pk)
    return waiting


@transaction.atomic
def name_partner(*, application: Application, by: User, name: str, phone: str, at: datetime | None = None) -> Applicant:
    """Name the other of the two, who has no address: the team rings them and writes down their part.

    Called by the one who has joined. A link that was sent before stops working. Raises AlreadyApplying when the other
    has joined, and ApplicationsClosed for what is no longer a draft.
    """
    at = at or timezone.now()
    locked = lock_draft(application)
    live = list(locked.applicants.live())
    joined = [one for one in live if one.has_joined]
    if len(joined) != 1:
        raise AlreadyApplying
    for waiting in live:
        if not waiting.has_joined:
            withdraw_invitation(applicant=waiting, by=by)
    side = next(side for side in Applicant.Side if side != joined[0].side)
    named = Applicant.objects.create(
        application=locked, cohort_id=locked.cohort_id, side=side, name=name, phone=phone, joined_at=at
    )
    audit.record(verb="applicant.named", by=by, target=named, application=locked.pk)
    return named


@transaction.atomic
def withdraw_invitation(*, applicant: Applicant, by: User) -> None:
    """Take an invitation back before it is taken up; its link opens nothing from then on.

    Somebody to be rung is taken back until the team has written something down. A second call changes nothing. Raises
    InvitationClosed once they have joined.
    """
    lock(applicant.application)
    current = Applicant.objects.get(pk=applicant.pk)
    if current.has_joined and not (current.is_heard and not current.has_confirmed and not current.answers.exists()):
        raise InvitationClosed
    if current.left_at is None:
        Applicant.objects.filter(pk=current.pk).update(left_at=timezone.now(), token_hash="")
        void_mail(dedupe_keys=[invitation_key(current)], reason="invitation_withdrawn")
        audit.record(verb="applicant.uninvited", by=by, target=current, application=current.application_id)


def find_invited(*, token: str) -> Applicant | None:
    """The part that a link invites to, or None. Changes nothing."""
    if not is_well_formed(token):
        return None
    invited = Applicant.objects.live().select_related("application__cohort__programme", "application__started_by")
    return invited.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def take_up(*, applicant: Applicant, by: User, at: datetime | None = None) -> Applicant:
    """Join as the other of the two. Called by the person invited, signed in with the address the link went to.

    Taken up once, by compare-and-set on the link; a second call by the same person returns their part. Raises NotTheirs
    for anybody else, and InvitationClosed when it was withdrawn, replaced, has run out, or the draft was closed.
    """
    at = at or timezone.now()
    if accounts.actions.person_with(applicant.email) != by or not by.is_active:
        raise NotTheirs
    locked = lock(applicant.application)
    waiting = Applicant.objects.live().filter(
        pk=applicant.pk, token_hash=applicant.token_hash, email=applicant.email, joined_at=None, expires_at__gt=at
    )
    joins = (
        locked.is_draft
        and not locked.cohort.is_archived
        and waiting.update(user=by, joined_at=at, name=by.name or applicant.name, time_zone=by.time_zone, token_hash="")
    )
    if not joins:
        mine = Applicant.objects.live().of(by).filter(pk=applicant.pk).first()
        if mine is None:
            raise InvitationClosed
        return mine
    applicant.refresh_from_db()
    audit.record(verb="applicant.joined", by=by, target=applicant, application=locked.pk)
    return applicant


def invitation_key(applicant: Applicant) -> str:
    return f"application-invitation:{applicant.pk}:{applicant.invited_count}"


def _refuse_too_many(application: Application, by: User, at: datetime) -> None:
    """A draft is free to begin, so what one person may send to strangers is not; nor what goes out from one draft."""
    theirs = Applicant.objects.filter(
        Q(application=application) | Q(application__started_by=by), invited_at__gt=at - timedelta(days=1)
    )
    if sum(theirs.values_list("invited_count", flat=True)) >= INVITATIONS_PER_DAY:
        raise InvitedTooOften
