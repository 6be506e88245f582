"""What the sweep puts into the ledger: reminders that fall due, and Monday's digest, one row a reader and week."""

import logging
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.models import User
from notifications import reminders
from notifications.kinds import Category
from notifications.mail import DIGEST
from notifications.models import LedgerRow, Subscription
from notifications.schedule import week_of, weekly_occurrence

logger = logging.getLogger(__name__)

WINDOW = timedelta(hours=48)


def plan_all(at: datetime | None = None) -> None:
    """Everything that falls due by `at` (now when None). Any number of planners at once make one row a key."""
    at = at or timezone.now()
    reminders.plan(at)
    try:
        plan_digests(at)
    except Exception:
        logger.exception("the digest could not be planned")


def plan_digests(at: datetime) -> int:
    """A row for each reader whose Monday morning was within the last 48 hours and who has none yet; how many."""
    zones = User.objects.filter(is_active=True).order_by().values_list("time_zone", flat=True).distinct()
    return sum(_plan_zone(name, at) for name in zones)


def _plan_zone(name: str, at: datetime) -> int:
    zone = zoneinfo.ZoneInfo(name)
    clock = time(settings.DIGEST_HOUR_LOCAL)
    due_at = weekly_occurrence(at, weekday=settings.DIGEST_WEEKDAY, clock=clock, zone=zone)
    if at - due_at > WINDOW:
        return 0
    since = weekly_occurrence(due_at - timedelta(days=1), weekday=settings.DIGEST_WEEKDAY, clock=clock, zone=zone)
    week = week_of(due_at, zone)
    with transaction.atomic():
        rows = list(_digest_rows(_readers(name, due_at, week), since=since, due_at=due_at, week=week))
        LedgerRow.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _readers(zone_name: str, due_at: datetime, week: str) -> QuerySet[User]:
    """Who keeps the digest on, was here by `due_at`, and has no row of this week."""
    key = Concat(Value("digest:"), Cast(OuterRef("pk"), CharField()), Value(f":{week}"), output_field=CharField())
    off = Subscription.objects.filter(user=OuterRef("pk"), category=Category.DIGEST, is_on=False)
    here = User.objects.filter(is_active=True, time_zone=zone_name, joined_at__lt=due_at)
    return here.filter(~Exists(LedgerRow.objects.filter(dedupe_key=key)), ~Exists(off))


def _digest_rows(readers: QuerySet[User], *, since: datetime, due_at: datetime, week: str) -> Iterator[LedgerRow]:
    ids = {"since": since.astimezone(UTC).isoformat(), "until": due_at.astimezone(UTC).isoformat()}
    for reader in readers.iterator(chunk_size=1000):
        yield LedgerRow(
            kind=DIGEST.name,
            recipient=reader,
            address=reader.email,
            ids=ids,
            dedupe_key=f"digest:{reader.pk}:{week}",
            priority=DIGEST.priority,
            due_at=due_at,
            next_try_at=due_at,
        )
