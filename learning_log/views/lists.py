"""A log looked through: the timeline with its filters and search, the month, and where the entries have been."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from learning_log import finding, overviews, pages, rows
from learning_log.finding import FindForm, Log, MonthForm
from learning_log.models import Entry
from learning_log.views.doors import today_of


@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    log = finding.log_of(user)
    form = FindForm(request.GET, log)
    is_first_page = "before" not in request.GET
    opens_here = is_first_page and not form.asked
    context = {
        **_entries(request, log, form),
        "form": form,
        "chips": finding.chips(form, request.GET),
        "log": log,
        "opens_here": opens_here,
        "asked": Entry.objects.waiting_for(user).order_by("-asked_at") if opens_here else [],
        "can_write": bool(log.pairs),
        "is_first_page": is_first_page,
        "a_year_ago": overviews.a_year_ago(log, today_of(user)) if opens_here else [],
    }
    return render(request, "learning_log/entry_list.html", context)


def _entries(request: HttpRequest, log: Log, form: FindForm) -> dict[str, Any]:
    fitting = finding.fitting(log, form.asked)
    words = finding.words_of(fitting)
    question = form.asked.get("q", "")
    shown = rows.with_files(words) if question else rows.openings(words)
    page = pages.entries_page(log.user, request.GET.get("before", ""), shown)
    return {
        "page": page,
        "rows": rows.rows_of(log, page, question),
        "count": len(fitting.entries),
        "address": finding.address(request.GET),
    }


@require_safe
def entry_calendar(request: HttpRequest) -> HttpResponse:
    user = current_user(request)
    log, today = finding.log_of(user), today_of(user)
    form = MonthForm(request.GET)
    first = (form.cleaned_data.get("month") if form.is_valid() else None) or today
    context = {"month": overviews.month_of(log, first.replace(day=1)), "today": today, "form": form}
    return render(request, "learning_log/entry_calendar.html", context)


@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    """For the two of a pair: how the entries this reader may read spread over the five approaches."""
    log = finding.log_of(current_user(request))
    return render(request, "learning_log/balance.html", {"balance": overviews.balance_of(log)})
