"""One application, the reviews of it, who should not read it, and what the team wants to remember."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.permissions import current_user
from applications import one_application
from applications.actions import reviewing
from applications.exceptions import (
    ChangedElsewhere,
    ConflictOfInterest,
    NotAReviewer,
    ReviewClosed,
    ScoresMissing,
)
from applications.forms.reading import ConflictForm, NoteForm, ReviewForm
from applications.models import Application, Conflict, Criterion, Review
from applications.views.reading.doors import (
    ARCHIVED_TEXT,
    Door,
    application_or_404,
    for_managers,
    for_readers,
    get_and_post,
)
from cohorts.exceptions import CohortArchived


@require_safe
@for_readers
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, application_or_404(request, reference))


def _page(
    request: HttpRequest,
    door: Door,
    *,
    review_form: ReviewForm | None = None,
    note_form: NoteForm | None = None,
    theirs: Review | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, with whichever form was refused as it was sent."""
    application, seat, user = door.application, door.seat, door.seat.user
    criteria = list(Criterion.objects.filter(cohort=seat.cohort))
    reviews = one_application.reviews_of(application, criteria, user)
    own = next((one for one in reviews if one.review.user_id == user.pk), None)
    is_in = own is not None and own.review.submitted_at is not None
    answers = one_application.answers_of(application, user)
    hides_names = door.filters.hides_names and not is_in
    people = one_application.people_of(application, answers, hides_names=hides_names)
    may_review = seat.reviews and application.is_pair and application.sent_at is not None
    signs = one_application.signs_for(user, people, answers) if may_review and own is None else []
    context: dict[str, Any] = {
        "application": application,
        "cohort": seat.cohort,
        "seat": seat,
        "door": door,
        "people": people,
        "hides_names": hides_names,
        "signs": signs,
        "neighbours": one_application.neighbours(seat, door.filters, application),
    }
    if signs and not seat.runs:
        return render(request, "applications/reading/acquainted.html", context)
    conflicts = application.barred if seat.runs else []  # type: ignore[attr-defined]
    live = [one for one in criteria if one.retired_at is None]
    is_barred = any(one["user_id"] == user.pk for one in conflicts)
    writes = may_review and not is_barred and not application.is_decided  # type: ignore[attr-defined]
    if review_form is None and writes and not is_in and not signs:
        review_form = ReviewForm(criteria=live, initial=_initial(own))
    opened = is_in or seat.sees_every_review
    others = [one for one in reviews if one is not own and (one.is_counted or seat.runs)]
    context |= {
        "shared": one_application.shared(answers),
        "conflicts": conflicts,
        "is_barred": is_barred,
        "changes": application.state_changes.select_related("by"),
        "own": own,
        "is_theirs": any(user.pk in (one.applicant.user_id, one.applicant.helper_id) for one in people),
        "is_in": is_in,
        "may_review": may_review,
        "may_take_back": writes and is_in,
        "has_criteria": bool(live),
        "others": others,
        "others_are_open": opened,
        "mean": one_application.mean_of(reviews) if opened else None,
        "review_form": review_form,
        "note_form": note_form or (NoteForm() if seat.runs else None),
        "notes": application.notes.visible_to(user).select_related("by"),
        "theirs": next((one for one in reviews if theirs and one.review.pk == theirs.pk), None),
        "form": review_form if review_form is not None and review_form.is_bound else note_form,
    }
    return render(request, "applications/reading/detail.html", context, status=status)


def _initial(own: one_application.ReadReview | None) -> dict[str, Any]:
    points = {one.criterion.pk: one.points for one in own.scores} if own else {}
    return ReviewForm.of(own.review if own else None, points)


# ---- One's own review ----


@get_and_post
@for_readers
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Save one's own review as a draft."""
    return _save(request, reference, hand_in=False)


