"""How much time two people have in common, over all weeks of a cohort and every change of the clocks in between."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from applications.starter import DAYS, PARTS_OF_DAY, TIMES_OF_THE_WEEK

_DAY = 24 * 60
_STARTS = np.array([start * 60 for start, _end in PARTS_OF_DAY.values()])
_ENDS = np.array([end * 60 for _start, end in PARTS_OF_DAY.values()])
PARTS = len(PARTS_OF_DAY)

SLOTS = {name: number for number, name in enumerate(TIMES_OF_THE_WEEK)}


@lru_cache(maxsize=256)
def _offsets(zone: str, starts_on: date, ends_on: date) -> Any:
    """Minutes from UTC at noon of each day, and of the days before and after: clocks change at night."""
    here = ZoneInfo(zone)
    noon = datetime.combine(starts_on, time(12)) - timedelta(days=1)
    days = (noon + timedelta(days=day) for day in range((ends_on - starts_on).days + 3))
    return np.array([(here.utcoffset(day) or timedelta()) // timedelta(minutes=1) for day in days])


@lru_cache(maxsize=1024)
def common_minutes(zone: str, other_zone: str, starts_on: date, ends_on: date) -> Any:
    """Minutes that each time of the week of one zone shares with each of the other, from first day to last.

    A matrix of 21 × 21, in the order of TIMES_OF_THE_WEEK. Wall clock in each zone (DESIGN §4, truth 11).
    """
    ours, theirs = _offsets(zone, starts_on, ends_on)[1:-1], _offsets(other_zone, starts_on, ends_on)
    weekdays = (starts_on.weekday() + np.arange(len(ours))) % 7
    # Between two changes of the clocks all weeks are alike, so each kind of day is worked out once.
    kinds = np.stack([weekdays, ours - theirs[:-2], ours - theirs[1:-1], ours - theirs[2:]])
    changes = np.flatnonzero((np.diff(kinds[1:], axis=1) != 0).any(axis=0)) + 1
    counted: Counter[tuple[int, ...]] = Counter()
    for run in np.split(kinds, changes, axis=1):
        for day in range(min(7, run.shape[1])):
            counted[tuple(run[:, day].tolist())] += len(range(day, run.shape[1], 7))
    return _total(frozenset(counted.items()))


@lru_cache(maxsize=1024)
def _total(kinds: frozenset[tuple[tuple[int, ...], int]]) -> Any:
    total = np.zeros((len(DAYS), PARTS, len(DAYS), PARTS))
    for (weekday, *ahead), days in kinds:
        for shift, minutes in zip((-1, 0, 1), ahead, strict=True):
            moved = shift * _DAY + minutes
            first = np.maximum.outer(_STARTS, _STARTS + moved)
            last = np.minimum.outer(_ENDS, _ENDS + moved)
            total[weekday, :, (weekday + shift) % 7, :] += np.maximum(last - first, 0) * days
    return total.reshape(len(SLOTS), len(SLOTS))
