"""Tables of one cohort while it chooses, for managers: offers, the reserve list, who looks for a partner."""

from collections.abc import Iterator
from itertools import batched

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications import offers_page
from applications.models import Applicant, Application
from cohorts.models import Cohort
from config import tables
from pairs.matching import table as matching

CHUNK = 200


def offer_heads(_user: User) -> list[str]:
    return [_("Reference"), _("Challenge"), _("State"), _("Who has said yes"), _("Who has not"), _("Answer by")]


def offers(request: HttpRequest, user: User, cohort: Cohort) -> Iterator[tables.Row]:
    """As on their page: open ones first, the most pressing at the top."""
    today = timezone.localdate(timezone=cohort.zone)
    for some in batched(offers_page.offers_of(cohort).iterator(CHUNK), CHUNK, strict=False):
        for row in offers_page.rows_of(list(some), today):
            said = _names([one.applicant for one in row.people if one.has_said_yes])
            silent = _names([one.applicant for one in row.people if not one.has_said_yes])
            application, offer = row.application, row.offer
            answer_by = offer.decision.answer_by
            yield [application.reference, application.challenge, offer.get_state_display(), said, silent, answer_by]


def reserve_heads(_user: User) -> list[str]:
    return [_("Number"), _("Reference"), _("Challenge"), _("People"), _("Local system")]


def reserve_list(request: HttpRequest, user: User, cohort: Cohort) -> Iterator[tables.Row]:
    """In its order."""
    listed = Application.objects.filter(cohort=cohort).on_reserve().prefetch_related("applicants")
    for one in listed.iterator(CHUNK):
        people = [person for person in one.applicants.all() if person.left_at is None]
        yield [one.reserve_rank, one.reference, one.challenge, _names(people), one.local_system]


def looking_heads(_user: User) -> list[str]:
    return [_("Name"), _("Side"), _("Local system"), _("Where they stand"), _("With"), _("Why alone")]


def looking(request: HttpRequest, user: User, cohort: Cohort) -> Iterator[tables.Row]:
    """With the filters of the page."""
    stands = {"prepared": _("On the table"), "published": _("Asked"), "": _("Free")}
    query, show = request.GET.get("q", "")[:200], request.GET.get("show", "")[:20]
    for one in matching.standings(cohort, query=query, show=show):
        side = Applicant.Side(one.face.side).label
        yield [one.face.name, side, one.face.local_system, stands[one.state], one.other, one.why]


def _names(people: list[Applicant]) -> str:
    return " · ".join(person.name or person.get_side_display() for person in people)
