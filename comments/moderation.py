"""What stands beside a comment in the moderation queue, and how the queue is filtered and paged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from comments.models import Comment, Decision
from comments.querysets import CommentQuerySet
from comments.reasons import PERSONAL_DETAILS, Reason

PAGE_COMMENTS = 20
COUNT_UP_TO = 1000


@dataclass(frozen=True)
class Signal:
    """One thing that was checked: `is_held` is for the moderator to look at."""

    text: str
    is_held: bool
    hint: str = ""


@dataclass(frozen=True)
class Card:
    """A comment with what was checked and, once there is one, the last decision."""

    comment: Comment
    signals: Sequence[Signal]
    decision: Decision | None


@dataclass(frozen=True)
class Filters:
    """What the address of the queue asks for; anything unknown counts as not asked."""

    state: str = Comment.State.HELD
    guide_id: int | None = None
    reason: str = ""

    @property
    def is_on(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class QueuePage:
    cards: list[Card]
    next_after: str


def read_place(value: str) -> tuple[datetime, int] | None:
    """A place in the queue as the address carries it: time of arrival and id, joined by a tilde."""
    try:
        moment, _, number = value.partition("~")
        at, pk = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, pk) if at.tzinfo and 0 < pk < 2**63 else None


def place_of(comment: Comment) -> str:
    return f"{comment.created_at.isoformat()}~{comment.pk}"


def filtered(comments: CommentQuerySet, filters: Filters) -> CommentQuerySet:
    """Comments of the public that match; answers of the team are nobody's to moderate here."""
    comments = comments.filter(state=filters.state, parent=None)
    if filters.guide_id is not None:
        comments = comments.filter(guide=filters.guide_id)
    if filters.reason:
        comments = comments.filter(held_reasons__contains=[filters.reason])
    return comments


def queue_page(comments: CommentQuerySet, place: tuple[datetime, int] | None) -> QueuePage:
    """The next PAGE_COMMENTS after `place`, oldest first. Four queries, at any depth."""
    if place:
        comments = comments.created_after(*place)
    found = list(comments.oldest_first().select_related("guide")[: PAGE_COMMENTS + 1])
    shown = found[:PAGE_COMMENTS]
    return QueuePage(cards_of(shown), place_of(shown[-1]) if len(found) > len(shown) else "")


def cards_of(comments: Sequence[Comment]) -> list[Card]:
    earlier = _earlier(comments)
    decisions = {
        decision.comment_id: decision
        for decision in Decision.objects.filter(comment__in=[comment.pk for comment in comments]).select_related("by")
    }
    return [Card(one, signals(one, *earlier.get(one.email, (0, 0))), decisions.get(one.pk)) for one in comments]


def _earlier(comments: Iterable[Comment]) -> dict[str, tuple[int, int]]:
    """For each address: how many comments came from it, and how many of them were published."""
    addresses = {comment.email for comment in comments if comment.email}
    counted = (
        Comment.objects.filter(email__in=addresses)
        .exclude(email="")
        .values("email")
        .annotate(sent=Count("pk"), public=Count("pk", filter=Q(state=Comment.State.PUBLISHED)))
    )
    return {row["email"]: (row["sent"], row["public"]) for row in counted}


def signals(comment: Comment, sent: int, public: int) -> list[Signal]:
    """What the checks found, worst first, then what is fine."""
    kept = "The writer was asked, and chose to keep it in" if comment.keeps_details else ""
    links = {Reason.LINKS, Reason.MANY_LINKS}
    found = [
        Signal(
            str(Reason(code).label),
            is_held=True,
            hint=kept if code in PERSONAL_DETAILS else "Shown as text until you publish" if code in links else "",
        )
        for code in comment.held_reasons
        if code in Reason.values
    ]
    if not found:
        found = [Signal("Every comment is read first", is_held=True, hint="No check found anything")]
    if not PERSONAL_DETAILS.intersection(comment.held_reasons):
        found.append(Signal("No personal details found", is_held=False))
    if not links.intersection(comment.held_reasons):
        found.append(Signal("No links", is_held=False))
    others = sent - 1
    if others <= 0:
        return [*found, Signal("First comment from this address", is_held=False)]
    earlier = public - (1 if comment.is_published else 0)
    noun = "comment" if others == 1 else "comments"
    return [*found, Signal(f"{others} other {noun} from this address, {earlier} published", is_held=False)]
