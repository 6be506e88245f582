"""What a pair holds of its cohort: one place, given back when the pair never began."""

from datetime import datetime

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions import leaving, offering
from cohorts.models import Cohort
from pairs.exceptions import CohortClosed
from pairs.models import Pair


def open_cohort(cohort: Cohort) -> Cohort:
    """The cohort, locked. Raises CohortClosed when it takes no pairs now, and CohortArchived."""
    locked = cohorts.actions.lock(cohort)
    if not locked.takes_pairs:
        raise CohortClosed
    return locked


def settle(pair: Pair, *, by: User, at: datetime) -> None:
    """End a pair in which nobody is left and nobody invited; give its place back if it never began."""
    if pair.memberships.live().exists() or pair.invitations.waiting().exists():
        return
    cohort = Cohort.objects.get(pk=pair.cohort_id)
    keeps_place = cohort.has_begun and pair.memberships.exists()
    if Pair.objects.live().filter(pk=pair.pk).update(ended_at=at, holds_place=keeps_place):
        audit.record(verb="pair.ended", by=by, target=pair, keeps_place=int(keeps_place))
        if not keeps_place:
            cohorts.actions.free_place(cohort=cohort)
            if pair.application is not None:
                leaving.pair_ended(application=pair.application, by=by, at=at)
            offering.offer_next(cohort=cohort, at=at)
    pair.refresh_from_db(fields=["ended_at", "holds_place"])
