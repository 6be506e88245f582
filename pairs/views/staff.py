"""The console's pages about pairs. Facilitators read them; managers change things. Nothing here is about writing."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, has_role, staff_only
from cohorts.exceptions import ChangedMeanwhile, CohortArchived, NoPlaceLeft
from cohorts.models import Cohort
from cohorts.views.doors import ARCHIVED_TEXT, archived, changed_meanwhile, get_and_post, seen_mark
from pairs import actions
from pairs.exceptions import (
    AlreadyEnded,
    AlreadyInCohort,
    CohortClosed,
    InvitationClosed,
    SameAddressTwice,
    SideTaken,
)
from pairs.forms import ChallengeForm, InviteForm, PairForm
from pairs.models import Invitation, Membership, Pair
from pairs.sides import sides_of

CLOSED_TEXT = gettext_lazy("This cohort has ended, so it takes no new people.")
IN_COHORT_TEXT = gettext_lazy(
    "Somebody with this address has a pair in this cohort, is invited to one, or has been offered a place."
)


@get_and_post
@staff_only(Role.MANAGER)
def staff_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a pair from two addresses and a challenge."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    if away := archived(request, cohort):
        return away
    form = PairForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            pair = actions.make_pair(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except SameAddressTwice:
            form.add_error("partner_email", _("A pair is two people: enter a different address for each of them."))
        except AlreadyInCohort as error:
            if made := _made_before(cohort, form.cleaned_data):
                messages.info(request, _("This pair is made already, and both people are invited."))
                return redirect("pairs:staff_detail", pair_id=made.pk)
            form.add_error(f"{error.side}_email", IN_COHORT_TEXT)
        except NoPlaceLeft:
            form.add_error(
                None,
                ngettext(
                    "The only place is taken. Add a place first, or end a pair.",
                    "All %(places)s places are taken. Add a place first, or end a pair.",
                    cohort.places,
                )
                % {"places": cohort.places},
            )
        except CohortClosed:
            form.add_error(None, CLOSED_TEXT)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The pair is made, and both people are being invited by email."))
            return redirect("pairs:staff_detail", pair_id=pair.pk)
    return render(request, "pairs/staff_form.html", {"form": form, "cohort": cohort})


def _pair_or_404(request: HttpRequest, pair_id: int) -> Pair:
    return get_object_or_404(Pair.objects.run_by(request.user).select_related("cohort"), pk=pair_id)


@require_safe
@staff_only(Role.MANAGER, Role.FACILITATOR)
def staff_detail(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Who is in a pair, who has yet to answer, and what it works on."""
    pair = _pair_or_404(request, pair_id)
    now = timezone.now()
    quiet_time = pair.quiet_times.begun().first()
    context = {
        "pair": pair,
        "cohort": pair.cohort,
        "sides": sides_of(pair, at=now),
        "quiet_time": quiet_time,
        "quiet_is_due": quiet_time is not None and quiet_time.is_due(now.astimezone(pair.cohort.zone).date()),
        "may_change": has_role(request.user, Role.MANAGER) and not (pair.has_ended or pair.cohort.is_archived),
    }
    return render(request, "pairs/staff_detail.html", context)


def _made_before(cohort: Cohort, typed: dict[str, Any]) -> Pair | None:
    """The pair of these two with this challenge, which an earlier click has made."""
    pairs = Pair.objects.filter(cohort=cohort, challenge=typed["challenge"], ended_at=None)
    for side in Membership.Side:
        invited = Invitation.objects.filter(pair=OuterRef("pk"), side=side, email=typed[f"{side}_email"])
        pairs = pairs.filter(Exists(invited))
    return pairs.first()


@get_and_post
@staff_only(Role.MANAGER)
def staff_edit(request: HttpRequest, pair_id: int) -> HttpResponse:
    pair = _pair_or_404(request, pair_id)
    if away := archived(request, pair.cohort):
        return away
    shown = {"challenge": pair.challenge, "challenge_summary": pair.challenge_summary, "funding": pair.funding}
    form = ChallengeForm(request.POST or returning.data(request), initial=shown)
    seen = seen_mark(request, pair, shown)
    context = {"form": form, "pair": pair, "cohort": pair.cohort, "seen": seen}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_pair(pair=pair, by=current_user(request), seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, shown)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved."))
            return redirect("pairs:staff_detail", pair_id=pair.pk)
    return render(request, "pairs/staff_edit.html", context, status=409 if "stands" in context else 200)


