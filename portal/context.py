"""What every page's frame needs to know of its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Role
from accounts.permissions import is_staff_member, live_roles


def frame(request: HttpRequest) -> dict[str, Any]:
    """The reader's console links and text size. A visitor, who has no session, costs no query and gets no cookie."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"is_demo": settings.DEMO}
    roles = live_roles(user)
    return {
        "is_demo": settings.DEMO,
        "is_staff_member": is_staff_member(user),
        "opens_cohorts": bool(roles & {Role.MANAGER, Role.FACILITATOR}),
        "opens_applications": bool(roles & {Role.MANAGER, Role.REVIEWER}),
        "opens_moderation": Role.MODERATOR in roles,
        "opens_outbox": Role.MANAGER in roles,
        "opens_guides": Role.MANAGER in roles,
    }
