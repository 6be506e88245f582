"""The next step, and what was said in between. Called by managers."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cohorts.enquiries.actions.rows import (
    Step,
    Verb,
    adopt,
    hold,
    hold_open,
    put_step,
    put_step_again,
    write,
    written_before,
)
from cohorts.enquiries.exceptions import EnquirerForgotten, StepChanged
from cohorts.enquiries.models import Enquiry, EnquiryEvent


@transaction.atomic
def set_step(*, enquiry: Enquiry, step: Step, by: User, seen: str, at: datetime | None = None) -> Enquiry:
    """Change what is next, or when. `seen` is the `step_mark` of what the page showed.

    A second call changes nothing. Raises StepChanged when somebody else changed it meanwhile, EnquiryClosed and
    EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if seen != held.step_mark:
        put_step_again(held, step, by=by, at=at)
        return held
    adopt(held, by=by, at=at)
    put_step(held, step, by=by, at=at)
    return held


@transaction.atomic
def complete_step(
    *, enquiry: Enquiry, step: Step, by: User, seen: str, key: uuid.UUID | None = None, at: datetime | None = None
) -> Enquiry:
    """What was next is done, and this comes after it: an open enquiry is never without a next step.

    It is done once for each `key`, even where the same thing comes next; a second call changes nothing but `step`.
    Raises what `set_step` raises.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if written_before(held, key):
        put_step_again(held, step, by=by, at=at)
        return held
    if seen != held.step_mark:
        raise StepChanged(held.events.exclude(verb=Verb.NOTED).first())
    adopt(held, by=by, at=at)
    write(held, Verb.STEP_DONE, by=by, at=at, text=held.next_step, on=held.next_step_on, form_key=key)
    put_step(held, step, by=by, at=at)
    return held


@transaction.atomic
def note_call(
    *,
    enquiry: Enquiry,
    text: str,
    on: date,
    step: Step,
    by: User,
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> EnquiryEvent:
    """Write down what was said on the telephone, and on which day.

    The same `key` again returns the first note, and puts the `step` if it is another (StepChanged: a colleague did).
    Raises WrittenBefore when that key wrote down something else, EnquiryClosed and EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if before := written_before(held, key, text=text, on=on):
        put_step_again(held, step, by=by, at=at)
        return before
    adopt(held, by=by, at=at)
    event = write(held, Verb.CALLED, by=by, at=at, text=text, on=on, form_key=key)
    put_step(held, step, by=by, at=at)
    return event


@transaction.atomic
def add_note(
    *, enquiry: Enquiry, text: str, by: User, key: uuid.UUID | None = None, at: datetime | None = None
) -> EnquiryEvent:
    """Write down something for the team, also when it is closed. The same `key` again returns the first note.

    Raises WrittenBefore when that key wrote something else, and EnquirerForgotten.
    """
    held = hold(enquiry)
    if held.is_forgotten:
        raise EnquirerForgotten
    if before := written_before(held, key, text=text):
        return before
    return write(held, Verb.NOTED, by=by, at=at or timezone.now(), text=text, form_key=key)
