"""A cohort's own words for each verdict."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import returning
from accounts.permissions import current_user
from applications.actions import deciding
from applications.exceptions import UnknownPlaceholder
from applications.forms.deciding import LetterTextForm, unknown_text
from applications.letters import PLACEHOLDERS, text_of
from applications.models import LetterText
from applications.models.selection import Verdict
from applications.views.deciding.doors import ARCHIVED_TEXT, for_managers, get_and_post, run_cohort_or_404
from cohorts.exceptions import ChangedMeanwhile, CohortArchived
from cohorts.views.doors import changed_meanwhile, seen_mark


@require_safe
@for_managers
def letter_texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The three letters of a cohort as they stand."""
    cohort = run_cohort_or_404(request, slug)
    own = set(LetterText.objects.filter(cohort=cohort).values_list("verdict", flat=True))
    texts = [(verdict, text_of(cohort, verdict), verdict in own) for verdict in Verdict]
    return render(request, "applications/deciding/letter_texts.html", {"cohort": cohort, "texts": texts})


@get_and_post
@for_managers
def letter_text(request: HttpRequest, slug: str, verdict: str) -> HttpResponse:
    """Edit one of them; the letters that wait are written anew with it."""
    cohort = run_cohort_or_404(request, slug)
    if verdict not in Verdict.values:
        raise Http404
    stands = text_of(cohort, verdict)
    form = LetterTextForm(request.POST or returning.data(request), initial=LetterTextForm.of(stands))
    seen = seen_mark(request, stands, form.fields)
    collision = {}
    if request.method == "POST" and form.is_valid():
        try:
            by = current_user(request)
            deciding.save_letter_text(cohort=cohort, verdict=verdict, by=by, seen=seen, **form.cleaned_data)
        except ChangedMeanwhile as error:
            collision = changed_meanwhile(form, error.row, form.fields)
        except UnknownPlaceholder as error:
            form.add_error("body", unknown_text(error.names))
        except CohortArchived:
            form.add_error(None, ARCHIVED_TEXT)
        else:
            messages.success(request, _("Saved. Letters that wait are written with it."))
            return redirect("applications:letter_texts", slug=slug)
    context = {
        "cohort": cohort,
        "form": form,
        "verdict": Verdict(verdict),
        "placeholders": [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
        "is_own": LetterText.objects.filter(cohort=cohort, verdict=verdict).exists(),
        "seen": seen,
    } | collision
    return render(request, "applications/deciding/letter_text.html", context, status=409 if collision else 200)


@require_POST
@for_managers
def letter_text_drop(request: HttpRequest, slug: str, verdict: str) -> HttpResponse:
    """Back to the built-in words."""
    cohort = run_cohort_or_404(request, slug)
    if verdict not in Verdict.values:
        raise Http404
    try:
        deciding.drop_letter_text(cohort=cohort, verdict=verdict, by=current_user(request))
    except CohortArchived:
        messages.warning(request, ARCHIVED_TEXT)
    else:
        messages.success(request, _("The built-in letter is used again."))
    return redirect("applications:letter_texts", slug=slug)
