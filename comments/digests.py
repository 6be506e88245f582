"""What the weekly digest says about comments: counts and links, never what somebody wrote."""

from datetime import datetime

from django.urls import reverse

from accounts.models import Role, User
from accounts.permissions import has_role
from comments.models import Comment
from notifications.digests import DigestSection, register

COUNT_UP_TO = 1000


def comments_waiting(user: User, since: datetime, until: datetime) -> DigestSection | None:
    """For moderators and programme managers: how many comments wait for a decision."""
    if not has_role(user, Role.MODERATOR, Role.MANAGER):
        return None
    waiting = Comment.objects.held()[:COUNT_UP_TO].count()
    if not waiting:
        return None
    number = f"{COUNT_UP_TO:,} or more" if waiting == COUNT_UP_TO else str(waiting)
    words = "1 comment is waiting" if waiting == 1 else f"{number} comments are waiting"
    path = reverse("comments:queue") if has_role(user, Role.MODERATOR) else reverse("portal:staff_home")
    return DigestSection("Comments", [(words, path)])


register(comments_waiting)