@get_and_post
@staff_only(Role.MANAGER)
def staff_invite(request: HttpRequest, pair_id: int, side: str) -> HttpResponse:
    """Invite somebody to a side that is free: after a withdrawal, or when somebody has left."""
    pair = _pair_or_404(request, pair_id)
    if away := archived(request, pair.cohort):
        return away
    form = InviteForm(request.POST or returning.data(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_to_pair(pair=pair, side=side, by=current_user(request), **form.cleaned_data)
        except AlreadyInCohort:
            form.add_error("email", IN_COHORT_TEXT)
        except SideTaken:
            form.add_error(None, _("Somebody has this side of the pair, or is invited to it."))
        except AlreadyEnded:
            form.add_error(None, _("This pair has ended. Make a new pair instead."))
        except CohortClosed:
            form.add_error(None, CLOSED_TEXT)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("pairs:staff_detail", pair_id=pair.pk)
    label = Membership.Side(side).label
    return render(
        request, "pairs/staff_invite.html", {"form": form, "pair": pair, "cohort": pair.cohort, "side": label}
    )


def _invitation_or_404(request: HttpRequest, invitation_id: int) -> Invitation:
    mine = Invitation.objects.visible_to(request.user).select_related("pair__cohort")
    return get_object_or_404(mine, pk=invitation_id)


@get_and_post
@staff_only(Role.MANAGER)
def staff_resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Confirm, then send a new link; the form says which link it replaces, so a second click sends none."""
    invitation = _invitation_or_404(request, invitation_id)
    if request.method == "POST":
        if request.POST.get("sent_count", "").isdecimal():
            invitation.sent_count = int(request.POST["sent_count"][:6])
        try:
            actions.resend_invitation(invitation=invitation, by=current_user(request))
        except InvitationClosed:
            messages.info(request, _("Nothing was sent: it was answered, withdrawn or sent again a moment ago."))
        except (CohortClosed, CohortArchived):
            messages.warning(request, CLOSED_TEXT)
        else:
            messages.success(request, _("A new link is on its way. The old one no longer works."))
        return redirect("pairs:staff_detail", pair_id=invitation.pair_id)
    return render(request, "pairs/staff_resend.html", {"invitation": invitation, "cohort": invitation.pair.cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitation = _invitation_or_404(request, invitation_id)
    if request.method == "POST":
        try:
            actions.withdraw_invitation(invitation=invitation, by=current_user(request))
        except InvitationClosed:
            messages.info(request, _("Nothing changed: it was answered or withdrawn before."))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
        return redirect("pairs:staff_detail", pair_id=invitation.pair_id)
    return render(request, "pairs/staff_withdraw.html", {"invitation": invitation, "cohort": invitation.pair.cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_end(request: HttpRequest, pair_id: int) -> HttpResponse:
    pair = _pair_or_404(request, pair_id)
    if request.method == "POST":
        try:
            actions.end_pair(pair=pair, by=current_user(request))
        except AlreadyEnded:
            messages.info(request, _("This pair had ended before."))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The pair has ended."))
        return redirect("pairs:staff_detail", pair_id=pair.pk)
    return render(request, "pairs/staff_end.html", {"pair": pair, "cohort": pair.cohort})


@get_and_post
@staff_only(Role.MANAGER)
def staff_end_membership(request: HttpRequest, membership_id: int) -> HttpResponse:
    mine = Membership.objects.filter(pair__in=Pair.objects.run_by(request.user))
    membership = get_object_or_404(mine.select_related("pair__cohort", "participant__user"), pk=membership_id)
    if request.method == "POST":
        reason = Membership.EndReason.LEFT if request.POST.get("reason") == "left" else Membership.EndReason.STAFF
        try:
            actions.end_membership(membership=membership, by=current_user(request), reason=reason)
        except AlreadyEnded:
            messages.info(request, _("They had left before."))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Done. What they wrote stays theirs."))
        return redirect("pairs:staff_detail", pair_id=membership.pair_id)
    context = {"membership": membership, "pair": membership.pair, "cohort": membership.pair.cohort}
    return render(request, "pairs/staff_end_membership.html", context)
