"""Reminders on the days that a person chose. Whether they have written plays no part: all get the same words.

A nudge is put into the ledger within the hour before it is due, so that choosing a time already past today sends
nothing today. One a person and day of their own calendar, over every change of clocks.
"""

import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from learning_log.models import Nudge, Voice
from notifications import kinds
from notifications.models import LedgerRow
from notifications.schedule import at_wall_clock
from pairs.models import Membership

KIND = "learning_log.nudge"
AHEAD = timedelta(hours=1)


def plan(at: datetime) -> None:
    """A row for everybody who asked to be reminded within the next hour and has none yet of that day."""
    zones = Nudge.objects.filter(user__is_active=True).order_by().values_list("user__time_zone", flat=True).distinct()
    for name in zones:
        for day, hour, due_at in coming(at, zoneinfo.ZoneInfo(name)):
            rows = [_row(nudge.user, day, due_at) for nudge in _asked_for(name, day, hour)]
            LedgerRow.objects.bulk_create(rows, ignore_conflicts=True)


def coming(at: datetime, zone: tzinfo) -> Iterator[tuple[date, int, datetime]]:
    """Each full hour of the zone's own clock within the next hour: its day, the hour, and when that is."""
    today = at.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        for hour in range(24):
            due_at = at_wall_clock(day, time(hour), zone)
            if at <= due_at <= at + AHEAD:
                yield day, hour, due_at


def taking_part() -> QuerySet[Nudge]:
    """Those whose owner is in a pair, or has a log of their own to go on with."""
    member = Membership.objects.live().filter(participant__user=OuterRef("user"))
    own = Voice.objects.filter(author=OuterRef("user"))
    return Nudge.objects.filter(Exists(member) | Exists(own), user__is_active=True)


def is_due(user: User, day: date, due_at: datetime) -> bool:
    """Somebody's choice, as it is now, names exactly this moment."""
    nudge = taking_part().filter(user=user, weekdays__contains=[day.weekday()]).first()
    return nudge is not None and at_wall_clock(day, time(nudge.hour), user.zone) == due_at


def _asked_for(zone_name: str, day: date, hour: int) -> QuerySet[Nudge]:
    key = Concat(Value("nudge:"), Cast(OuterRef("user_id"), CharField()), Value(f":{day}"), output_field=CharField())
    asked = taking_part().filter(user__time_zone=zone_name, weekdays__contains=[day.weekday()], hour=hour)
    return asked.filter(~Exists(LedgerRow.objects.filter(dedupe_key=key))).select_related("user")


def _row(user: User, day: date, due_at: datetime) -> LedgerRow:
    return LedgerRow(
        kind=KIND,
        recipient=user,
        address=user.email,
        ids={"day": day.isoformat()},
        dedupe_key=f"nudge:{user.pk}:{day}",
        priority=kinds.get(KIND).priority,
        due_at=due_at,
        next_try_at=due_at,
    )
