"""Who may read what of a pair. Each docstring is the policy."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Viewer
from cohorts.models import Cohort

if TYPE_CHECKING:
    from pairs.models import Invitation, Membership, Pair, QuietTime  # noqa: F401  (named as strings in the bases below)


class PairQuerySet(models.QuerySet["Pair"]):
    def of_member(self, user: Viewer) -> Self:
        """Pairs of which this person is one side now."""
        from pairs.models import Membership

        return self.filter(Exists(Membership.objects.live().of(user).filter(pair=OuterRef("pk"))))

    def run_by(self, user: Viewer) -> Self:
        """Pairs on the console pages this person may open: people and challenge, never what they write."""
        return self.filter(cohort__in=Cohort.objects.run_by(user))

    def visible_to(self, user: Viewer) -> Self:
        """Its live members, and those who run its cohort."""
        pairs = self.model._default_manager.all()
        return self.filter(
            Q(pk__in=pairs.of_member(user).values("pk")) | Q(pk__in=pairs.run_by(user).values("pk")),
        )

    def live(self) -> Self:
        return self.filter(ended_at=None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, user: Viewer) -> Self:
        return self.filter(Q(participant__user_id=user.pk))

    def visible_to(self, user: Viewer) -> Self:
        """Whoever may see the pair."""
        from pairs.models import Pair

        return self.filter(pair__in=Pair.objects.visible_to(user))


class QuietTimeQuerySet(models.QuerySet["QuietTime"]):
    def open(self) -> Self:
        """Asked for or begun, and not ended. An archived cohort has none: its records stay, and stop nothing more."""
        return self.filter(ended_at=None).exclude(pair__cohort__state="archived")

    def begun(self) -> Self:
        """Both said yes, and neither has ended it. This much the console may know; a question asked is the pair's."""
        return self.open().exclude(agreed_at=None)

    def of_member(self, user: Viewer) -> Self:
        """Of the pairs this person is one side of now."""
        from pairs.models import Pair

        return self.filter(pair__in=Pair.objects.of_member(user))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Those who run the cohort. The person invited is let in by the link, not by this."""
        return self.filter(pair__cohort__in=Cohort.objects.run_by(user))

    def waiting(self) -> Self:
        """Sent, with no answer yet; the link may have run out."""
        return self.filter(state="sent")

    def open(self, at: datetime) -> Self:
        """Can be accepted at `at`."""
        return self.waiting().filter(expires_at__gt=at)
