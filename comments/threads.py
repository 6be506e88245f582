"""One page of what readers say under a guide, newest first."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.html import escape

from comments.models import Comment
from guides.models import Guide

PAGE_THREADS = 50
# The markup around one comment, and the room all comments of a page share: a page stays below 60 kB of HTML.
MARKUP_BYTES = 470
PAGE_BYTES = 38_000


@dataclass(frozen=True)
class ThreadPage:
    """Comments with their answers; `newer` and `older` are the ids with which the neighbouring pages begin."""

    threads: list[Comment]
    older: int | None
    newer: int | None
    is_first: bool

    def holds(self, comment_id: int) -> bool:
        return any(thread.pk == comment_id for thread in self.threads)


def _bytes_of(comment: Comment) -> int:
    words = (comment.text, comment.name, comment.role, comment.organisation)
    return MARKUP_BYTES + sum(len(escape(word).encode()) for word in words)


def _answers(thread: Comment) -> list[Comment]:
    answers: list[Comment] = thread.public_answers  # type: ignore[attr-defined]  # to_attr of the prefetch below
    return answers


def thread_page(guide: Guide, start: Comment | None = None) -> ThreadPage:
    """The page that begins at `start` (once published under this guide), or the newest.

    Three queries with `start`, two without, whatever the number of comments.
    """
    roots = Comment.objects.filter(guide=guide, parent=None, state=Comment.State.PUBLISHED)
    answers = Comment.objects.filter(state=Comment.State.PUBLISHED).order_by("published_at", "pk")
    listed = roots.newest_first().prefetch_related(Prefetch("answers", answers, to_attr="public_answers"))
    newer: list[int] = []
    if start is not None and start.published_at is not None:
        listed = listed.published_up_to(start.published_at, start.pk)
        before = roots.published_after(start.published_at, start.pk).order_by("published_at", "pk")
        newer = list(before.values_list("pk", flat=True)[:PAGE_THREADS])
    found = list(listed[: PAGE_THREADS + 1])

    room, fitting = PAGE_BYTES, 0
    for thread in found[:PAGE_THREADS]:
        room -= sum(map(_bytes_of, [thread, *_answers(thread)]))
        if room < 0 and fitting:
            break
        fitting += 1
    return ThreadPage(
        threads=found[:fitting],
        older=found[fitting].pk if len(found) > fitting else None,
        newer=newer[-1] if newer else None,
        is_first=not newer,
    )
