"""The team's table: who looks for a partner, the suggestion, choosing by hand, and the last look."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.models import Applicant
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort
from cohorts.views.doors import ARCHIVED_TEXT, get_and_post
from pairs.exceptions import CannotBeTogether, CohortClosed, NotLooking, TableChanged
from pairs.matching import introducing, suggesting, table
from pairs.matching.forms import SameSystemForm
from pairs.matching.models import Introduction, MatchRule, MatchRun, SameSystem
from pairs.matching.naming import first_name

GONE_TEXT = "Nothing changed: one of the two is no longer free. Look again."


def _cohort_or_404(request: HttpRequest, slug: str) -> Cohort:
    return get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)


@require_safe
@staff_only(Role.MANAGER)
def matching(request: HttpRequest, slug: str) -> HttpResponse:
    """Two columns of people who look for a partner, and where each of them stands."""
    cohort = _cohort_or_404(request, slug)
    query, show = request.GET.get("q", "")[:200], request.GET.get("show", "")[:20]
    everybody = table.standings(cohort)
    found = table.standings(cohort, query=query, show=show) if query or show else everybody
    ours, theirs, has_pages = table.columns(found, request.GET.get("page", "1"))
    context = {
        "cohort": cohort,
        "columns": [(_("Professionals"), ours), (_("Patient partners"), theirs)],
        "more": f"&{urlencode({'q': query, 'show': show})}" if query or show else "",
        "longer": max((ours, theirs), key=lambda page: page.paginator.num_pages),
        "has_pages": has_pages,
        "query": query,
        "show": show,
        "found": len(found),
        "everybody": len(everybody),
        "on_table": sum(one.state == "prepared" for one in everybody) // 2,
        "asked": sum(one.state == "published" for one in everybody) // 2,
        "alone": sum(not one.state for one in everybody),
        "run": MatchRun.objects.filter(cohort=cohort).select_related("by").order_by("pk").last(),
    }
    return render(request, "pairs/matching/people.html", context)


@require_POST
@staff_only(Role.MANAGER)
def matching_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    cohort = _cohort_or_404(request, slug)
    try:
        run = suggesting.suggest(cohort=cohort, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
        return redirect("pairs:matching", slug=slug)
    couples, alone = run.figures["couples"], len(run.figures["alone"])
    said = ngettext("%(count)s couple is on the table.", "%(count)s couples are on the table.", couples)
    sentences = [said % {"count": couples}, _("Nobody has heard of it yet.")]
    if alone:
        left = ngettext("%(count)s person is without a partner.", "%(count)s people are without a partner.", alone)
        sentences.insert(1, left % {"count": alone})
    messages.success(request, " ".join(sentences))
    return redirect("pairs:matching_couples" if couples else "pairs:matching", slug=slug)


@require_safe
@staff_only(Role.MANAGER)
def matching_couples(request: HttpRequest, slug: str) -> HttpResponse:
    """The couples on the table, with what speaks for each and what to ask about."""
    cohort = _cohort_or_404(request, slug)
    page, couples = table.couples_on_table(cohort, request.GET.get("page", "1"))
    return render(request, "pairs/matching/couples.html", {"cohort": cohort, "page": page, "couples": couples})


@require_safe
@staff_only(Role.MANAGER)
def matching_person(request: HttpRequest, slug: str, applicant_id: int) -> HttpResponse:
    """Possible partners of one person, those who fit best first."""
    cohort = _cohort_or_404(request, slug)
    found = table.shortlist(cohort, applicant_id, request.GET.get("page", "1"))
    if found is None:
        raise Http404
    person, page, choices = found
    mine = Introduction.objects.prepared().filter(cohort=cohort).with_people()
    current = mine.filter(**{f"{person.side}_id": applicant_id}).first()
    partner = current and table.Face.of(current.other_than(getattr(current, person.side)))
    applicant = Applicant.objects.select_related("application").get(pk=applicant_id)
    context = {
        "cohort": cohort,
        "person": person,
        "application": applicant.application,
        "page": page,
        "choices": choices,
        "current": current,
        "partner": partner,
    }
    return render(request, "pairs/matching/person.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def matching_choose(request: HttpRequest, slug: str, applicant_id: int, other_id: int) -> HttpResponse:
    """Put two people together, after a look at who would be free again."""
    cohort = _cohort_or_404(request, slug)
    found = table.one_choice(cohort, applicant_id, other_id)
    if found is None:
        raise Http404
    one, other, why, parted = found
    if request.method == "POST":
        try:
            suggesting.put_together(cohort=cohort, professional=one.pk, partner=other.pk, by=current_user(request))
        except CannotBeTogether as error:
            messages.warning(request, error.why)
        except NotLooking:
            messages.warning(request, GONE_TEXT)
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            messages.success(request, _("The two are on the table, and stay there when you ask for a suggestion."))
            return redirect("pairs:matching_couples", slug=slug)
        return redirect("pairs:matching_person", slug=slug, applicant_id=applicant_id)
    context = {"cohort": cohort, "one": one, "other": other, "reasons": why, "parted": parted, "back_to": applicant_id}
    return render(request, "pairs/matching/choose.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def matching_forbid(request: HttpRequest, slug: str, applicant_id: int, other_id: int) -> HttpResponse:
    """Never suggest these two, after a look at what that means."""
    cohort = _cohort_or_404(request, slug)
    people = {one.side: one for one in Applicant.objects.filter(pk__in=[applicant_id, other_id], cohort=cohort)}
    if len(people) != 2:
        raise Http404
    one, other = people["professional"], people["partner"]
    if request.method == "POST":
        try:
            by = current_user(request)
            had_been_asked = suggesting.forbid(cohort=cohort, professional=one, partner=other, by=by)
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            told = _("These two are not put together. You can change that under “What you decided”.")
            if had_been_asked:
                told = _("These two are not put together. They had been asked: that is called off, and both are told.")
            messages.success(request, told)
        return redirect("pairs:matching_couples", slug=slug)
    context = {"cohort": cohort, "one": table.Face.of(one), "other": table.Face.of(other)}
    return render(request, "pairs/matching/forbid.html", context)


def _prepared_or_404(request: HttpRequest, introduction_id: int) -> Introduction:
    mine = Introduction.objects.run_by(request.user).select_related("cohort")
    return get_object_or_404(mine, pk=introduction_id)


def _back_to_couples(request: HttpRequest, introduction: Introduction) -> HttpResponse:
    page = request.POST.get("page", "")
    found = redirect("pairs:matching_couples", slug=introduction.cohort.slug)
    if page.isdecimal() and page != "1":
        found["Location"] += f"?page={page[:6]}"
    return found


@require_POST
@staff_only(Role.MANAGER)
def couple_keep(request: HttpRequest, introduction_id: int) -> HttpResponse:
    introduction = _prepared_or_404(request, introduction_id)
    try:
        suggesting.keep(introduction=introduction, by=current_user(request))
    except NotLooking:
        messages.warning(request, GONE_TEXT)
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return _back_to_couples(request, introduction)


@require_POST
@staff_only(Role.MANAGER)
def couple_let_go(request: HttpRequest, introduction_id: int) -> HttpResponse:
    introduction = _prepared_or_404(request, introduction_id)
    try:
        suggesting.let_go(introduction=introduction, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return _back_to_couples(request, introduction)


@require_POST
@staff_only(Role.MANAGER)
def couple_apart(request: HttpRequest, introduction_id: int) -> HttpResponse:
    introduction = _prepared_or_404(request, introduction_id)
    try:
        suggesting.take_apart(introduction=introduction, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("Both are free again."))
    return _back_to_couples(request, introduction)


@get_and_post
@staff_only(Role.MANAGER)
def matching_check(request: HttpRequest, slug: str) -> HttpResponse:
    """Exactly who will be asked what. What is posted names the couples that were shown, so nobody else is asked."""
    cohort = _cohort_or_404(request, slug)
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("couple") if one.isdecimal() and len(one) < 15]
        if not chosen:
            messages.warning(request, _("Nobody was asked: choose at least one couple."))
            return redirect("pairs:matching_check", slug=slug)
        try:
            asked = introducing.publish(cohort=cohort, introductions=chosen, by=current_user(request))
        except TableChanged:
            messages.warning(
                request, _("Nobody was asked: something has changed since you looked. This is how it is now.")
            )
            return redirect("pairs:matching_check", slug=slug)
        except CohortClosed:
            messages.warning(request, _("Nobody was asked: people are introduced until the cohort begins."))
        except CohortArchived:
            messages.warning(request, ARCHIVED_TEXT)
        else:
            said = ngettext("%(count)s couple is being asked.", "%(count)s couples are being asked.", asked)
            messages.success(request, said % {"count": asked})
        return redirect("pairs:matching_asked", slug=slug)
    prepared = Introduction.objects.prepared().filter(cohort=cohort).with_people().order_by("professional__name", "pk")
    rows: list[dict[str, Any]] = [
        {
            "introduction": one,
            "people": [
                {"person": person, "face": table.Face.of(person), "shown": first_name(other)}
                for person, other in ((one.professional, one.partner), (one.partner, one.professional))
            ],
        }
        for one in prepared
    ]
    context = {"cohort": cohort, "rows": rows, "answer_days": settings.INTRODUCTION_MAX_AGE_DAYS}
    return render(request, "pairs/matching/check.html", context)


@get_and_post
@staff_only(Role.MANAGER)
def matching_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """What staff decided: couples kept or never made, and names that stand for one local system."""
    cohort = _cohort_or_404(request, slug)
    form = SameSystemForm(request.POST or returning.data(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            suggesting.say_same_system(cohort=cohort, by=current_user(request), **form.cleaned_data)
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved. The next suggestion takes them for one."))
            return redirect("pairs:matching_rules", slug=slug)
    context = {"cohort": cohort, "form": form, "rules": table.rules_of(cohort), "systems": cohort.same_systems.all()}
    return render(request, "pairs/matching/rules.html", context)


@require_POST
@staff_only(Role.MANAGER)
def rule_end(request: HttpRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(MatchRule.objects.run_by(request.user).select_related("cohort"), pk=rule_id)
    try:
        suggesting.end_rule(rule=rule, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return redirect("pairs:matching_rules", slug=rule.cohort.slug)


@require_POST
@staff_only(Role.MANAGER)
def same_system_end(request: HttpRequest, same_id: int) -> HttpResponse:
    mine = SameSystem.objects.filter(cohort__in=Cohort.objects.run_by(request.user)).select_related("cohort")
    same = get_object_or_404(mine, pk=same_id)
    try:
        suggesting.unsay_same_system(same=same, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    return redirect("pairs:matching_rules", slug=same.cohort.slug)