@get_and_post
@for_readers
def review_hand_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Save it, and let it count."""
    return _save(request, reference, hand_in=True)


def _save(request: HttpRequest, reference: str, *, hand_in: bool) -> HttpResponse:
    door = application_or_404(request, reference)
    if not door.seat.reviews:
        raise Http404
    sent = request.POST or returning.data(request)
    if sent is None:
        return redirect(door.address() + "#review")
    live = list(Criterion.objects.filter(cohort=door.seat.cohort, retired_at=None))
    form = ReviewForm(sent, criteria=live, hands_in=hand_in and request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.save_review(
                application=door.application,
                by=door.seat.user,
                version=form.cleaned_data["version"] or 0,
                points=form.points,
                basis=form.cleaned_data["basis"],
                note=form.cleaned_data["note"],
                hand_in=hand_in,
            )
        except ChangedElsewhere as clash:
            return _clash(request, door, form, clash.theirs)
        except (ConflictOfInterest, NotAReviewer):
            messages.warning(request, _("Not saved: you do not review this application any more."))
            return redirect(door.board_address)
        except ReviewClosed:
            form.add_error(None, _("A decision has been released, so the reviews stay as they are."))
        except ScoresMissing:
            form.add_error(None, _("A criterion was added in the meantime. Score it as well, then hand in."))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(
                request,
                _("Handed in. You can read what others wrote now.") if hand_in else _("Saved. Only you can read it."),
            )
            return redirect(door.address() + "#review")
    return _page(request, door, review_form=form)


def _clash(request: HttpRequest, door: Door, form: ReviewForm, theirs: object) -> HttpResponse:
    """Saved in another tab meanwhile: what was typed stays, what stands there is shown, the next save replaces it."""
    found = theirs if isinstance(theirs, Review) else None
    typed = request.POST.copy()
    typed["version"] = str(found.version if found else 0)
    form.data = typed
    form.add_error(
        None, _("You saved this review somewhere else in the meantime. Both are below; saving here replaces it.")
    )
    return _page(request, door, review_form=form, theirs=found, status=409)


@require_POST
@for_readers
def review_begin(request: HttpRequest, reference: str) -> HttpResponse:
    """“No, I can read it fairly.”"""
    return _act(request, reference, reviewing.begin_review, "")


@require_POST
@for_readers
def review_take_back(request: HttpRequest, reference: str) -> HttpResponse:
    return _act(request, reference, reviewing.take_back_review, _("It is a draft again. Change it and hand it in."))


def _act(request: HttpRequest, reference: str, action: Any, done: str) -> HttpResponse:
    door = application_or_404(request, reference)
    if not door.seat.reviews:
        raise Http404
    try:
        action(application=door.application, by=door.seat.user)
    except ReviewClosed:
        messages.warning(request, _("A decision has been released, so the reviews stay as they are."))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    except (ConflictOfInterest, NotAReviewer):
        messages.warning(request, _("You do not review this application any more."))
        return redirect(door.board_address)
    else:
        if done:
            messages.success(request, done)
    return redirect(door.address() + ("#review" if done else ""))


# ---- Conflicts of interest ----


@get_and_post
@for_readers
def conflict_declare(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that oneself, or as a manager that somebody, should not read it."""
    door = application_or_404(request, reference)
    seat = door.seat
    form = ConflictForm(
        request.POST or returning.data(request),
        application=door.application,
        is_manager=seat.runs,
        initial={"user": seat.user},
    )
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data.get("user", seat.user)
        try:
            reviewing.declare_conflict(
                application=door.application, user=user, by=seat.user, reason=form.cleaned_data["reason"]
            )
        except NotAReviewer:
            form.add_error(None, _("They do not review this cohort any more, so there is nothing to write down."))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            if seat.runs:
                messages.success(request, _("Written down. Their review of it does not count."))
                return redirect(door.address())
            messages.success(request, _("Thank you. You will not see this application any more."))
            return redirect(door.board_address)
    context = {"form": form, "door": door, "application": door.application, "cohort": seat.cohort, "seat": seat}
    return render(request, "applications/reading/conflict_declare.html", context)


@get_and_post
@for_managers
def conflict_end(request: HttpRequest, conflict_id: int) -> HttpResponse:
    mine = Application.objects.run_by(current_user(request))
    conflicts = Conflict.objects.filter(Q(ended_at=None), application__in=mine)
    conflict = get_object_or_404(conflicts.select_related("application__cohort", "user"), pk=conflict_id)
    if request.method == "POST":
        try:
            reviewing.end_conflict(conflict=conflict, by=current_user(request))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Done. They can read it again."))
        return redirect("applications:detail", conflict.application.reference)
    return render(request, "applications/reading/conflict_end.html", {"conflict": conflict})


# ---- Notes ----


@get_and_post
@for_managers
def note_add(request: HttpRequest, reference: str) -> HttpResponse:
    door = application_or_404(request, reference)
    sent = request.POST or returning.data(request)
    if sent is None:
        return redirect(door.address() + "#notes")
    form = NoteForm(sent)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.add_note(application=door.application, by=door.seat.user, text=form.cleaned_data["text"])
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The note is kept."))
            return redirect(door.address() + "#notes")
    return _page(request, door, note_form=form)
