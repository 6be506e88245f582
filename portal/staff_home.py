"""The console's first page: what waits, counted, and only what this person's roles open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.permissions import current_user, has_role, staff_only
from applications import board
from applications.models import Application
from cohorts.enquiries.waiting import waiting_now
from cohorts.models import Cohort, Programme, Session
from comments.models import Comment
from learning_log import pages
from learning_log.models import Release
from notifications.models import LedgerRow

ENTRIES_SHOWN = 10


@dataclass(frozen=True)
class Count:
    """One number that matters, what it counts, and where to go."""

    number: int
    words: str
    path: str


@require_safe
@staff_only()
def staff_home(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    now = timezone.now()
    context = {
        "counts": counts_for(user, at=now),
        "sessions": sessions_this_week(user, at=now),
        "shared": shared_with_you(user),
        "evaluated": evaluated_cohorts(user),
        "may_start": has_role(user, Role.MANAGER) and not Programme.objects.exists(),
    }
    return render(request, "portal/staff_home.html", context)


def counts_for(user: User, *, at: datetime) -> list[Count]:
    """The counts behind doors this person may open."""
    counts: list[Count] = []
    if has_role(user, Role.MODERATOR):
        held = Comment.objects.visible_to(user).held().count()
        words = ngettext("comment waits for you", "comments wait for you", held)
        counts.append(Count(held, words, reverse("comments:queue")))
    if has_role(user, Role.REVIEWER):
        to_read = Application.objects.reviewed_by(user).filter(board.to_do(user)).count()
        words = ngettext("application for you to read", "applications for you to read", to_read)
        counts.append(Count(to_read, words, reverse("applications:cohort_list")))
    if has_role(user, Role.MANAGER):
        counts += enquiry_counts(user)
        heard = Application.objects.run_by(user).heard().exclude(cohort__state=Cohort.State.ARCHIVED).count()
        words = ngettext("application to write down for somebody", "applications to write down for people", heard)
        counts.append(Count(heard, words, reverse("applications:cohort_list")))
        uncertain = LedgerRow.objects.filter(state=LedgerRow.State.UNCERTAIN).count()
        words = ngettext("message may not have arrived", "messages may not have arrived", uncertain)
        counts.append(Count(uncertain, words, reverse("notifications:outbox") + "?state=uncertain"))
    if has_role(user, Role.MANAGER, Role.FACILITATOR):
        running = Cohort.objects.run_by(user).filter(state=Cohort.State.RUNNING).count()
        counts.append(
            Count(running, ngettext("cohort running", "cohorts running", running), reverse("cohorts:staff_list"))
        )
        week = len(sessions_this_week(user, at=at))
        counts.append(
            Count(week, ngettext("session this week", "sessions this week", week), reverse("cohorts:staff_list"))
        )
    return counts


def enquiry_counts(user: User) -> list[Count]:
    """What nobody has taken yet, and one's own next steps for today and before."""
    waiting, address = waiting_now(user), reverse("cohorts:enquiry_list")
    nobodys = ngettext("enquiry has nobody yet", "enquiries have nobody yet", waiting.nobodys)
    mine = ngettext("enquiry of yours is due", "enquiries of yours are due", waiting.mine)
    return [
        Count(waiting.nobodys, nobodys, f"{address}?whose=nobody"),
        Count(waiting.mine, mine, f"{address}?whose=mine&due=due"),
    ]


def sessions_this_week(user: User, *, at: datetime) -> list[Session]:
    """Sessions of the next seven days in the cohorts this person runs, the first first."""
    until = at + timedelta(days=7)
    sessions = Session.objects.planned().filter(cohort__in=Cohort.objects.run_by(user).unarchived()).around(at, until)
    found = [session for session in sessions.select_related("cohort") if session.ends > at and session.starts < until]
    return sorted(found, key=lambda session: session.starts)


def shared_with_you(user: User) -> list[pages.ReadEntry]:
    """The newest entries that pairs have opened to this facilitator, for as long as they are."""
    if not has_role(user, Role.FACILITATOR):
        return []
    opened = Release.objects.opened_to(user).filter(audience=Release.Audience.FACILITATOR)
    return pages.newest(user, pages.read(user, opened.order_by().values("entry")), ENTRIES_SHOWN)


def evaluated_cohorts(user: User) -> list[Cohort]:
    """The cohorts of whose learning an evaluator reads the figures."""
    return list(Cohort.objects.announced()) if has_role(user, Role.EVALUATOR) else []
