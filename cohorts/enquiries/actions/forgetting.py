"""Removing what enquirers told us. Rows, days, states and outcomes stay for the totals."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.enquiries.actions.answering import ANSWER
from cohorts.enquiries.actions.receiving import RECEIVED
from cohorts.enquiries.actions.rows import Verb, write
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from cohorts.enquiries.querysets import EnquiryQuerySet
from notifications.actions import void_mail
from notifications.models import LedgerRow


@transaction.atomic
def forget(*, enquiries: EnquiryQuerySet, by: User, at: datetime | None = None) -> int:
    """Empty them, their history and their mail; what is open is closed. How many. Called by managers, and by erasure.

    A second call finds nothing.
    """
    at = at or timezone.now()
    rows = list(enquiries.filter(forgotten_at=None).order_by("pk").select_for_update())
    for enquiry in rows:
        _forget(enquiry, by=by, at=at)
    return len(rows)


class Likeness(StrEnum):
    """Why an enquiry may be the same person's as another."""

    ITSELF = "itself"
    EMAIL = "email"
    NAME = "name"  # with the telephone number
    PHONE = "phone"  # alone, as anybody of the household or the surgery


def perhaps_theirs(enquiry: Enquiry) -> EnquiryQuerySet:
    """What is not removed yet and has the address or the telephone number of this one, in the order of `like`."""
    return Enquiry.objects.filter(forgotten_at=None).like(enquiry)


def likeness(one: Enquiry, enquiry: Enquiry) -> Likeness:
    """How an enquiry of `perhaps_theirs` is like this one, by what speaks for it most."""
    if one.pk == enquiry.pk:
        return Likeness.ITSELF
    if one.email and one.email == enquiry.email:
        return Likeness.EMAIL
    return Likeness.NAME if _plain(one.name) == _plain(enquiry.name) else Likeness.PHONE


def _plain(name: str) -> list[str]:
    return name.casefold().split()


def _forget(enquiry: Enquiry, *, by: User, at: datetime) -> None:
    _forget_mail(enquiry)
    EnquiryEvent.objects.filter(enquiry=enquiry).update(subject="", text="")
    for name in ("name", "email", "phone", "reach", "organisation", "text", "next_step"):
        setattr(enquiry, name, "")
    enquiry.forgotten_at = at
    audit.record(verb="enquiry.forgotten", by=by, target=enquiry)
    if enquiry.is_open:
        enquiry.closed_at, enquiry.outcome, enquiry.next_step_on = at, Enquiry.Outcome.FORGOTTEN, None
        write(enquiry, Verb.CLOSED, by=by, at=at, outcome=enquiry.outcome)
    enquiry.save()


def _forget_mail(enquiry: Enquiry) -> None:
    theirs = LedgerRow.objects.filter(kind__in=[RECEIVED, ANSWER], ids__enquiry=enquiry.pk)
    void_mail(dedupe_keys=theirs.unsent().values_list("dedupe_key", flat=True), reason="left")
    theirs.update(address=f"erased-enquiry-{enquiry.pk}@erased.invalid", secret=None)
