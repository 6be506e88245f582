"""People who ask, in few words, made by the action the public page uses."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from cohorts.enquiries import days
from cohorts.enquiries.actions import owning
from cohorts.enquiries.actions.receiving import Asked, receive
from cohorts.enquiries.actions.rows import Step
from cohorts.enquiries.models import Enquiry
from cohorts.models import Cohort, Programme
from tests.accounts.factories import make_staff
from tests.pairs.factories import make_cohort

WORDS = {
    "kind": "question",
    "name": "Oriel Tamblyn",
    "email": "oriel@example.org",
    "phone": "",
    "text": "Can I come with my sister, who drives me?",
}


def make_programme_page(**fields: Any) -> Programme:
    """A programme whose page everybody sees, with nothing open to applications."""
    fields.setdefault("state", Cohort.State.ENDED)
    return make_cohort(**fields).programme


def make_enquiry(
    programme: Programme | None = None,
    *,
    owner: User | None = None,
    step: Step | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Enquiry:
    """Came in and, with an `owner`, taken."""
    receiving = {name: fields.pop(name) for name in ("key", "user", "signs") if name in fields}
    receiving.setdefault("key", uuid.uuid4())
    asked = Asked(**{**WORDS, **fields})
    enquiry = receive(programme=programme or make_programme_page(), asked=asked, at=at, **receiving)
    if owner:
        enquiry = owning.take(enquiry=enquiry, by=owner, step=step or soon(), at=at)
    return enquiry


def make_manager() -> User:
    return make_staff(Role.MANAGER)


def today() -> date:
    return days.today_at(timezone.now())


def soon(what: str = "Ring her", *, days_ahead: int = 3) -> Step:
    return Step(what, today() + timedelta(days=days_ahead))


def typed_step(step: Step) -> dict[str, str]:
    """A next step as the form sends it."""
    parts = {"day": step.on.day, "month": step.on.month, "year": step.on.year}
    return {"next_step": step.what} | typed_day("next_step_on", **parts)


def typed_day(name: str, *, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}
