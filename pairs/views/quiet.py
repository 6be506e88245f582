"""Under the radar: what it means, asking, saying yes, going on, coming back. The pair's two people only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import returning
from accounts.permissions import current_user
from cohorts.exceptions import CohortArchived
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post
from pairs import actions
from pairs.exceptions import AlreadyEnded, NeedsTheOther
from pairs.forms import QuietForm
from pairs.models import Pair, QuietTime


@get_and_post
def quiet(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What it means and how it stands; the form asks the other."""
    user = current_user(request)
    pair = get_object_or_404(Pair.objects.of_member(user).select_related("cohort"), pk=pair_id)
    today = timezone.now().astimezone(pair.cohort.zone).date()
    form = QuietForm(request.POST or returning.data(request), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_quiet(pair=pair, by=user, review_on=form.cleaned_data["review_on"])
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            is_mine = asked.asked_by_id == user.pk
            messages.info(request, _("Your partner is asked.") if is_mine else _("Your partner had asked before you."))
            return redirect("pairs:quiet", pair_id=pair.pk)
    quiet_time = pair.quiet_times.open().first()
    context = {
        "pair": pair,
        "form": form,
        "quiet_time": quiet_time,
        "quiet_is_due": quiet_time is not None and quiet_time.is_due(today),
    }
    return render(request, "pairs/quiet.html", context)


def _quiet_time_or_404(request: HttpRequest, pair_id: int, quiet_id: int) -> QuietTime:
    mine = QuietTime.objects.of_member(request.user).select_related("pair__cohort")
    return get_object_or_404(mine, pk=quiet_id, pair_id=pair_id)


@require_POST
def quiet_agree(request: HttpRequest, pair_id: int, quiet_id: int) -> HttpResponse:
    quiet_time = _quiet_time_or_404(request, pair_id, quiet_id)
    try:
        actions.agree_quiet(quiet_time=quiet_time, by=current_user(request))
    except NeedsTheOther:
        messages.warning(request, _("Your partner says yes to this, not you."))
    except AlreadyEnded:
        messages.info(request, _("The question was taken back. Nothing has changed."))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("The two of you are under the radar."))
    return redirect("portal:pair_detail", pair_id=pair_id)


@require_POST
def quiet_go_on(request: HttpRequest, pair_id: int, quiet_id: int) -> HttpResponse:
    quiet_time = _quiet_time_or_404(request, pair_id, quiet_id)
    try:
        goes_on = actions.go_on_quiet(quiet_time=quiet_time, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        if goes_on:
            messages.success(request, _("You stay under the radar. We ask again in three months."))
    return redirect("portal:pair_detail", pair_id=pair_id)


@require_POST
def quiet_end(request: HttpRequest, pair_id: int, quiet_id: int) -> HttpResponse:
    """End it, take the question back, or say "not now"; never with a reason."""
    quiet_time = _quiet_time_or_404(request, pair_id, quiet_id)
    try:
        ended = actions.end_quiet(quiet_time=quiet_time, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        if ended and quiet_time.has_begun:
            messages.success(request, _("You are no longer under the radar. What you share next is a fresh start."))
        elif ended:
            messages.info(request, _("The question is gone. You can ask at any time."))
    return redirect("portal:pair_detail", pair_id=pair_id)
