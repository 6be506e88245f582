"""Staff design a cohort's questions. Nothing they do here changes an application already begun."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import returning
from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications.actions import questions as actions
from applications.exceptions import MeaningTaken, QuestionLeftOut, QuestionsMissing
from applications.forms.designing import QuestionForm
from applications.models import Question, QuestionSet
from applications.starter import STARTER
from cohorts.exceptions import ChangedMeanwhile, CohortArchived
from cohorts.models import Cohort
from cohorts.views.doors import changed_meanwhile, seen_mark

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
ARCHIVED_TEXT = gettext_lazy("This cohort is archived. Its questions stay as they are.")
# What matching, the board and the pair itself do without when nobody is asked.
NEEDED = {
    Question.Meaning.LOCAL_SYSTEM: "matching brings together people of one local system; without it nobody is matched",
    Question.Meaning.TIMES: "matching cannot look for times at which both can meet",
    Question.Meaning.LANGUAGE: "matching cannot look for a language in common",
    Question.Meaning.INTERESTS: "matching cannot look for what both care about",
    Question.Meaning.NEVER_WITH: "somebody may be matched with a person they should never meet",
    Question.Meaning.CHALLENGE: "the board has no name for a pair’s work",
    Question.Meaning.ACCESS: "nobody is asked what they need to take part",
}


def _cohort(request: HttpRequest, slug: str) -> Cohort:
    return get_object_or_404(Cohort.objects.run_by(request.user).select_related("programme"), slug=slug)


def _set_to_show(cohort: Cohort) -> QuestionSet | None:
    """The one being edited, or else the one that is asked now."""
    return cohort.question_sets.filter(published_at=None).first() or actions.published_set(cohort)


@require_safe
@staff_only(Role.MANAGER)
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions in their order, what is not published yet, and what is missing."""
    cohort = _cohort(request, slug)
    shown = _set_to_show(cohort)
    listed = (
        list(shown.questions.all())
        if shown
        else [Question(position=place, **one) for place, one in enumerate(STARTER, 1)]
    )
    meanings = {one.meaning for one in listed}
    published = actions.published_set(cohort)
    context = {
        "cohort": cohort,
        "set": shown,
        "questions": listed,
        "is_editing": shown is not None and shown.published_at is None,
        "published": published,
        "begun": published.applications.count() if published else 0,
        "missing": [(meaning.label, why) for meaning, why in NEEDED.items() if meaning not in meanings],
    }
    return render(request, "applications/applying/questions.html", context)


def _save(request: HttpRequest, slug: str, question: Question | None) -> HttpResponse:
    cohort = _cohort(request, slug)
    form = QuestionForm(request.POST or returning.data(request), questions=_set_to_show(cohort), question=question)
    seen = seen_mark(request, question, form.fields) if question else ""
    context = {"form": form, "cohort": cohort, "question": question, "seen": seen, "address": request.get_full_path()}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            by = current_user(request)
            actions.save_question(cohort=cohort, by=by, question=question, seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            context |= changed_meanwhile(form, error.row, form.fields)
            status = 409
        except QuestionLeftOut:
            return _left_out(request, cohort, form)
        except MeaningTaken:
            form.add_error("meaning", _("Another question has this meaning already."))
            status = 409
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved. Nobody is asked this before you publish the questions."))
            return redirect("applications:questions", slug=slug)
    return render(request, "applications/applying/question_form.html", context, status=status)


def _left_out(request: HttpRequest, cohort: Cohort, form: QuestionForm) -> HttpResponse:
    """The words come back for a question that a colleague left out while they were typed."""
    form.add_error(None, _("Somebody left this question out while you changed it. Save again to add it anew."))
    address = reverse("applications:question_new", args=[cohort.slug])
    context = {"form": form, "cohort": cohort, "address": address}
    return render(request, "applications/applying/question_form.html", context, status=409)


@get_and_post
@staff_only(Role.MANAGER)
def question_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _save(request, slug, None)


@get_and_post
@staff_only(Role.MANAGER)
def question_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    cohort = _cohort(request, slug)
    shown = _set_to_show(cohort)
    question = shown.questions.filter(key=key).first() if shown else None
    if question:
        return _save(request, slug, question)
    form = QuestionForm(request.POST or None, questions=shown)
    if not form.is_bound:
        raise Http404
    form.is_valid()
    return _left_out(request, cohort, form)


@require_POST
@staff_only(Role.MANAGER)
def question_remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    said = _("Left out. Nobody who has begun loses an answer.")
    return _act(request, slug, said, actions.remove_question, key=key)


@require_POST
@staff_only(Role.MANAGER)
def question_move(request: HttpRequest, slug: str, key: str, way: str) -> HttpResponse:
    return _act(request, slug, "", actions.move_question, key=key, up=way == "up")


@require_POST
@staff_only(Role.MANAGER)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    said = _("Published. Whoever begins from now on is asked these questions.")
    return _act(request, slug, said, actions.publish_next_set)


@require_POST
@staff_only(Role.MANAGER)
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, _("What was not published is thrown away."), actions.drop_next_set)


def _act(request: HttpRequest, slug: str, said: str, act: Any, **more: Any) -> HttpResponse:
    cohort = _cohort(request, slug)
    try:
        act(cohort=cohort, by=current_user(request), **more)
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    except QuestionsMissing:
        messages.warning(request, _("There is no question to publish. Add one first."))
    else:
        if said:
            messages.success(request, said)
    return redirect("applications:questions", slug=slug)
