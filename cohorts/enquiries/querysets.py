"""Which enquiries somebody reads, and which of them wait for whom."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role, RoleAssignment, User
from accounts.permissions import Viewer, has_role

if TYPE_CHECKING:
    from cohorts.enquiries.models import Enquiry  # noqa: F401  (named as a string below)


def still_manages(user: str) -> Exists:
    """Whether the person in the field `user` is a programme manager now."""
    live = RoleAssignment.objects.filter(user=OuterRef(user), role=Role.MANAGER, revoked_at=None, user__is_active=True)
    return Exists(live)


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

    def from_person(self, user: User) -> Self:
        """Sent by this person signed in, or by anybody with this address."""
        return self.filter(Q(user=user) | Q(email=user.email))
