"""Decisions, offers and answers in few words, made by the actions."""

from datetime import datetime
from typing import Any

from django.utils import timezone

import pairs.actions
from accounts.models import User
from applications.actions import deciding, offering, releasing
from applications.models import Applicant, Application, Offer
from applications.waiting_letters import release_of
from cohorts.models import Cohort
from notifications import kinds
from notifications.models import LedgerRow
from pairs.models import Pair
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import walk_to


def make_selecting_cohort(**fields: Any) -> Cohort:
    cohort = make_open_cohort(**fields)
    walk_to(cohort, Cohort.State.SELECTING)
    return cohort


def digest_of(cohort: Cohort) -> str:
    """What the page of decisions shows now."""
    cohort.refresh_from_db()
    return release_of(cohort, timezone.now().astimezone(cohort.zone).date()).digest


def release(cohort: Cohort, by: User, *, at: datetime | None = None) -> None:
    releasing.release_decisions(cohort=cohort, by=by, digest=digest_of(cohort), at=at)


def decide(application: Application, verdict: str, by: User, **fields: Any) -> None:
    """Prepare and release one decision."""
    deciding.prepare_decision(application=application, verdict=verdict, by=by, **fields)
    release(application.cohort, by, at=fields.get("at"))
    application.refresh_from_db()


def make_offer(cohort: Cohort, by: User, *, at: datetime | None = None, **fields: Any) -> Offer:
    """An application with an open offer."""
    application = make_application(cohort, **fields)
    decide(application, "offer", by, at=at)
    return application.offers.get()


def make_reserve(cohort: Cohort, by: User, **fields: Any) -> Application:
    """An application at the end of the reserve list."""
    application = make_application(cohort, **fields)
    decide(application, "reserve", by)
    return application


def people_of(application: Application) -> tuple[Applicant, Applicant]:
    """The professional's part and the partner's."""
    people = {one.side: one for one in application.applicants.select_related("user")}
    return people[Applicant.Side.PROFESSIONAL], people[Applicant.Side.PARTNER]


def say_yes(offer: Offer, applicant: Applicant, **fields: Any) -> Pair | None:
    assert applicant.user is not None
    return pairs.actions.accept_offer(offer=offer, applicant=applicant, by=applicant.user, **fields)


def both_say_yes(offer: Offer) -> Pair:
    first, second = people_of(offer.application)
    assert say_yes(offer, first) is None
    pair = say_yes(offer, second)
    assert pair is not None
    return pair


def run_out(offer: Offer) -> None:
    """As it stands one moment after its last day."""
    Offer.objects.filter(pk=offer.pk).update(answer_by=timezone.now())


def lapse(offer: Offer) -> None:
    run_out(offer)
    offering.lapse_overdue()
    offer.refresh_from_db()


def holds(cohort: Cohort) -> tuple[int, int]:
    """(what the counter says, open offers and pairs that hold a place)."""
    cohort.refresh_from_db()
    pairs_held = Pair.objects.filter(cohort=cohort, holds_place=True).count()
    return cohort.places_taken, Offer.objects.open().filter(cohort=cohort).count() + pairs_held


def mail(kind: str, **ids: Any) -> list[LedgerRow]:
    rows = LedgerRow.objects.filter(kind=f"applications.{kind}").order_by("pk")
    return list(rows.filter(**{f"ids__{name}": value for name, value in ids.items()}))


def why_skipped(row: LedgerRow) -> str | None:
    return kinds.get(row.kind).still_wanted(row, timezone.now())
