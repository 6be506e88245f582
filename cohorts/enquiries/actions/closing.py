"""The end of an enquiry, and its new beginning. Called by managers."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cohorts.enquiries.actions.rows import Step, Verb, has_owner, hold, write
from cohorts.enquiries.exceptions import EnquirerForgotten, EnquiryClosed, EnquiryOpen
from cohorts.enquiries.models import Enquiry


@transaction.atomic
def close(*, enquiry: Enquiry, outcome: str, by: User, note: str = "", at: datetime | None = None) -> Enquiry:
    """Nothing more is to be done; `outcome` says what came of it.

    A second click changes nothing. Raises EnquiryClosed when a colleague closed it, or oneself in other words.
    """
    at = at or timezone.now()
    held = hold(enquiry)
    if not held.is_open:
        last = held.events.filter(verb=Verb.CLOSED).first()
        if last and (last.by_id, last.outcome, last.text) == (by.pk, outcome, note):
            return held
        raise EnquiryClosed
    held.closed_at, held.outcome, held.next_step, held.next_step_on = at, outcome, "", None
    if not has_owner(held):
        held.owner = by
    held.save(update_fields=["closed_at", "outcome", "next_step", "next_step_on", "owner"])
    write(held, Verb.CLOSED, by=by, at=at, text=note, outcome=outcome)
    return held


@transaction.atomic
def reopen(*, enquiry: Enquiry, step: Step, by: User, at: datetime | None = None) -> Enquiry:
    """There is something to do after all. It stays with whoever had it, if they are a manager still.

    A second click changes nothing. Raises EnquiryOpen when it is open with another next step, and EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold(enquiry)
    if held.is_forgotten:
        raise EnquirerForgotten
    if held.is_open and (held.next_step, held.next_step_on) == (step.what, step.on):
        return held
    if held.is_open:
        raise EnquiryOpen
    held.closed_at, held.outcome = None, ""
    held.next_step, held.next_step_on = step.what, step.on
    if not has_owner(held):
        held.owner = by
    held.save(update_fields=["closed_at", "outcome", "next_step", "next_step_on", "owner"])
    write(held, Verb.REOPENED, by=by, at=at)
    write(held, Verb.STEP_SET, by=by, at=at, text=step.what, on=step.on)
    return held
