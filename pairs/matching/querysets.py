"""Who may read what of matching. Each docstring is the policy."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.permissions import Viewer, has_role
from applications.models import Applicant

if TYPE_CHECKING:
    from pairs.matching.models import Introduction, MatchRule  # noqa: F401  (named as strings in the bases below)

ON_THE_TABLE = ("prepared", "published")
LIVE = (*ON_THE_TABLE, "agreed")


class MatchRuleQuerySet(models.QuerySet["MatchRule"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def run_by(self, user: Viewer) -> Self:
        """Managers, nobody else: a rule can stand on what somebody said in private."""
        return self.all() if has_role(user, Role.MANAGER) else self.none()


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def run_by(self, user: Viewer) -> Self:
        """Managers. Facilitators meet the pairs, not those who look for a partner."""
        return self.all() if has_role(user, Role.MANAGER) else self.none()

    def of(self, user: Viewer) -> Self:
        """The two people themselves and whoever they let help, once published; what staff prepare is nobody's."""
        theirs = Applicant.objects.live().filter(Q(user_id=user.pk, joined_at__isnull=False) | Q(helper_id=user.pk))
        parts = theirs.values("pk")
        return self.exclude(published_at=None).filter(Q(professional__in=parts) | Q(partner__in=parts))

    def visible_to(self, user: Viewer) -> Self:
        """The two of it and whoever helps them, once published, and managers."""
        everything = self.model._default_manager.all()
        return self.filter(Q(pk__in=everything.of(user).values("pk")) | Q(pk__in=everything.run_by(user).values("pk")))

    def live(self) -> Self:
        """Prepared, waiting for answers, or agreed: its people are in no other."""
        return self.filter(state__in=LIVE)

    def prepared(self) -> Self:
        return self.filter(state="prepared")

    def published(self) -> Self:
        """Waiting for at least one answer."""
        return self.filter(state="published")

    def overdue(self, at: datetime) -> Self:
        return self.published().filter(answer_by__lte=at)

    def with_people(self) -> Self:
        return self.select_related("cohort", "professional__user", "partner__user")
