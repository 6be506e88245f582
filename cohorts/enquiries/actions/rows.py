"""What the other actions share: the enquiry held, a line of its history written, its next step put."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts import audit
from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.enquiries.exceptions import EnquirerForgotten, EnquiryClosed, StepChanged, WrittenBefore
from cohorts.enquiries.models import Enquiry, EnquiryEvent

Verb = EnquiryEvent.Verb


@dataclass(frozen=True)
class Step:
    """What is to be done next, and on which day at the latest."""

    what: str
    on: date


def hold(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it stands, its row held to the end of the transaction.

    Nothing is joined: whoever waited for the lock gets the row anew, and the joined rows as they were before the wait.
    """
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def hold_open(enquiry: Enquiry) -> Enquiry:
    """Raises EnquiryClosed, and EnquirerForgotten."""
    held = hold(enquiry)
    if held.is_forgotten:
        raise EnquirerForgotten
    if not held.is_open:
        raise EnquiryClosed
    return held


def write(enquiry: Enquiry, verb: str, *, by: User | None, at: datetime, **what: Any) -> EnquiryEvent:
    """A line of the history, and of the audit trail, which holds no words."""
    event = EnquiryEvent.objects.create(enquiry=enquiry, verb=verb, by=by, at=at, **what)
    audit.record(verb=f"enquiry.{verb}", by=by, target=enquiry, event=event.pk)
    return event


def put_step(enquiry: Enquiry, step: Step, *, by: User, at: datetime) -> None:
    """Nothing when it stands so already."""
    if (enquiry.next_step, enquiry.next_step_on) == (step.what, step.on):
        return
    enquiry.next_step, enquiry.next_step_on = step.what, step.on
    enquiry.save(update_fields=["next_step", "next_step_on"])
    write(enquiry, Verb.STEP_SET, by=by, at=at, text=step.what, on=step.on)


def put_step_again(enquiry: Enquiry, step: Step, *, by: User, at: datetime) -> None:
    """The step of a form that was sent before: a second click, or Back and another step, which then counts.

    Raises StepChanged when it was somebody else who moved the enquiry on last. Notes move nothing.
    """
    if (enquiry.next_step, enquiry.next_step_on) == (step.what, step.on):
        return
    last = enquiry.events.exclude(verb=Verb.NOTED).first()
    if last is None or last.by_id != by.pk:
        raise StepChanged(last)
    put_step(enquiry, step, by=by, at=at)


def has_owner(enquiry: Enquiry) -> bool:
    """Whether somebody has it who is a manager still."""
    return enquiry.owner is not None and has_role(enquiry.owner, Role.MANAGER)


def adopt(enquiry: Enquiry, *, by: User, at: datetime) -> None:
    """Whoever acts on what stands under nobody's has it from then on."""
    if not has_owner(enquiry):
        enquiry.owner = by
        enquiry.save(update_fields=["owner"])
        write(enquiry, Verb.TAKEN, by=by, at=at)


def written_before(enquiry: Enquiry, key: UUID | None, **words: Any) -> EnquiryEvent | None:
    """What an earlier click on the same form wrote. Raises WrittenBefore when that was not these `words`."""
    before = enquiry.events.filter(form_key=key).first() if key else None
    if before and any(getattr(before, name) != value for name, value in words.items()):
        raise WrittenBefore(before)
    return before
