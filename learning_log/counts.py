"""What staff may know of a cohort's learning: how many pairs told others something. Never what stays in a pair."""

from collections import Counter
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from cohorts.models import Cohort
from learning_log import disclosure
from learning_log.models import Consent, Entry, Release, ReleasedVersion
from learning_log.querysets import ReleaseQuerySet
from pairs.models import Membership, Pair


def told_by(cohort: Cohort, *, at: datetime) -> disclosure.Table:
    """Pairs of `cohort` with something its people or everybody could read on Monday, by approach; in three queries.

    Everything is asked as it stood then, what has ended since included: else a figure that falls on a Wednesday would
    tell whose it was.
    """
    since = disclosure.as_of(at, cohort.zone)
    pairs = Pair.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), cohort=cohort, created_at__lte=since)
    released = _standing(since).filter(entry__pair__in=pairs.values("pk"))
    told = set(released.values_list("entry__pair", flat=True))
    return disclosure.table(pairs=pairs.count(), total=len(told), cells=_by_approach(released))


def _by_approach(released: ReleaseQuerySet) -> dict[str, int]:
    versions = ReleasedVersion.objects.filter(release__in=released.values("pk"))
    rows = versions.values_list("release__entry__pair", "version__approaches")
    touched = {(pair, approach) for pair, approaches in rows for approach in approaches}
    counted = Counter(approach for _pair, approach in touched)
    return {theme.value: counted[theme.value] for theme in Entry.Theme}


def _standing(since: datetime) -> ReleaseQuerySet:
    """Releases to a cohort or to everybody that stood at `since`: the rule of `live`, asked of a moment in the past."""
    left = Membership.objects.filter(
        pair=OuterRef("release__entry__pair"),
        participant__user=OuterRef("person"),
        end_reason__in=[Membership.EndReason.LEFT, Membership.EndReason.STAFF],
        ended_at__lte=since,
    )
    void = Consent.objects.filter(Q(withdrawn_at__lte=since) | Exists(left), release=OuterRef("pk"))
    audiences = [Release.Audience.COHORT, Release.Audience.PUBLIC]
    found = Release.objects.filter(audience__in=audiences, released_at__lte=since, ends_at__gt=since)
    standing: ReleaseQuerySet = found.filter(Q(ended_at=None) | Q(ended_at__gt=since)).exclude(Exists(void))
    return standing
