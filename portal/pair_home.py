"""A pair's home: two people, their challenge, what comes next, what they shared. It joins pairs, sessions and log."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import current_user
from applications.models import Application
from cohorts.models import Cohort, Session
from learning_log import pages, rows
from learning_log.models import Entry
from pairs.models import Invitation, Pair
from pairs.sides import sides_of

ENTRIES_SHOWN = 5
SESSIONS_SHOWN = 4


@require_safe
def pair_home(request: HttpRequest) -> HttpResponse:
    """The reader's pair; a choice when there are several, and what to do when there is none."""
    user = current_user(request)
    pairs = list(Pair.objects.of_member(user).live().select_related("cohort__programme"))
    if len(pairs) == 1:
        return render(request, "portal/pair_detail.html", page_of(user, pairs[0], at=timezone.now()))
    invited = not pairs and Invitation.objects.open(timezone.now()).filter(email=user.email).exists()
    applications = (
        [] if pairs else list(Application.objects.of_applicant(user).select_related("cohort").order_by("-pk"))
    )
    context = {"pairs": pairs, "is_invited": invited, "applications": applications}
    return render(request, "portal/pair_home.html", context)


@require_safe
def pair_detail(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The home of one of the reader's own pairs; staff have a page of their own, which shows nothing of the log."""
    user = current_user(request)
    mine = Pair.objects.of_member(user).select_related("cohort__programme")
    pair = get_object_or_404(mine, pk=pair_id)
    return render(request, "portal/pair_detail.html", page_of(user, pair, at=timezone.now()))


def page_of(user: User, pair: Pair, *, at: datetime) -> dict[str, Any]:
    """What the page of `pair` shows to `user`, in a fixed number of queries."""
    today = at.astimezone(pair.cohort.zone).date()
    sides = sides_of(pair, at=at)
    quiet_time = pair.quiet_times.open().first()
    return {
        "pair": pair,
        "cohort": pair.cohort,
        "month": month_of(pair.cohort, today),
        "sides": sides,
        "is_on_break": any(one.is_on_break and one.membership and one.membership.user == user for one in sides),
        "quiet_time": quiet_time,
        "quiet_is_due": quiet_time is not None and quiet_time.is_due(today),
        "sessions": sessions_to_come(pair.cohort, at=at)[:SESSIONS_SHOWN],
        "rows": rows.in_short(user, recent_entries(user, pair)),
        "facilitators": pair.cohort.staff_assignments.live().select_related("user").order_by("assigned_at", "pk"),
    }


def sessions_to_come(cohort: Cohort, *, at: datetime) -> list[Session]:
    sessions = list(cohort.sessions.planned().in_order())
    for session in sessions:
        session.cohort = cohort
    return [session for session in sessions if session.ends > at]


def recent_entries(user: User, pair: Pair) -> list[pages.ReadEntry]:
    """The newest entries of this pair that the reader may read, with the words they may read."""
    return pages.newest(user, pages.read(user, Entry.objects.filter(pair=pair).values("pk")), ENTRIES_SHOWN)


def month_of(cohort: Cohort, today: date) -> tuple[int, int] | None:
    """(month the cohort is in, months it lasts), or None before it starts and after it ends."""
    if not cohort.starts_on <= today <= cohort.ends_on:
        return None
    return months_between(cohort.starts_on, today), months_between(cohort.starts_on, cohort.ends_on)


def months_between(first: date, last: date) -> int:
    """Months begun from `first` to `last`: 1 in the first month."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (1 if last.day >= first.day else 0) or 1
