"""The log's part of a cohort's console page: a way to the few figures there are."""

from django.http import HttpRequest

from cohorts.models import Cohort
from cohorts.panels import Panel


def learning_panel(request: HttpRequest, cohort: Cohort) -> Panel:
    return Panel("learning_log/cohort_panel.html", {"cohort": cohort})
