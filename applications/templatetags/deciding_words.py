"""Where one application stands with its decision, for the staff's page about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from applications.actions import deciding, leaving
from applications.models import Applicant, Application, Decision, Letter, Offer, OfferYes
from applications.one_application import Person

register = template.Library()


@dataclass(frozen=True)
class Standing:
    prepared: Decision | None
    released: Decision | None
    letters: list[Letter]
    offer: Offer | None
    said_yes: set[int]
    people: list[Applicant]
    can_be_decided: bool
    may_leave: bool


@register.simple_tag
def standing(application: Application, people: Sequence[Person]) -> Standing:
    """Two queries: decisions, and the offer with who has said yes; a third for the letters of what was released."""
    decisions = list(application.decisions.filter(voided_at=None).select_related("released_by"))
    yeses = OfferYes.objects.filter(offer=OuterRef("pk")).values("applicant")
    offers = application.offers.select_related("decision").annotate(said_yes=ArraySubquery(yeses))
    offer: Any = offers.order_by("-pk").first()
    is_place = application.state == Application.State.ACCEPTED and not application.cohort.has_begun
    released = next((one for one in reversed(decisions) if one.released_at is not None), None)
    return Standing(
        prepared=next((one for one in decisions if one.released_at is None), None),
        released=released,
        letters=list(released.letters.select_related("applicant", "told_by").exclude(body="")) if released else [],
        offer=offer,
        said_yes=set(offer.said_yes) if offer else set(),
        people=[one.applicant for one in people],
        can_be_decided=any(deciding.may_be_told(application, verdict) for verdict in deciding.LEADS_TO),
        may_leave=application.state in leaving.WAYS or is_place,
    )
