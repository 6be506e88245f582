"""What became of somebody who asked first: the applications sent, or begun, from the same address."""

from django.urls import reverse

from accounts.models import User
from applications.models import Application
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.traces import Trace

MOST = 5


def applications_of_enquirer(reader: User, enquiry: Enquiry) -> list[Trace]:
    """The newest first, and only what the reader's own pages show. One query."""
    if not enquiry.email:
        return []
    mine = Application.objects.read_by(reader).filter(applicants__email=enquiry.email, applicants__left_at=None)
    found = mine.select_related("cohort").distinct().order_by("-pk")[:MOST]
    return [
        Trace(
            f"{one.cohort.name}, {one.reference}: {one.get_state_display()}",
            reverse("applications:detail", args=[one.reference]),
        )
        for one in found
    ]
