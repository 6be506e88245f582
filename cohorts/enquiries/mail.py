"""Mail about enquiries: that one came in, what is answered, and to a manager that one is theirs now."""

from datetime import datetime, timedelta
from typing import Any

from cohorts.enquiries.actions.answering import ANSWER
from cohorts.enquiries.actions.owning import HANDED
from cohorts.enquiries.actions.receiving import RECEIVED
from cohorts.enquiries.letters import TEMPLATE, Words
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from config.links import absolute
from notifications.kinds import MailKind, NotWanted, register
from notifications.models import LedgerRow

REMOVED = "What they told us was removed."


def _enquiry(row: LedgerRow) -> Enquiry:
    return Enquiry.objects.select_related("programme", "owner").get(pk=row.ids["enquiry"])


def still_theirs(row: LedgerRow, at: datetime) -> str | None:
    """Not once the enquirer is forgotten."""
    return REMOVED if _enquiry(row).is_forgotten else None


def render_received(row: LedgerRow) -> dict[str, Any]:
    """The programme's own words and ours; none that anybody typed into the form."""
    enquiry = _enquiry(row)
    return {"enquiry": enquiry, "programme": enquiry.programme}


def render_answer(row: LedgerRow) -> dict[str, Any]:
    """The words that were looked at before they were sent."""
    enquiry, event = _enquiry(row), EnquiryEvent.objects.get(pk=row.ids["event"])
    if not event.text:
        raise NotWanted(REMOVED)
    return {"enquiry": enquiry, "programme": enquiry.programme, "words": Words(event.subject, event.text)}


def handed_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    enquiry = _enquiry(row)
    return None if enquiry.is_open and enquiry.owner_id == row.recipient_id else "superseded"


def render_handed(row: LedgerRow) -> dict[str, Any]:
    enquiry, event = _enquiry(row), EnquiryEvent.objects.select_related("by").get(pk=row.ids["event"])
    link = absolute(enquiry.get_absolute_url())
    return {"enquiry": enquiry, "programme": enquiry.programme, "by": event.by, "link": link}


register(
    MailKind(
        name=RECEIVED,
        title="We have your enquiry",
        template="mail/enquiries/received",
        late_after=timedelta(days=2),
        still_wanted=still_theirs,
        render=render_received,
    )
)
register(
    MailKind(
        name=ANSWER,
        title="Answer to an enquiry",
        template=TEMPLATE,
        still_wanted=still_theirs,
        render=render_answer,
    )
)
register(
    MailKind(
        name=HANDED,
        title="An enquiry is yours now",
        template="mail/enquiries/handed",
        still_wanted=handed_still_wanted,
        render=render_handed,
    )
)
