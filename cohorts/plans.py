"""Plans to start a cohort from: how long, and which sessions. Data, without ORM or clock.

The shape of the first is that of Collaborative Pairs Australia: five workshops in three sessions, with two coaching
sessions between them (chf.org.au/collaborative-pairs, as found in November 2026). How the five days fall into the three
sessions, the weeks between them, and the other plans are our own.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PlanSession:
    """One session of a plan, so many days after the first day; whole weeks keep its weekday."""

    after_days: int
    title: str | Promise
    starts_at: time
    duration_minutes: int


@dataclass(frozen=True)
class Plan:
    key: str
    name: str | Promise
    about: str | Promise
    weeks: int
    sessions: tuple[PlanSession, ...] = ()

    def ends_on(self, starts_on: date) -> date:
        return starts_on + timedelta(weeks=self.weeks)


DAY, MORNING, EVENING = time(10, 30), time(10), time(18)

PLANS = {
    plan.key: plan
    for plan in (
        Plan(
            "five-days",
            _("Five days in nine months, with coaching"),
            _("Two days together, coaching, two days, coaching, and a day at the end."),
            39,
            (
                PlanSession(0, _("Day 1: hopes and fears"), DAY, 330),
                PlanSession(1, _("Day 2: the shared challenge"), DAY, 330),
                PlanSession(8 * 7, _("Coaching for each pair"), MORNING, 60),
                PlanSession(16 * 7, _("Day 3: how we work together"), DAY, 330),
                PlanSession(16 * 7 + 1, _("Day 4: bringing others in"), DAY, 330),
                PlanSession(26 * 7, _("Coaching for each pair"), MORNING, 60),
                PlanSession(38 * 7, _("Day 5: what changed"), DAY, 330),
            ),
        ),
        Plan(
            "mornings",
            _("Six mornings in six months"),
            _("A morning every four weeks, and an evening for questions before the first."),
            26,
            (
                PlanSession(0, _("Evening for questions"), EVENING, 90),
                PlanSession(7, _("Morning 1: hopes and fears"), MORNING, 150),
                PlanSession(5 * 7, _("Morning 2: the shared challenge"), MORNING, 150),
                PlanSession(9 * 7, _("Morning 3: how we work together"), MORNING, 150),
                PlanSession(13 * 7, _("Morning 4: halfway"), MORNING, 150),
                PlanSession(17 * 7, _("Morning 5: bringing others in"), MORNING, 150),
                PlanSession(21 * 7, _("Morning 6: what changed"), MORNING, 150),
            ),
        ),
        Plan("own", _("A plan of your own"), _("No sessions yet. You plan each of them when you know it."), 39),
    )
}
