"""What comments hold about a person with an account, and how it is forgotten."""

from typing import Any

from django.db.models import Q

from accounts import personal_data
from accounts.actions import addresses_of
from accounts.models import User
from comments.models import Comment
from guides.actions import page_changed


def collect(user: User) -> list[dict[str, Any]]:
    """Comments sent from this person's address, and answers they wrote for the team."""
    theirs = Comment.objects.filter(Q(email__in=addresses_of(user)) | Q(answered_by=user)).order_by("pk")
    return [
        {
            "guide": comment.guide.slug,
            "name": comment.name,
            "role": comment.role,
            "organisation": comment.organisation,
            "email": comment.email,
            "text": comment.text,
            "state": comment.state,
            "sent_at": comment.created_at.isoformat(),
        }
        for comment in theirs.select_related("guide")
    ]


def erase(user: User) -> None:
    """Empty names and addresses; published words stay without them, all other words go."""
    theirs = Comment.objects.filter(Q(email__in=addresses_of(user)) | Q(answered_by=user))
    guides = set(theirs.values_list("guide_id", flat=True))
    theirs.exclude(state=Comment.State.PUBLISHED).update(text="")
    theirs.update(name="A reader", role="", organisation="", email="")
    for guide_id in guides:
        page_changed(guide_id=guide_id)


personal_data.register_collector("comments", collect)
personal_data.register_eraser("comments", erase)
