"""An open enquiry has a dated next step, and stands with a manager or under nobody's; its history says how it went."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import accounts.actions
from accounts.models import AuditEvent, Role, User
from cohorts.enquiries.actions import closing, owning, stepping
from cohorts.enquiries.exceptions import (
    AlreadyTaken,
    EnquiryClosed,
    EnquiryOpen,
    NotAManager,
    StepChanged,
)
from cohorts.enquiries.mail import handed_still_wanted
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from notifications.models import LedgerRow
from tests.accounts.factories import make_person, make_staff
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


def history(enquiry: Enquiry) -> list[str]:
    """What happened, the first first."""
    return [str(event.verb) for event in EnquiryEvent.objects.filter(enquiry=enquiry).order_by("pk")]


def stands(enquiry: Enquiry) -> tuple[User | None, str, object]:
    enquiry.refresh_from_db()
    return enquiry.owner, enquiry.next_step, enquiry.next_step_on


# ---- Whose ----


def test_a_manager_takes_it_with_a_next_step_and_a_second_click_changes_nothing(manager: User) -> None:
    enquiry, step = make_enquiry(), soon("Ring her")

    for _click in range(2):
        owning.take(enquiry=enquiry, by=manager, step=step)

    assert stands(enquiry) == (manager, "Ring her", step.on)
    assert history(enquiry) == ["came", "taken", "step_set"]
    assert AuditEvent.objects.filter(verb="enquiry.taken", actor=manager, target_id=enquiry.pk).count() == 1


def test_what_a_colleague_has_is_not_taken_and_they_are_named(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)

    with pytest.raises(AlreadyTaken) as told:
        owning.take(enquiry=enquiry, by=make_manager(), step=soon())

    assert told.value.owner == manager
    assert stands(enquiry)[0] == manager


@pytest.mark.parametrize("why", ["role ended", "account closed"])
def test_what_somebody_has_who_left_the_team_is_nobodys_again(manager: User, why: str) -> None:
    kept, lost, colleague = make_enquiry(owner=manager), make_enquiry(owner=make_manager()), make_manager()
    assert lost.owner is not None
    if why == "role ended":
        accounts.actions.revoke_role(assignment=lost.owner.role_assignments.get(), by=manager)
    else:
        User.objects.filter(pk=lost.owner.pk).update(is_active=False)

    assert set(Enquiry.objects.nobodys()) == {lost}
    owning.take(enquiry=lost, by=colleague, step=soon())
    assert stands(lost)[0] == colleague
    assert stands(kept)[0] == manager


def test_handing_over_takes_the_next_step_with_it_and_tells_by_mail_without_a_word_of_theirs(manager: User) -> None:
    enquiry, trustee = make_enquiry(owner=manager, name="CANARY", text="CANARY"), make_manager()
    before = stands(enquiry)

    for _click in range(2):
        owning.hand_over(enquiry=enquiry, to=trustee, by=manager, seen_owner=manager.pk, word="You know her.")

    assert stands(enquiry) == (trustee, *before[1:])
    (row,) = LedgerRow.objects.filter(kind="enquiries.handed")
    assert (row.recipient, row.address) == (trustee, trustee.email)
    assert "CANARY" not in str(row.mail_kind.render(row)["programme"]) + str(row.ids)
    assert handed_still_wanted(row, timezone.now()) is None
    owning.hand_over(enquiry=enquiry, to=manager, by=manager, seen_owner=trustee.pk)
    assert handed_still_wanted(row, timezone.now()) == "superseded"
    assert LedgerRow.objects.filter(kind="enquiries.handed").count() == 1


def test_only_a_manager_of_today_can_be_given_one(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)

    for person in (make_person(), make_staff(Role.FACILITATOR), make_staff(Role.REVIEWER)):
        with pytest.raises(NotAManager):
            owning.hand_over(enquiry=enquiry, to=person, by=manager, seen_owner=manager.pk)

    assert stands(enquiry)[0] == manager


def test_it_is_not_handed_on_over_somebody_who_got_it_meanwhile(manager: User) -> None:
    enquiry, first, second = make_enquiry(owner=manager), make_manager(), make_manager()
    owning.hand_over(enquiry=enquiry, to=first, by=manager, seen_owner=manager.pk)

    with pytest.raises(AlreadyTaken):
        owning.hand_over(enquiry=enquiry, to=second, by=manager, seen_owner=manager.pk)

    assert stands(enquiry)[0] == first


# ---- What is next ----


def test_done_asks_for_what_comes_after_it(manager: User) -> None:
    enquiry = make_enquiry(owner=manager, step=soon("Ring her"))

    stepping.complete_step(enquiry=enquiry, step=soon("Send the dates"), by=manager, seen=enquiry.step_mark)

    assert stands(enquiry)[1] == "Send the dates"
    done = EnquiryEvent.objects.get(enquiry=enquiry, verb="step_done")
    assert (done.text, history(enquiry)[-2:]) == ("Ring her", ["step_done", "step_set"])


def test_a_second_click_does_it_once(manager: User) -> None:
    enquiry, step = make_enquiry(owner=manager), soon("Send the dates")
    seen, key = enquiry.step_mark, uuid.uuid4()

    for _click in range(3):
        stepping.complete_step(enquiry=enquiry, step=step, by=manager, seen=seen, key=key)

    assert history(enquiry).count("step_done") == 1


def test_nobody_sets_a_next_step_over_one_they_have_not_seen(manager: User) -> None:
    enquiry, colleague = make_enquiry(owner=manager), make_manager()
    seen = enquiry.step_mark
    stepping.set_step(enquiry=enquiry, step=soon("Wait for her letter"), by=colleague, seen=seen)

    with pytest.raises(StepChanged) as told:
        stepping.set_step(enquiry=enquiry, step=soon("Ring her"), by=manager, seen=seen)

    assert told.value.event is not None
    assert told.value.event.by == colleague
    assert stands(enquiry)[1] == "Wait for her letter"


def test_whoever_does_something_about_a_nobodys_enquiry_has_it_from_then_on(manager: User) -> None:
    enquiry = make_enquiry()

    stepping.note_call(enquiry=enquiry, text="She is deaf: write.", on=today(), step=soon("Write"), by=manager)

    assert stands(enquiry)[:2] == (manager, "Write")
    assert history(enquiry) == ["came", "taken", "called", "step_set"]


def test_a_call_and_a_note_are_written_once_whatever_is_clicked(manager: User) -> None:
    enquiry, key, other = make_enquiry(owner=manager), uuid.uuid4(), uuid.uuid4()

    for _click in range(2):
        stepping.note_call(enquiry=enquiry, text="Said.", on=today(), step=soon(), by=manager, key=key)
        stepping.add_note(enquiry=enquiry, text="Noted.", by=manager, key=other)

    assert [verb for verb in history(enquiry) if verb in {"called", "noted"}] == ["called", "noted"]


def test_the_database_refuses_an_open_enquiry_without_a_dated_next_step(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    wrong: list[dict[str, object]] = [
        {"next_step_on": None},
        {"next_step": ""},
        {"outcome": "answered"},
        {"closed_at": timezone.now()},
        {"email": "", "phone": ""},
        {"email": "Upper@Example.org"},
    ]

    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Enquiry.objects.filter(pk=enquiry.pk).update(**fields)


# ---- Closed, and open again ----


def test_closed_it_says_what_came_of_it_and_takes_only_notes(manager: User) -> None:
    enquiry = make_enquiry()
    seen = enquiry.step_mark
    for _click in range(2):
        closing.close(enquiry=enquiry, outcome="referred", by=manager, note="To the surgery.")

    enquiry.refresh_from_db()
    assert (enquiry.is_open, enquiry.outcome, enquiry.owner, enquiry.next_step_on) == (False, "referred", manager, None)
    assert history(enquiry) == ["came", "closed"]
    for refused in (
        lambda: owning.take(enquiry=enquiry, by=manager, step=soon()),
        lambda: owning.hand_over(enquiry=enquiry, to=make_manager(), by=manager, seen_owner=manager.pk),
        lambda: stepping.set_step(enquiry=enquiry, step=soon(), by=manager, seen=seen),
        lambda: stepping.note_call(enquiry=enquiry, text="x", on=today(), step=soon(), by=manager),
        lambda: closing.close(enquiry=enquiry, outcome="referred", by=make_manager()),
        lambda: closing.close(enquiry=enquiry, outcome="answered", by=manager),
    ):
        with pytest.raises(EnquiryClosed):
            refused()
    stepping.add_note(enquiry=enquiry, text="She wrote to thank us.", by=manager)
    assert history(enquiry) == ["came", "closed", "noted"]


def test_opened_again_it_has_a_next_step_and_stays_with_whoever_had_it(manager: User) -> None:
    enquiry, colleague = make_enquiry(owner=manager), make_manager()
    closing.close(enquiry=enquiry, outcome="no_reply", by=manager)

    closing.reopen(enquiry=enquiry, step=soon("Ring back"), by=colleague)

    assert stands(enquiry)[:2] == (manager, "Ring back")
    assert (enquiry.is_open, enquiry.outcome) == (True, "")
    with pytest.raises(EnquiryOpen):
        closing.reopen(enquiry=enquiry, step=soon(), by=colleague)


def test_what_is_due_and_late(manager: User) -> None:
    late, now, later = (make_enquiry(owner=manager, step=soon(days_ahead=away)) for away in (-1, 0, 1))
    closed = make_enquiry(owner=manager, step=soon(days_ahead=-5))
    closing.close(enquiry=closed, outcome="answered", by=manager)

    assert set(Enquiry.objects.due(today())) == {late, now}
    assert set(Enquiry.objects.overdue(today())) == {late}
    assert set(Enquiry.objects.open()) == {late, now, later}
    assert set(Enquiry.objects.due(today() + timedelta(days=1))) == {late, now, later}


def test_only_managers_read_them(manager: User) -> None:
    person = make_person()
    enquiry = make_enquiry(user=person, email=person.email)

    assert set(Enquiry.objects.visible_to(manager)) == {enquiry}
    for reader in (person, make_person(), make_staff(Role.FACILITATOR), make_staff(Role.REVIEWER)):
        assert not Enquiry.objects.visible_to(reader).exists()
