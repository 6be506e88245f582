"""What this app holds about a person, and how it forgets them."""

from typing import Any

from accounts.models import User
from cohorts.models import Break


def breaks_of(user: User) -> list[dict[str, Any]]:
    """The breaks a person took; why is not known."""
    breaks = Break.objects.of(user).select_related("participant__cohort").order_by("pk")
    return [
        {
            "cohort": one.participant.cohort.name,
            "began_at": one.began_at.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in breaks
    ]


def forget(user: User) -> None:
    """A break may tell of an illness, and no total counts it: the rows go."""
    Break.objects.of(user).delete()
