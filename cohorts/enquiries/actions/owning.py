"""Whose an enquiry is. Called by managers."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.enquiries.actions.rows import Step, Verb, has_owner, hold_open, put_step, put_step_again, write
from cohorts.enquiries.exceptions import AlreadyTaken, NotAManager
from cohorts.enquiries.models import Enquiry
from notifications.actions import queue_mail

HANDED = "enquiries.handed"


@transaction.atomic
def take(*, enquiry: Enquiry, by: User, step: Step, at: datetime | None = None) -> Enquiry:
    """Have an enquiry that stands under nobody's, with what is to be done next.

    A second call changes nothing but the step, if it is another (StepChanged: a colleague changed it in between).
    Raises AlreadyTaken when a colleague was first, EnquiryClosed and EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if held.owner_id == by.pk:
        put_step_again(held, step, by=by, at=at)
        return held
    if held.owner is not None and has_owner(held):
        raise AlreadyTaken(held.owner)
    held.owner = by
    held.save(update_fields=["owner"])
    write(held, Verb.TAKEN, by=by, at=at)
    put_step(held, step, by=by, at=at)
    return held


@transaction.atomic
def hand_over(
    *, enquiry: Enquiry, to: User, by: User, seen_owner: int | None, word: str = "", at: datetime | None = None
) -> Enquiry:
    """Give it to a manager, who is told by mail; the next step goes with it. `to` may be oneself.

    A second call tells nobody again; another `word` becomes a note. Raises NotAManager, AlreadyTaken when it is not
    `seen_owner`'s any more, EnquiryClosed and EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if held.owner_id == to.pk:
        if word and not held.events.filter(by=by, text=word).exists():
            write(held, Verb.NOTED, by=by, text=word, at=at)
        return held
    if not has_role(to, Role.MANAGER):
        raise NotAManager
    if held.owner is not None and held.owner_id != seen_owner:
        raise AlreadyTaken(held.owner)
    held.owner = to
    held.save(update_fields=["owner"])
    event = write(held, Verb.HANDED, by=by, to=to, text=word, at=at)
    if to != by:
        queue_mail(
            kind=HANDED,
            address=to.email,
            recipient=to,
            dedupe_key=f"{HANDED}:{held.pk}:{event.pk}",
            ids={"enquiry": held.pk, "event": event.pk},
        )
    return held


@transaction.atomic
def leave_all(*, user: User, at: datetime | None = None) -> None:
    """Everything open that this person has stands under nobody's again: they are about to be forgotten."""
    at = at or timezone.now()
    for enquiry in Enquiry.objects.owned_by(user).order_by("pk").select_for_update():
        enquiry.owner = None
        enquiry.save(update_fields=["owner"])
        write(enquiry, Verb.LEFT, by=user, at=at)
