"""Where one application stands with its decision, for the staff's page about it."""

from dataclasses import dataclass

from django import template

from applications.actions import deciding, leaving
from applications.models import Applicant, Application, Decision, Offer

register = template.Library()


@dataclass(frozen=True)
class Standing:
    prepared: Decision | None
    released: Decision | None
    offer: Offer | None
    said_yes: set[int]
    people: list[Applicant]
    can_be_decided: bool
    may_leave: bool


@register.simple_tag
def standing(application: Application) -> Standing:
    """Four queries: decisions, the offer, its yeses, the people."""
    decisions = list(application.decisions.filter(voided_at=None).select_related("released_by"))
    offer = application.offers.select_related("decision").order_by("-pk").first()
    is_place = application.state == Application.State.ACCEPTED and not application.cohort.has_begun
    return Standing(
        prepared=next((one for one in decisions if one.released_at is None), None),
        released=next((one for one in reversed(decisions) if one.released_at is not None), None),
        offer=offer,
        said_yes=set(offer.yeses.values_list("applicant", flat=True)) if offer else set(),
        people=list(application.applicants.live()),
        can_be_decided=any(deciding.may_be_told(application, verdict) for verdict in deciding.LEADS_TO),
        may_leave=application.state in leaving.WAYS or is_place,
    )
