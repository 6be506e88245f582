"""Whether somebody wants to be left in peace: the one question that the mail of other apps asks."""

from datetime import datetime

from accounts.models import User
from cohorts.models import Break
from pairs.models import QuietTime


def wants_quiet(user: User, at: datetime) -> bool:
    """They are taking a break in any cohort, or are in a pair that is under the radar."""
    resting = Break.objects.live().of(user).filter(began_at__lte=at)
    under_the_radar = QuietTime.objects.begun().of_member(user).filter(agreed_at__lte=at)
    return resting.exists() or under_the_radar.exists()
