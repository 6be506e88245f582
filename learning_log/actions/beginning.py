"""Before the first entry."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from learning_log.models import Introduced


def read_introduction(*, by: User, at: datetime | None = None) -> None:
    """Note that `by` has read who can see what, so that it does not stand in their way again. Twice changes nothing."""
    Introduced.objects.get_or_create(user=by, defaults={"read_at": at or timezone.now()})
