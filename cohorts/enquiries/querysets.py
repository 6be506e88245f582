"""Which enquiries somebody reads, and which of them wait for whom."""

import re
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Right

from accounts.actions import addresses_of
from accounts.models import Role, RoleAssignment, User
from accounts.permissions import Viewer, has_role

# By its last nine figures a number is the same with 0, +44 or +44 (0) before it; a word, as for an extension, ends it.
LAST_FIGURES = 9
FEWEST_FIGURES = 6
FIGURES = Right(
    Func(
        Func(F("phone"), Value("[A-Za-z#].*"), Value(""), function="regexp_replace"),
        Value("[^0-9]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
    ),
    LAST_FIGURES,
)

if TYPE_CHECKING:
    from cohorts.enquiries.models import Enquiry


def still_manages(user: str) -> Exists:
    """Whether the person in the field `user` is a programme manager now."""
    live = RoleAssignment.objects.filter(user=OuterRef(user), role=Role.MANAGER, revoked_at=None, user__is_active=True)
    return Exists(live)


def _figures_of(phone: str) -> str:
    """What `FIGURES` makes of a number."""
    return re.sub(r"[^0-9]", "", re.sub(r"[A-Za-z#].*", "", phone, flags=re.S))[-LAST_FIGURES:]


def managers() -> models.QuerySet[User]:
    """Whoever can be given an enquiry: everybody with the manager's role, also from outside the team."""
    return User.objects.filter(still_manages("pk"), is_active=True).order_by("name", "pk")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: Viewer) -> Self:
        """Programme managers: all. Nobody else, not even whoever sent it: they have the answer by mail or telephone."""
        return self.all() if has_role(user, Role.MANAGER) else self.none()

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        return self.exclude(closed_at=None)

    def nobodys(self) -> Self:
        """Open with no owner, or with one who is no manager any more."""
        return self.open().filter(Q(owner=None) | Q(~still_manages("owner")))

    def owned_by(self, user: Viewer) -> Self:
        return self.open().filter(Q(owner_id=user.pk))

    def due(self, today: date) -> Self:
        """Their next step is for today, or late."""
        return self.open().filter(next_step_on__lte=today)

    def overdue(self, today: date) -> Self:
        return self.open().filter(next_step_on__lt=today)

    def like(self, enquiry: "Enquiry") -> Self:
        """With the address or the telephone number of this one: itself first, then by address, the newest first."""
        alike, figures = Q(pk=enquiry.pk), _figures_of(enquiry.phone)
        by_address = Q(email=enquiry.email) & ~Q(email="")
        if enquiry.phone:
            alike |= Q(phone=enquiry.phone)
        if len(figures) >= FEWEST_FIGURES:
            alike |= Q(figures=figures)
        nearness = Case(When(pk=enquiry.pk, then=0), When(by_address, then=1), default=2)
        return self.annotate(figures=FIGURES).filter(alike | by_address).order_by(nearness, "-pk")

    def from_person(self, user: User) -> Self:
        """Sent by this person signed in, or by anybody with an address of theirs."""
        return self.filter(Q(user=user) | Q(email__in=addresses_of(user)))
