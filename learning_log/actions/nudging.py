"""The days on which somebody wants to be reminded."""

from collections.abc import Collection

from accounts.models import User
from learning_log.models import Nudge


def choose_nudges(*, weekdays: Collection[int], hour: int, by: User) -> None:
    """Be reminded on these days (0 is Monday) at this hour of one's own clock; no day means never. For oneself."""
    if weekdays:
        Nudge.objects.update_or_create(user=by, defaults={"weekdays": sorted(set(weekdays)), "hour": hour})
    else:
        Nudge.objects.filter(user=by).delete()
