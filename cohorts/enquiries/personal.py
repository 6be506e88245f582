"""What this app holds about somebody who asked, and how it forgets them."""

from typing import Any

from accounts.models import User
from cohorts.enquiries.actions import forgetting, owning
from cohorts.enquiries.models import Enquiry, EnquiryEvent


def enquiries_of(user: User) -> list[dict[str, Any]]:
    """What a person sent, signed in or with their address, and what they were answered."""
    theirs = Enquiry.objects.from_person(user).select_related("programme", "cohort").order_by("pk")
    return [
        {
            "programme": enquiry.programme.name,
            "cohort": enquiry.cohort.name if enquiry.cohort else None,
            "reference": enquiry.reference,
            "kind": enquiry.kind,
            "name": enquiry.name,
            "email": enquiry.email,
            "phone": enquiry.phone,
            "reach": enquiry.reach,
            "organisation": enquiry.organisation,
            "text": enquiry.text,
            "came_at": enquiry.came_at.isoformat(),
            "closed_at": enquiry.closed_at.isoformat() if enquiry.closed_at else None,
            "outcome": enquiry.outcome,
            "history": [_line(event) for event in enquiry.events.order_by("pk")],
        }
        for enquiry in theirs
    ]


def _line(event: EnquiryEvent) -> dict[str, str]:
    return {"what": event.verb, "at": event.at.isoformat(), "subject": event.subject, "text": event.text}


def follow(user: User, before: str, after: str) -> None:
    """What they asked from the old address is answered at the new one."""
    Enquiry.objects.filter(email=before).update(email=after)


def forget(user: User) -> None:
    """What they asked is emptied and closed; what they had as a manager stands under nobody's again."""
    forgetting.forget(enquiries=Enquiry.objects.from_person(user), by=user)
    owning.leave_all(user=user)
