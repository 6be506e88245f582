"""What every page's frame needs to know of its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Role
from accounts.permissions import is_staff_member, live_roles
from cohorts.models import Participant

OF_APPLICANTS = ("pairs:offer", "pairs:introduction")


def frame(request: HttpRequest) -> dict[str, Any]:
    """The reader's console links and text size. A visitor, who has no session, costs no query and gets no cookie."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"is_demo": settings.DEMO}
    roles = live_roles(user)
    is_applying = is_about_applying(request)
    return {
        "is_demo": settings.DEMO,
        "is_applying": is_applying,
        "takes_part": is_applying and not roles and Participant.objects.live().of(user).exists(),
        "is_staff_member": is_staff_member(user),
        "opens_cohorts": bool(roles & {Role.MANAGER, Role.FACILITATOR}),
        "opens_applications": bool(roles & {Role.MANAGER, Role.REVIEWER}),
        "opens_enquiries": Role.MANAGER in roles,
        "opens_moderation": Role.MODERATOR in roles,
        "opens_outbox": Role.MANAGER in roles,
        "opens_guides": Role.MANAGER in roles,
    }


def is_about_applying(request: HttpRequest) -> bool:
    """Whether the page is one that people see before they are in a pair; only there is it asked whether they are."""
    match = request.resolver_match
    return match is not None and (match.app_name == "applications" or match.view_name.startswith(OF_APPLICANTS))
