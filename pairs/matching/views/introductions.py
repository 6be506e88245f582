"""Introductions: the two people's own page, and what the team sees of the answers."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.models import Applicant
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post
from pairs.exceptions import IntroductionClosed
from pairs.matching import introducing
from pairs.matching.forms import HeardForm
from pairs.matching.loading import looking_in
from pairs.matching.models import Introduction
from pairs.matching.naming import first_name, reach_of, told_of
from pairs.matching.table import A_PAGE, Face

OVER_TEXT = gettext_lazy("Nothing changed: it was answered or is over.")


def _mine_or_404(request: HttpRequest, introduction_id: int) -> tuple[Introduction, Applicant]:
    """The introduction, and the person of the two who reads it or is helped with it."""
    user = current_user(request)
    theirs = Introduction.objects.of(user).with_people().select_related("cohort__programme", "became")
    introduction = get_object_or_404(theirs, pk=introduction_id)
    both = (introduction.professional, introduction.partner)
    mine = [one for one in both if one.user_id == user.pk] or [one for one in both if one.helper_id == user.pk]
    # Whoever helps both answers for the one who has not.
    return introduction, next((one for one in mine if not introduction.has_yes_of(one)), mine[0])


@never_cache
@require_safe
def introduction(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Who it is, and how it stands: one's own answer, never the other's before both have said yes."""
    found, mine = _mine_or_404(request, introduction_id)
    other = found.other_than(mine)
    is_open = found.takes_answers(found.cohort, timezone.now())
    context: dict[str, Any] = {
        "introduction": found,
        "cohort": found.cohort,
        "has_said_yes": found.has_yes_of(mine),
        "is_open": is_open,
        "still_looks": _still_looks(mine),
    }
    if is_open or found.state == Introduction.State.AGREED:
        context |= {"other_name": first_name(other), "side": other.get_side_display(), "told": told_of(other)}
    if found.state == Introduction.State.AGREED:
        context |= {"other": other, "reach": reach_of(other)}
    if found.answer_by:
        context["answer_on"] = (found.answer_by - timedelta(seconds=1)).astimezone(found.cohort.zone).date()
    return render(request, "pairs/matching/introduction.html", context)


def _still_looks(person: Applicant) -> bool:
    return looking_in(person.cohort).filter(pk=person.pk).exists()


@require_POST
def introduction_yes(request: HttpRequest, introduction_id: int) -> HttpResponse:
    found, mine = _mine_or_404(request, introduction_id)
    try:
        introducing.say_yes(introduction=found, applicant=mine, by=current_user(request))
    except IntroductionClosed:
        still = _("You are still looking, and we go on looking with you.") if _still_looks(mine) else ""
        messages.info(request, f"{_('It will not be this time.')} {still}".strip())
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return redirect("pairs:introduction", introduction_id=introduction_id)


@get_and_post
def introduction_no(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """What happens then; no reason is asked."""
    found, mine = _mine_or_404(request, introduction_id)
    if request.method == "POST":
        try:
            introducing.say_no(introduction=found, applicant=mine, by=current_user(request))
        except IntroductionClosed:
            messages.info(request, _("You have both agreed to meet. Ring us if you would rather not after all."))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        return redirect("pairs:introduction", introduction_id=introduction_id)
    context = {"introduction": found, "other_name": first_name(found.other_than(mine)) if found.is_waiting else ""}
    return render(request, "pairs/matching/introduction_no.html", context)


@require_safe
@staff_only(Role.MANAGER)
def matching_asked(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was asked and what each said; the newest first, those who wait for an answer before the others."""
    cohort = get_object_or_404(Cohort.objects.run_by(request.user), slug=slug)
    asked = Introduction.objects.filter(cohort=cohort).exclude(published_at=None).with_people().select_related("became")
    waiting_first = Case(When(state=Introduction.State.PUBLISHED, then=0), default=1)
    page = Paginator(asked.order_by(waiting_first, "-pk"), A_PAGE).get_page(request.GET.get("page", "1"))
    rows = [
        {
            "introduction": one,
            "people": [
                {
                    "face": Face.of(person),
                    "person": person,
                    "yes_at": getattr(one, f"{person.side}_yes_at"),
                    "heard": getattr(one, f"{person.side}_heard"),
                    "said_no": one.said_no_id == person.pk,
                }
                for person in (one.professional, one.partner)
            ],
        }
        for one in page.object_list
    ]
    return render(request, "pairs/matching/asked.html", {"cohort": cohort, "page": page, "rows": rows})


def _run_or_404(request: HttpRequest, introduction_id: int) -> Introduction:
    mine = Introduction.objects.run_by(request.user).exclude(published_at=None).with_people()
    return get_object_or_404(mine, pk=introduction_id)


@get_and_post
@staff_only(Role.MANAGER)
def introduction_heard(request: HttpRequest, introduction_id: int, side: str) -> HttpResponse:
    """Write down what somebody said on the telephone or in a letter."""
    found = _run_or_404(request, introduction_id)
    person: Applicant = getattr(found, side)
    form = HeardForm(request.POST or returning.data(request))
    if request.method != "POST" and not found.takes_answers(found.cohort, timezone.now()):
        messages.info(request, OVER_TEXT)
        return redirect("pairs:matching_asked", slug=found.cohort.slug)
    if request.method == "POST" and form.is_valid():
        said_before = found.has_yes_of(person)
        act = introducing.say_yes if form.cleaned_data["answer"] == "yes" else introducing.say_no
        try:
            act(introduction=found, applicant=person, by=current_user(request), heard=form.cleaned_data["heard"])
        except IntroductionClosed:
            form.add_error(None, OVER_TEXT)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            is_second_yes = said_before and act is introducing.say_yes
            told = _("Their yes was written down before.") if is_second_yes else _("Written down.")
            messages.success(request, told)
            return redirect("pairs:matching_asked", slug=found.cohort.slug)
    context = {"introduction": found, "cohort": found.cohort, "form": form, "face": Face.of(person)}
    return render(request, "pairs/matching/heard.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def introduction_call_off(request: HttpRequest, introduction_id: int) -> HttpResponse:
    found = _run_or_404(request, introduction_id)
    if request.method == "POST":
        try:
            introducing.call_off(introduction=found, by=current_user(request))
        except IntroductionClosed:
            messages.info(request, OVER_TEXT)
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("It is called off, and both are told that it will not be this time."))
        return redirect("pairs:matching_asked", slug=found.cohort.slug)
    context = {
        "introduction": found,
        "cohort": found.cohort,
        "one": Face.of(found.professional),
        "other": Face.of(found.partner),
    }
    return render(request, "pairs/matching/call_off.html", context)
