"""Deciding about one application or several, and what waits for its release."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.permissions import current_user
from applications.actions import deciding, releasing
from applications.exceptions import (
    AlreadyDecided,
    AlreadyTold,
    AnswerDayPassed,
    ApplicationError,
    ApplicationMoved,
    ConflictOfInterest,
    NeedsPartner,
    OffersClosed,
    PreviewOutdated,
)
from applications.forms.deciding import DecisionForm, SeveralForm
from applications.models import Application, Decision, Letter
from applications.views.deciding.doors import (
    ARCHIVED_TEXT,
    MOVED_TEXT,
    OWN_TEXT,
    for_managers,
    get_and_post,
    run_application_or_404,
    run_cohort_or_404,
    today_of,
)
from applications.waiting_letters import release_of, told_by_telephone
from cohorts.exceptions import CohortArchived, NoPlaceLeft
from cohorts.models import Cohort

SHOWN_BY_TELEPHONE = 200


@require_safe
@never_cache
@for_managers
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything prepared, as the letters it will be, and the one button that sends it."""
    cohort = run_cohort_or_404(request, slug)
    return render(
        request,
        "applications/deciding/decisions.html",
        {
            "cohort": cohort,
            "release": release_of(cohort, today_of(cohort)),
            "by_telephone": told_by_telephone(cohort)[:SHOWN_BY_TELEPHONE],
        },
    )


@require_POST
@for_managers
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """Send exactly what was looked at; the form carries its fingerprint."""
    cohort = run_cohort_or_404(request, slug)
    try:
        released = releasing.release_decisions(
            cohort=cohort, by=current_user(request), digest=request.POST.get("digest", "")
        )
    except PreviewOutdated:
        messages.warning(request, _("Nothing was sent: something changed since you looked. Look again, then send."))
    except NoPlaceLeft:
        messages.warning(request, _("Nothing was sent: there are more offers than places left."))
    except (AnswerDayPassed, NeedsPartner, ApplicationMoved, OffersClosed):
        messages.warning(
            request, _("Nothing was sent: one of the decisions cannot stand as it is. It is marked below.")
        )
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        count = len(released)
        messages.success(
            request,
            ngettext("%(count)s decision is released.", "%(count)s decisions are released.", count) % {"count": count},
        )
        if told_by_telephone(cohort).filter(decision__in=released).exists():
            messages.warning(
                request, _("Some have no email address, so no message went to them. Ring them: this is what to say.")
            )
            return redirect(resolve_url("applications:decisions", slug=slug) + "#told-by-telephone")
        return redirect("applications:offers", slug=slug)
    return redirect("applications:decisions", slug=slug)


