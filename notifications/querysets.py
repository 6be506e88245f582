"""Which rows are due, lost or unsettled. Every comparison is with the database's clock, the only one there is."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from notifications.models import LedgerRow  # noqa: F401  (the forward reference below)


class LedgerQuerySet(models.QuerySet["LedgerRow", Any]):
    def due(self) -> "LedgerQuerySet":
        """Queued rows whose time has come."""
        return self.filter(state="queued", next_try_at__lte=Now())

    def overdue(self, by: timedelta) -> "LedgerQuerySet":
        """Queued rows that should have gone out more than `by` ago."""
        return self.filter(state="queued", next_try_at__lt=Now() - by)

    def lost(self) -> "LedgerQuerySet":
        """Rows whose worker has not been heard of since its lease ended."""
        return self.filter(state__in=("claimed", "submitting"), lease_until__lt=Now())

    def unsent(self) -> "LedgerQuerySet":
        """Rows that no mail server has been asked to take."""
        return self.filter(state__in=("queued", "claimed"))
