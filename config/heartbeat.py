"""Beat's sign of life, a row that /readyz reads.

Beat stamps it when it starts; after that the worker does, each minute, because beat asked for it. So a stale row means
that one of the two has stopped.
"""

from datetime import datetime, timedelta

from django.db.models.functions import Now

from config.models import Heartbeat

BEAT = "beat"
STALE_AFTER = timedelta(minutes=3)


def stamp(name: str = BEAT) -> None:
    """Record, by the database's clock, that `name` is at work."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": Now()})


def is_beating(*, at: datetime, name: str = BEAT) -> bool:
    return Heartbeat.objects.filter(name=name, beaten_at__gt=at - STALE_AFTER).exists()
