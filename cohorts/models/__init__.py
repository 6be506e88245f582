"""Programmes and their cohorts: who runs one, who takes part, and the sessions it holds."""

from cohorts.models.cohorts import Cohort, CohortStateChange
from cohorts.models.people import Break, Participant, StaffAssignment
from cohorts.models.programmes import Programme
from cohorts.models.sessions import Session

__all__ = [
    "Break",
    "Cohort",
    "CohortStateChange",
    "Participant",
    "Programme",
    "Session",
    "StaffAssignment",
]

# Django looks for models here.
import cohorts.enquiries.models  # noqa: F401
