"""Who may read what of a programme. Each docstring is the policy."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from accounts.models import Role
from accounts.permissions import Viewer, has_role

if TYPE_CHECKING:
    from cohorts.models import (  # noqa: F401  (named as strings in the bases below, where ruff does not look)
        Break,
        Cohort,
        Participant,
        Programme,
        Session,
        StaffAssignment,
    )


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Viewer) -> Self:
        """Managers: all. Everybody else: what is public."""
        return self.all() if has_role(user, Role.MANAGER) else self.public()

    def public(self) -> Self:
        """For everybody, signed in or not: once the public may hear of one of its cohorts, and from then on.

        Between two cohorts people ask and say that they are interested all the same.
        """
        from cohorts.models import Cohort

        told = Cohort.objects.exclude(state="draft", opens_on=None)
        return self.filter(Exists(told.filter(programme=OuterRef("pk"))))


class CohortQuerySet(models.QuerySet["Cohort"]):
    def run_by(self, user: Viewer) -> Self:
        """Cohorts whose console pages this person may open. Managers: all. Facilitators: those they are assigned to."""
        from cohorts.models import StaffAssignment

        if has_role(user, Role.MANAGER):
            return self.all()
        if has_role(user, Role.FACILITATOR):
            assigned = StaffAssignment.objects.live().filter(Q(user_id=user.pk), cohort=OuterRef("pk"))
            return self.filter(Exists(assigned))
        return self.none()

    def visible_to(self, user: Viewer) -> Self:
        """Those who run it, and its live participants. What the public may know stands on the programme's page."""
        from cohorts.models import Participant

        taking_part = Participant.objects.live().filter(Q(user_id=user.pk), cohort=OuterRef("pk"))
        return self.filter(Q(pk__in=self.model._default_manager.all().run_by(user).values("pk")) | Exists(taking_part))

    def announced(self) -> Self:
        """Cohorts the public may hear of: opened, and not put away."""
        return self.exclude(state__in=["draft", "archived"])

    def told_of(self) -> Self:
        """What a programme's public page names: announced cohorts, and drafts with a day on which they are to open."""
        return self.exclude(state="archived").exclude(state="draft", opens_on=None)

    def with_history(self) -> Self:
        """`history`: every state it has entered and when, oldest first, as [{"to": …, "at": …}]."""
        from cohorts.models import CohortStateChange

        changes = CohortStateChange.objects.filter(cohort=OuterRef("pk")).order_by("pk")
        return self.annotate(history=ArraySubquery(changes.values(step=JSONObject(to="to_state", at="at"))))

    def unarchived(self) -> Self:
        return self.exclude(state="archived")


class StaffAssignmentQuerySet(models.QuerySet["StaffAssignment"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, user: Viewer) -> Self:
        """The person, and those who run the cohort."""
        from cohorts.models import Cohort

        return self.filter(Q(user_id=user.pk) | Q(cohort__in=Cohort.objects.run_by(user)))

    def of(self, user: Viewer) -> Self:
        return self.filter(Q(user_id=user.pk))


class BreakQuerySet(models.QuerySet["Break"]):
    def live(self) -> Self:
        """Begun and not ended. In an archived cohort none is: its records stay as they are, and stop nothing more."""
        return self.filter(ended_at=None).exclude(participant__cohort__state="archived")

    def of(self, user: Viewer) -> Self:
        return self.filter(Q(participant__user_id=user.pk))


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Viewer) -> Self:
        """Whoever may see the cohort."""
        from cohorts.models import Cohort

        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def of_participant(self, user: Viewer) -> Self:
        """Sessions of the cohorts this person takes part in now, archived ones left out."""
        from cohorts.models import Participant

        mine = Participant.objects.live().filter(Q(user_id=user.pk), cohort=OuterRef("cohort"))
        return self.filter(Exists(mine)).exclude(cohort__state="archived")

    def planned(self) -> Self:
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def around(self, since: datetime, until: datetime) -> Self:
        """A superset of the sessions starting in [since, until): their wall-clock day, give or take any zone."""
        day = timedelta(days=1)
        return self.filter(held_on__range=(since.date() - day, until.date() + day))

    def in_order(self) -> Self:
        return self.order_by("held_on", "starts_at", "pk")
