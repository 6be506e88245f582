"""What waits for a manager: counted for the console's first page and for the weekly digest."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from accounts.permissions import has_role
from cohorts.enquiries import days
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.querysets import still_manages
from notifications.digests import DigestSection


@dataclass(frozen=True)
class Waiting:
    """How many stand under nobody's, and how many of one's own are for a day up to the one asked about."""

    nobodys: int
    mine: int


def waiting_for(user: User, *, up_to: date) -> Waiting:
    """One query; nothing for whoever is no manager."""
    counted = (
        Enquiry.objects.visible_to(user)
        .open()
        .aggregate(
            nobodys=Count("pk", filter=Q(owner=None) | Q(~still_manages("owner"))),
            mine=Count("pk", filter=Q(owner_id=user.pk, next_step_on__lte=up_to)),
        )
    )
    return Waiting(counted["nobodys"], counted["mine"])


def waiting_now(user: User) -> Waiting:
    return waiting_for(user, up_to=days.today_at(timezone.now()))


def enquiries_waiting(user: User, since: datetime, until: datetime) -> DigestSection | None:
    """For managers: enquiries that nobody has taken yet, and their own steps of the coming seven days."""
    if not has_role(user, Role.MANAGER):
        return None
    waiting = waiting_for(user, up_to=days.today_at(until) + timedelta(days=6))
    address, lines = reverse("cohorts:enquiry_list"), []
    if waiting.nobodys:
        words = ngettext("%(number)s enquiry has nobody yet", "%(number)s enquiries have nobody yet", waiting.nobodys)
        lines.append((words % {"number": waiting.nobodys}, f"{address}?whose=nobody"))
    if waiting.mine:
        words = ngettext(
            "%(number)s next step of yours this week", "%(number)s next steps of yours this week", waiting.mine
        )
        lines.append((words % {"number": waiting.mine}, f"{address}?whose=mine"))
    return DigestSection(_("Enquiries"), lines) if lines else None
