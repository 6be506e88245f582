"""The offers of a cohort as managers read them: who said yes, how many days are left, whom to ring."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, QuerySet, Value, When

from applications.models import Applicant, Application, Offer
from cohorts.models import Cohort


@dataclass(frozen=True)
class Person:
    applicant: Applicant
    has_said_yes: bool


@dataclass(frozen=True)
class Row:
    offer: Offer
    people: list[Person]
    days_left: int  # until the last day; 0 on it

    @property
    def application(self) -> Application:
        return self.offer.application

    @property
    def is_open(self) -> bool:
        return self.offer.state == Offer.State.OPEN


def offers_of(cohort: Cohort) -> QuerySet[Offer]:
    """Open ones first, the most pressing at the top; then the closed ones, the newest first."""
    is_open = Case(When(state=Offer.State.OPEN, then=Value(0)), default=Value(1))
    offers = Offer.objects.filter(cohort=cohort).select_related("application", "decision")
    return offers.prefetch_related("application__applicants", "yeses").order_by(
        is_open, Case(When(state=Offer.State.OPEN, then="answer_by")), "-pk"
    )


def rows_of(offers: list[Offer], today: date) -> list[Row]:
    """`today` in the cohort's zone."""
    rows = []
    for offer in offers:
        said = {yes.applicant_id for yes in offer.yeses.all()}
        live = [one for one in offer.application.applicants.all() if one.left_at is None]
        last_day = offer.decision.answer_by or today
        rows.append(Row(offer, [Person(one, one.pk in said) for one in live], max(0, (last_day - today).days)))
    return rows