@require_POST
@for_managers
def letters_anew(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the waiting letters again with what holds now."""
    cohort = run_cohort_or_404(request, slug)
    try:
        deciding.write_letters_anew(cohort=cohort, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("The letters are up to date. Look at them again."))
    return redirect("applications:decisions", slug=slug)


@get_and_post
@for_managers
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Prepare, or change, what one application is told. Nothing is sent from here."""
    application = run_application_or_404(request, reference)
    cohort, before = application.cohort, deciding.prepared_for(application)
    form = DecisionForm(
        request.POST or returning.data(request),
        application=application,
        today=today_of(cohort),
        initial=_shown(before, cohort),
    )
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        told = dict(form.cleaned_data)
        try:
            deciding.prepare_decision(
                application=application,
                instead_of=_decision_seen(application, seen),
                by=current_user(request),
                **told,
            )
        except AlreadyDecided:
            form.add_error(None, _("Somebody else decided about it while you did. Look at theirs, then save again."))
        except (ApplicationMoved, NeedsPartner, OffersClosed):
            form.add_error(None, MOVED_TEXT)
        except AnswerDayPassed:
            form.add_error("answer_by", _("The last day to answer must be after today."))
        except ConflictOfInterest:
            form.add_error(None, OWN_TEXT)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Prepared. Nothing is sent until you release all decisions together."))
            return redirect(resolve_url("applications:decisions", slug=cohort.slug) + f"#{reference}")
    context = {
        "application": application,
        "people": list(application.applicants.live()),
        "cohort": cohort,
        "form": form,
        "before": before,
        "not_for_you": Application.objects.not_for(current_user(request)).filter(pk=application.pk).exists(),
        "own_text": OWN_TEXT,
        "can_be_decided": any(deciding.may_be_told(application, verdict) for verdict in deciding.LEADS_TO),
    }
    return render(request, "applications/deciding/decide.html", context)


def _shown(before: Decision | None, cohort: Cohort) -> dict[str, object]:
    if before is None:
        return {"answer_by": deciding.default_answer_by(cohort, timezone.now())}
    return {
        "verdict": before.verdict,
        "answer_by": before.answer_by or deciding.default_answer_by(cohort, timezone.now()),
        "reserve_rank": before.reserve_rank,
        "words": before.words,
    }


def _decision_seen(application: Application, seen: str) -> Decision | None:
    """The decision that stood on the page; a number that is none of this application's is one nobody saw."""
    if not seen:
        return None
    pk = int(seen) if seen.isdecimal() and len(seen) < 18 else 0
    return application.decisions.filter(pk=pk).first() or Decision(pk=pk)


@require_POST
@for_managers
def take_back(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Void a prepared decision; nothing was sent, and nothing will be."""
    run = Application.objects.run_by(current_user(request))
    mine = Decision.objects.filter(application__in=run).select_related("application__cohort")
    decision = get_object_or_404(mine, pk=decision_id)
    try:
        deciding.take_back_decision(decision=decision, by=current_user(request))
    except AlreadyDecided:
        messages.info(request, _("Nothing changed: it was released, changed or taken back a moment ago."))
    except ConflictOfInterest:
        messages.warning(request, OWN_TEXT)
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("Taken back. Its letters are gone."))
    return redirect("applications:decisions", slug=decision.application.cohort.slug)


@require_POST
@for_managers
def told(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Somebody without an address has been rung, and knows."""
    run = Application.objects.run_by(current_user(request))
    mine = Letter.objects.filter(decision__application__in=run).select_related("decision__application__cohort")
    letter = get_object_or_404(mine, pk=letter_id)
    try:
        releasing.note_told(letter=letter, by=current_user(request))
    except AlreadyTold:
        messages.info(request, _("Nothing changed: a colleague has told them, or a message goes to them."))
    else:
        messages.success(request, _("%(name)s knows.") % {"name": letter.applicant.shown_name})
    decisions_page = resolve_url("applications:decisions", slug=letter.decision.application.cohort.slug)
    return redirect(f"{decisions_page}#told-by-telephone")


@get_and_post
@for_managers
def decide_several(request: HttpRequest, slug: str) -> HttpResponse:
    """The applications ticked on the board, and one verdict for them."""
    cohort = run_cohort_or_404(request, slug)
    named = (request.POST or request.GET).getlist("applications")[:500]
    asked = [reference for reference in named if reference.isalnum()]
    run = Application.objects.run_by(current_user(request)).filter(cohort=cohort)
    chosen = run.filter(reference__in=asked).prefetch_related("applicants")
    place = {reference: number for number, reference in enumerate(asked)}
    form = SeveralForm(request.POST or returning.data(request))
    form.fields["applications"].queryset = chosen  # type: ignore[attr-defined]  # a field of models has one
    if request.method == "POST" and form.is_valid():
        try:
            left = deciding.prepare_several(
                applications=sorted(form.cleaned_data["applications"], key=lambda one: place[one.reference]),
                verdict=form.cleaned_data["verdict"],
                by=current_user(request),
            )
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            prepared = len(form.cleaned_data["applications"]) - len(left)
            if prepared:
                text = ngettext("%(count)s is prepared.", "%(count)s are prepared.", prepared) % {"count": prepared}
                messages.success(request, text)
            for application, error in left:
                messages.warning(request, f"{application.reference}: {_why_left(error)}")
            return redirect("applications:decisions", slug=slug)
    ticked = set(asked)
    context = {
        "cohort": cohort,
        "chosen": sorted(chosen, key=lambda one: place[one.reference]),
        "ticked": ticked,
        "form": form,
    }
    return render(request, "applications/deciding/decide_several.html", context)


def _why_left(error: ApplicationError) -> str:
    if isinstance(error, AlreadyDecided):
        return _("a decision is prepared already. Change it there if you want another.")
    if isinstance(error, NeedsPartner):
        return _("they look for a partner, and a place is for two. Introduce them to somebody first.")
    if isinstance(error, OffersClosed):
        return _("this cohort makes no offers any more.")
    if isinstance(error, ConflictOfInterest):
        return _("it is your own, or you should not read it. Ask another manager to decide.")
    return _("it cannot be told this from where it is now.")
