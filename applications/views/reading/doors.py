"""Who comes in: the cohort, or the application, this person may read, and how they sit before it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.permissions import current_user, staff_only
from applications import one_application
from applications.board import Filters, Seat
from applications.models import Application
from cohorts.models import Cohort

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
for_readers = staff_only(Role.MANAGER, Role.REVIEWER)
for_managers = staff_only(Role.MANAGER)

ARCHIVED_TEXT = _("This cohort is archived. Its records are kept as they are.")


@dataclass(frozen=True)
class Door:
    """An application that this person may read, with the filters of the board they came from."""

    application: Application
    seat: Seat
    filters: Filters

    @property
    def query(self) -> str:
        """What stands behind every address of this page, so that the way back and on is kept."""
        address = self.filters.address()
        return f"?{address}" if address else ""

    def address(self, name: str = "detail") -> str:
        return resolve_url(f"applications:{name}", self.application.reference) + self.query

    @property
    def board_address(self) -> str:
        return resolve_url("applications:board", self.seat.cohort.slug) + self.query


def application_or_404(request: HttpRequest, reference: str) -> Door:
    user = current_user(request)
    application = get_object_or_404(one_application.applications_read_by(user), reference=reference.upper())
    seat = one_application.seat_before(user, application)
    return Door(application, seat, Filters.of(request.GET, seat))


def run_cohort_or_404(request: HttpRequest, slug: str) -> Cohort:
    """For managers' pages about the reading of a cohort."""
    cohorts = Cohort.objects.run_by(current_user(request)).select_related("programme")
    return get_object_or_404(cohorts, slug=slug)
