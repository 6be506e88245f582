"""A participant’s own sessions and breaks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import current_user
from cohorts import actions
from cohorts.exceptions import CohortArchived, NotTakingPart
from cohorts.models import Participant, Session
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post


@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Every session of the cohorts a person takes part in, those to come first."""
    mine = list(Session.objects.of_participant(request.user).select_related("cohort").in_order())
    now = timezone.now()
    to_come = sorted((session for session in mine if session.ends > now), key=lambda session: session.starts)
    past = sorted(
        (session for session in mine if session.ends <= now), key=lambda session: session.starts, reverse=True
    )
    following = next((session for session in to_come if not session.is_cancelled), None)
    return render(request, "cohorts/session_list.html", {"to_come": to_come, "past": past, "following": following})


# ---- A participant's own break ----


def _own_part_or_404(request: HttpRequest, slug: str) -> Participant:
    mine = Participant.objects.live().of(request.user).select_related("cohort")
    return get_object_or_404(mine, cohort__slug=slug)


@get_and_post
def break_take(request: HttpRequest, slug: str) -> HttpResponse:
    """What a break means, and the button that begins it."""
    participant = _own_part_or_404(request, slug)
    if request.method == "POST":
        try:
            actions.take_break(participant=participant, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        except NotTakingPart:
            messages.warning(request, _("Nothing changed: your part in this cohort has just ended."))
        else:
            messages.success(request, _("You are taking a break. Come back when you like."))
        return redirect("portal:pair_home")
    is_on_break = participant.breaks.live().exists()
    context = {"cohort": participant.cohort, "is_on_break": is_on_break}
    return render(request, "cohorts/break_take.html", context)


@require_POST
def break_end(request: HttpRequest, slug: str) -> HttpResponse:
    participant = _own_part_or_404(request, slug)
    try:
        actions.end_break(participant=participant, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("Welcome back."))
    return redirect("portal:pair_home")
