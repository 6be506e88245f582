"""Two managers at once: one wins, the other is told; and without the lock both would win."""

from threading import Barrier
from typing import Any

import pytest

from accounts.models import User
from cohorts.enquiries import letters
from cohorts.enquiries.actions import answering, closing, owning, stepping
from cohorts.enquiries.exceptions import AlreadyTaken, AnsweredMeanwhile, EnquiryClosed, StepChanged
from cohorts.enquiries.letters import Words
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from notifications.models import LedgerRow
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon
from tests.pairs.factories import at_once
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db(transaction=True)

FOUR = 4


def events(verb: str) -> int:
    return EnquiryEvent.objects.filter(verb=verb).count()


def test_of_managers_who_take_it_at_once_one_has_it_and_the_others_are_told_who() -> None:
    enquiry, managers = make_enquiry(), [make_manager() for _one in range(FOUR)]

    told = at_once(lambda number: owning.take(enquiry=enquiry, by=managers[number], step=soon()), threads=FOUR)

    enquiry.refresh_from_db()
    assert events("taken") == 1
    refused = [one for one in told if isinstance(one, AlreadyTaken)]
    assert [one.owner for one in refused] == [enquiry.owner] * (FOUR - 1)


def test_without_the_lock_two_managers_have_it() -> None:
    """The race is real: both look, see nobody, and take it."""
    enquiry, managers, both_have_looked = make_enquiry(), [make_manager(), make_manager()], Barrier(2)

    def take(number: int) -> Enquiry:
        with without_row_locks(after="FOR UPDATE", then=lambda: both_have_looked.wait(timeout=30)):
            return owning.take(enquiry=enquiry, by=managers[number], step=soon())

    told = at_once(take, threads=2)

    assert [one.owner for one in told] == managers
    assert events("taken") == 2


def answer(enquiry: Enquiry, by: User, number: int) -> EnquiryEvent:
    words = Words("Your question", f"Answer {number}.")
    digest = letters.letter_of(Enquiry.objects.select_related("programme").get(pk=enquiry.pk), words).digest
    return answering.answer(enquiry=enquiry, words=words, step=soon(), by=by, digest=digest, seen_answers=0)


def test_of_managers_who_answer_at_once_one_mail_goes_and_the_others_read_it() -> None:
    enquiry, managers = make_enquiry(), [make_manager() for _one in range(FOUR)]

    told = at_once(lambda number: answer(enquiry, managers[number], number), threads=FOUR)

    (event,) = EnquiryEvent.objects.filter(verb="answered")
    assert LedgerRow.objects.filter(kind="enquiries.answer").count() == 1
    refused = [one for one in told if isinstance(one, AnsweredMeanwhile)]
    assert [one.event for one in refused] == [event] * (FOUR - 1)


def test_without_the_lock_two_answers_are_begun_and_only_the_database_stops_the_second() -> None:
    """The race is real: both count no answer before theirs. The number of an answer is unique, so one breaks."""
    enquiry, managers, both_have_looked = make_enquiry(), [make_manager(), make_manager()], Barrier(2)

    def act(number: int) -> Any:
        with without_row_locks(after="FOR UPDATE", then=lambda: both_have_looked.wait(timeout=30)):
            return answer(enquiry, managers[number], number)

    told = at_once(act, threads=2)

    assert sorted(type(one).__name__ for one in told) == ["EnquiryEvent", "IntegrityError"]


def test_of_two_next_steps_set_at_once_one_stands() -> None:
    manager = make_manager()
    enquiry = make_enquiry(owner=manager)
    people, seen = [make_manager() for _one in range(FOUR)], enquiry.step_mark

    told = at_once(
        lambda number: stepping.set_step(enquiry=enquiry, step=soon(f"Step {number}"), by=people[number], seen=seen),
        threads=FOUR,
    )

    assert sum(isinstance(one, StepChanged) for one in told) == FOUR - 1
    assert events("step_set") == 2


def test_closed_at_once_it_is_closed_once_with_one_outcome() -> None:
    enquiry, people = make_enquiry(), [make_manager() for _one in range(FOUR)]
    outcomes = ["answered", "applied", "referred", "no_reply"]

    told = at_once(
        lambda number: closing.close(enquiry=enquiry, outcome=outcomes[number], by=people[number]), threads=FOUR
    )

    enquiry.refresh_from_db()
    assert sum(isinstance(one, EnquiryClosed) for one in told) == FOUR - 1
    assert list(EnquiryEvent.objects.filter(verb="closed").values_list("outcome", flat=True)) == [enquiry.outcome]
