"""Comments in every state, made by the actions people use."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from comments import actions
from comments.actions import Words
from comments.models import Comment
from guides.models import Guide
from tests.guides.factories import person

WORDS = {
    "name": "Oriel Tamblyn",
    "role": "Community pharmacist",
    "organisation": "Marrowby Road Practice",
    "email": "oriel@example.org",
    "text": "We tried the three sentences with a new pair last month.",
}


def held_comment(guide: Guide, at: datetime | None = None, reasons: tuple[str, ...] = (), **words: Any) -> Comment:
    return actions.submit_comment(
        guide=guide,
        words=Words(**{**WORDS, **words}),
        held_reasons=reasons,
        key=uuid.uuid4(),
        at=at or timezone.now(),
    )


def published_comment(guide: Guide, by: User | None = None, at: datetime | None = None, **words: Any) -> Comment:
    comment = held_comment(guide, at=at, **words)
    moderator = by or person(Role.MODERATOR)
    return actions.publish_comment(comment=comment, version=comment.version, by=moderator, at=at or timezone.now())


def many_published(guide: Guide, number: int, at: datetime, text: str = "We tried it, and it worked for us.") -> None:
    """Rows in bulk, all of the same moment."""
    edition = guide.current_edition
    assert edition is not None
    Comment.objects.bulk_create(
        Comment(
            guide=guide,
            edition=edition,
            name=f"Reader {n}",
            role="Carer",
            email=f"reader{n}@example.org",
            text=text,
            state=Comment.State.PUBLISHED,
            created_at=at,
            published_at=at,
        )
        for n in range(number)
    )
