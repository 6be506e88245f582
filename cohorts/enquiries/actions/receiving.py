"""An enquiry comes in. Anybody may call it, for themselves."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.enquiries import days
from cohorts.enquiries.actions.rows import Verb, write
from cohorts.enquiries.models import Enquiry
from cohorts.models import Cohort, Programme
from notifications.actions import queue_mail
from notifications.ledger import address_hash
from notifications.models import LedgerRow

# Letters and figures that cannot be mistaken for one another on the telephone.
REFERENCE_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
REFERENCE_LENGTH = 5
RECEIVED = "enquiries.received"


@dataclass(frozen=True)
class Asked:
    """What somebody typed, cleaned by the form. Either the address or the telephone number is there."""

    kind: str
    name: str
    text: str
    email: str = ""
    phone: str = ""
    reach: str = ""
    organisation: str = ""
    cohort: Cohort | None = None

    def key_on(self, form: uuid.UUID) -> uuid.UUID:
        """Of these words on this form: a second click is the same, Back and other words are something else.

        The form's own key is kept nowhere, so nobody can try out which words were behind it.
        """
        words = [*(value for name, value in vars(self).items() if name != "cohort"), self.cohort and self.cohort.pk]
        return uuid.uuid5(form, json.dumps(words))


def receive(
    *,
    programme: Programme,
    asked: Asked,
    key: uuid.UUID,
    user: User | None = None,
    heard_by: User | None = None,
    signs: Sequence[str] = (),
    at: datetime | None = None,
) -> Enquiry:
    """Write down what somebody asked, with the day by which they are promised an answer; confirm it by mail once.

    `user` is whoever is signed in and asks for themselves, `heard_by` a manager who was told it on the telephone and
    has it from then on, `key` the form's. The same words with it again return the first one; other words are another
    question.
    """
    at, key = at or timezone.now(), asked.key_on(key)
    try:
        with transaction.atomic():
            return _receive(programme, asked, key=key, user=user, heard_by=heard_by, signs=signs, at=at)
    except IntegrityError:
        if before := Enquiry.objects.filter(form_key=key).first():
            return before
        # One in fourteen million, with a reference that is taken; a second time in a row it is something else.
        return _receive(programme, asked, key=key, user=user, heard_by=heard_by, signs=signs, at=at)


def _receive(
    programme: Programme,
    asked: Asked,
    *,
    key: uuid.UUID,
    user: User | None,
    heard_by: User | None,
    signs: Sequence[str],
    at: datetime,
) -> Enquiry:
    answer_by = days.working_days_after(days.today_at(at), days.ANSWERED_WITHIN)
    enquiry = Enquiry.objects.create(
        **vars(asked),
        programme=programme,
        reference="E" + "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH)),
        user=user,
        owner=heard_by,
        signs=list(signs),
        form_key=key,
        came_at=at,
        answer_by=answer_by,
        next_step=_("Answer them"),
        next_step_on=answer_by,
    )
    write(enquiry, Verb.CAME, by=user or heard_by, at=at)
    _confirm(enquiry)
    return enquiry


def _confirm(enquiry: Enquiry) -> None:
    """To an address that nobody proved, one confirmation a day, and none where a machine seems to have typed it.

    It holds no word of theirs, so nobody can be sent somebody else's words through us (docs/decisions/0015).
    """
    if enquiry.email and not enquiry.seems_a_machines:
        queue_mail(
            kind=RECEIVED,
            address=enquiry.email,
            recipient=recipient_of(enquiry),
            dedupe_key=confirmation_key(enquiry),
            ids={"enquiry": enquiry.pk},
        )


def recipient_of(enquiry: Enquiry) -> User | None:
    """Whoever was signed in with this very address."""
    return enquiry.user if enquiry.user is not None and enquiry.user.email == enquiry.email else None


def confirmation_key(enquiry: Enquiry) -> str:
    if recipient_of(enquiry):
        return f"{RECEIVED}:{enquiry.pk}"
    return f"{RECEIVED}:{address_hash(enquiry.email)[:40]}:{days.today_at(enquiry.came_at)}"


def is_confirmed(enquiry: Enquiry) -> bool:
    """Whether this very enquiry was confirmed by mail, or is about to be."""
    row = LedgerRow.objects.filter(dedupe_key=confirmation_key(enquiry)).first()
    return row is not None and row.ids.get("enquiry") == enquiry.pk
