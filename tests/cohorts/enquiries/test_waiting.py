"""What waits is counted on the console's first page and in the weekly digest, without a word of anybody's."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role
from cohorts.enquiries.waiting import Waiting, enquiries_waiting, waiting_now
from notifications import digests
from tests.accounts.factories import make_person, make_staff
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon

pytestmark = pytest.mark.django_db


def test_the_consoles_first_page_counts_what_nobody_has_and_what_is_mine_and_due(client: Any) -> None:
    manager, colleague = make_manager(), make_manager()
    make_enquiry()
    for owner, away in ((manager, -1), (manager, 0), (manager, 1), (colleague, -1)):
        make_enquiry(owner=owner, step=soon(days_ahead=away))

    assert waiting_now(manager) == Waiting(1, 2)
    assert waiting_now(colleague) == Waiting(1, 1)
    client.force_login(manager)
    page = client.get("/staff/").content.decode()
    assert "<b>1</b><span>enquiry has nobody yet" in page
    assert "<b>2</b><span>enquiries of yours are due" in page
    client.force_login(make_staff(Role.FACILITATOR))
    assert "enquir" not in client.get("/staff/").content.decode().lower()


def test_the_digest_tells_managers_how_many_and_never_who_or_what() -> None:
    manager, now = make_manager(), timezone.now()
    make_enquiry(name="CANARY", text="CANARY", organisation="CANARY")
    make_enquiry(owner=manager, step=soon("CANARY", days_ahead=5), name="CANARY")
    make_enquiry(owner=manager, step=soon(days_ahead=9))

    section = enquiries_waiting(manager, now - timedelta(days=7), now)

    assert section is not None
    assert section.lines == [
        ("1 enquiry has nobody yet", "/staff/enquiries/?whose=nobody"),
        ("1 next step of yours this week", "/staff/enquiries/?whose=mine"),
    ]
    assert section in digests.sections_for(manager, now - timedelta(days=7), now)


def test_nobody_else_hears_of_them_and_nothing_is_said_when_nothing_waits() -> None:
    now = timezone.now()
    assert enquiries_waiting(make_manager(), now, now) is None
    make_enquiry()

    for person in (make_person(), make_staff(Role.MODERATOR), make_staff(Role.FACILITATOR)):
        assert enquiries_waiting(person, now, now) is None
