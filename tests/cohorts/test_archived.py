"""An archived cohort takes no writes, also when somebody writes at the very moment it is archived."""

from threading import Barrier, Event

import pytest

import cohorts.actions
from accounts.models import AuditEvent
from cohorts.exceptions import CohortArchived
from cohorts.models import Cohort, Session
from tests.pairs.factories import at_once, make_cohort, make_session
from tests.unlocked import without_row_locks

State = Cohort.State


def last_words() -> str:
    """What was done last, as the audit trail has it."""
    return AuditEvent.objects.order_by("pk").values_list("verb", flat=True).last() or ""


@pytest.mark.django_db(transaction=True)
def test_what_is_planned_while_a_cohort_is_archived_comes_before_or_not_at_all() -> None:
    for _round in range(5):
        cohort = make_cohort(state=State.ENDED)

        def act(number: int, cohort: Cohort = cohort) -> object:
            if number == 3:
                return cohorts.actions.move_cohort(cohort=cohort, to=State.ARCHIVED, by=None)
            return make_session(cohort)

        told = at_once(act, threads=8)

        refused = sum(isinstance(one, CohortArchived) for one in told)
        assert Session.objects.filter(cohort=cohort).count() == 7 - refused
        assert last_words() == "cohort.moved"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_session_gets_into_an_archived_cohort() -> None:
    """The race is real: the state is read, the cohort is archived, the session is written."""
    cohort = make_cohort(state=State.ENDED)
    read, archived = Barrier(2), Event()

    def wait_until_archived() -> None:
        read.wait(timeout=30)
        assert archived.wait(timeout=30)

    def act(number: int) -> Session | None:
        if number:
            read.wait(timeout=30)
            cohorts.actions.move_cohort(cohort=cohort, to=State.ARCHIVED, by=None)
            archived.set()
            return None
        with without_row_locks(after="FOR UPDATE", then=wait_until_archived):
            return make_session(cohort)

    told = at_once(act, threads=2)

    assert isinstance(told[0], Session)
    assert last_words() == "session.added"
