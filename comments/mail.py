"""What we write to people about their comments. No mail holds a word of the comment, nor its writer's name."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from comments.models import Comment, Decision
from config.links import absolute
from notifications.kinds import MailKind, register
from notifications.models import LedgerRow

REFUSAL_WORDS = {
    Decision.RefusalReason.PERSONAL: "It could point to a real person, such as a patient or a colleague.",
    Decision.RefusalReason.CLINICAL: "It asks for or gives advice about somebody’s own treatment. "
    "We cannot give that here; please ask your own doctor, nurse or pharmacist.",
    Decision.RefusalReason.UNKIND: "Parts of it could hurt somebody.",
    Decision.RefusalReason.OFF_TOPIC: "It is not about what this guide says.",
    Decision.RefusalReason.ADVERT: "It reads as an advertisement.",
    Decision.RefusalReason.OTHER: "",
}


def _comment(row: LedgerRow) -> Comment:
    return Comment.objects.select_related("guide").get(pk=row.ids["comment"])


def _as_decided(row: LedgerRow, at: datetime) -> str | None:
    """A decision undone, or changed since, sends nothing."""
    wanted = Comment.objects.filter(pk=row.ids["comment"], version=row.ids["version"]).exclude(email="").exists()
    return None if wanted else "superseded"


def published_context(row: LedgerRow) -> dict[str, Any]:
    comment = _comment(row)
    return {"guide": comment.guide, "link": absolute(comment.get_absolute_url())}


def refused_context(row: LedgerRow) -> dict[str, Any]:
    comment = _comment(row)
    decision = comment.decisions.get(comment_version=comment.version - 1)
    return refusal_words(comment, decision.reason, decision.note)


def refusal_words(comment: Comment, reason: str, note: str) -> dict[str, Any]:
    """The context of a refusal, also for the moderator's preview of it."""
    return {
        "guide": comment.guide,
        "reason": REFUSAL_WORDS[Decision.RefusalReason(reason)],
        "note": note,
        "link": absolute(reverse("comments:new", kwargs={"slug": comment.guide.slug})),
        "policy": absolute(reverse("comments:policy")),
    }


register(
    MailKind(
        name="comments.published",
        title="Your comment is published",
        template="mail/comments/published",
        render=published_context,
        late_after=timedelta(days=7),
        still_wanted=_as_decided,
    )
)
register(
    MailKind(
        name="comments.answered",
        title="Your comment has an answer",
        template="mail/comments/answered",
        render=published_context,
        late_after=timedelta(days=7),
        still_wanted=_as_decided,
    )
)
register(
    MailKind(
        name="comments.refused",
        title="Your comment is not published",
        template="mail/comments/refused",
        render=refused_context,
        late_after=timedelta(days=7),
        still_wanted=_as_decided,
    )
)
