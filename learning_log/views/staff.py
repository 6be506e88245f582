"""What staff see of learning: counts of pairs in one cohort, with nothing to narrow them by."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.permissions import has_role, staff_only
from cohorts.models import Cohort
from learning_log import charts, counts, disclosure
from learning_log.models import Entry


@require_safe
@staff_only(Role.MANAGER, Role.EVALUATOR, Role.FACILITATOR)
def cohort_learning(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """How many pairs of a cohort told others something, by approach, as of Monday."""
    cohort = get_object_or_404(_cohorts(request).select_related("programme"), slug=cohort_slug)
    now = timezone.now()
    table = counts.told_by(cohort, at=now)
    rows = [(str(theme.label), table.cells[theme.value]) for theme in Entry.Theme]
    context = {
        "cohort": cohort,
        "table": table,
        "rows": rows,
        "bars": charts.bars(rows, most=table.pairs),
        "counted_on": disclosure.as_of(now, cohort.zone).date(),
        "runs_it": Cohort.objects.run_by(request.user).filter(pk=cohort.pk).exists(),
    }
    return render(request, "learning_log/cohort_learning.html", context)


def _cohorts(request: HttpRequest) -> QuerySet[Cohort]:
    """Evaluators: every cohort. Otherwise those one runs."""
    if has_role(request.user, Role.EVALUATOR):
        return Cohort.objects.all()
    return Cohort.objects.run_by(request.user)
