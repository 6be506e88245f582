"""Answering by mail: what was looked at is what is sent, and of two who answer at once the second is told."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cohorts.enquiries.actions.receiving import recipient_of
from cohorts.enquiries.actions.rows import Step, Verb, adopt, hold_open, put_step, put_step_again, write, written_before
from cohorts.enquiries.exceptions import AnswerChanged, AnsweredMeanwhile, NoAddress
from cohorts.enquiries.letters import Words, letter_of
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from notifications.actions import queue_mail

ANSWER = "enquiries.answer"


@transaction.atomic
def answer(
    *,
    enquiry: Enquiry,
    words: Words,
    step: Step,
    by: User,
    digest: str,
    seen_answers: int,
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> EnquiryEvent:
    """Send exactly the mail whose `digest` the caller looked at, and say what comes next. Called by managers.

    The same `key` again returns the first answer, and puts the `step` if it is another (StepChanged: a colleague did).
    Raises WrittenBefore when that key sent other words, AnsweredMeanwhile when there are more than `seen_answers`,
    AnswerChanged when the mail would be another, NoAddress, EnquiryClosed and EnquirerForgotten.
    """
    at = at or timezone.now()
    held = hold_open(enquiry)
    if before := written_before(held, key, subject=words.subject, text=words.body):
        put_step_again(held, step, by=by, at=at)
        return before
    if not held.email:
        raise NoAddress
    last = held.events.filter(verb=Verb.ANSWERED).first()
    number = (last.answer_number or 0) if last else 0
    if last is not None and number != seen_answers:
        raise AnsweredMeanwhile(last)
    if letter_of(held, words).digest != digest:
        raise AnswerChanged
    adopt(held, by=by, at=at)
    event = write(
        held,
        Verb.ANSWERED,
        by=by,
        at=at,
        subject=words.subject,
        text=words.body,
        answer_number=number + 1,
        form_key=key,
    )
    queue_mail(
        kind=ANSWER,
        address=held.email,
        recipient=recipient_of(held),
        dedupe_key=f"{ANSWER}:{held.pk}:{number + 1}",
        ids={"enquiry": held.pk, "event": event.pk},
    )
    put_step(held, step, by=by, at=at)
    return event
