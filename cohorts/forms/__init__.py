"""What staff type about programmes, cohorts and sessions."""

from cohorts.forms.cloning import CloneForm
from cohorts.forms.cohorts import ApplyingForm, CohortForm, NewCohortForm
from cohorts.forms.fields import PlainForm, long_text
from cohorts.forms.people import FacilitatorForm
from cohorts.forms.plans import FirstApplyingForm, FirstProgrammeForm, PlanForm, PlannedDaysForm
from cohorts.forms.programmes import ProgrammeForm
from cohorts.forms.sessions import SessionForm

__all__ = [
    "ApplyingForm",
    "CloneForm",
    "CohortForm",
    "FacilitatorForm",
    "FirstApplyingForm",
    "FirstProgrammeForm",
    "NewCohortForm",
    "PlainForm",
    "PlanForm",
    "PlannedDaysForm",
    "ProgrammeForm",
    "SessionForm",
    "long_text",
]
