"""What can be done with programmes, cohorts and sessions.

Every action is called by a programme manager unless it says otherwise; the views see to that. `at` left out is now.
"""

from cohorts.actions.breaks import end_break, take_break
from cohorts.actions.cloning import CloneTerms, clone_cohort
from cohorts.actions.cohorts import create_cohort, edit_cohort, move_cohort
from cohorts.actions.people import assign_facilitator, end_assignment, end_participation, join_cohort, join_together
from cohorts.actions.places import free_place, lock, take_place, take_places
from cohorts.actions.planning import SessionTerms, create_planned_cohort
from cohorts.actions.programmes import create_programme, edit_programme
from cohorts.actions.sessions import add_session, cancel_session, change_session, plan_reminders, reminder_key

__all__ = [
    "CloneTerms",
    "SessionTerms",
    "add_session",
    "assign_facilitator",
    "cancel_session",
    "change_session",
    "clone_cohort",
    "create_cohort",
    "create_planned_cohort",
    "create_programme",
    "edit_cohort",
    "edit_programme",
    "end_assignment",
    "end_break",
    "end_participation",
    "free_place",
    "join_cohort",
    "join_together",
    "lock",
    "move_cohort",
    "plan_reminders",
    "reminder_key",
    "take_break",
    "take_place",
    "take_places",
]
