"""Every change to a comment. The public submits; moderators do the rest, each naming the version they saw."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

import guides.actions
from accounts import audit
from accounts.models import User
from comments.models import Comment, Decision
from guides.models import Guide
from notifications.actions import queue_mail, void_mail


class Closed(Exception):  # named as what happened, like every exception of the actions
    """The guide takes no comments now."""


class AlreadyDecided(Exception):
    """Somebody else was first, or the comment changed since it was opened. `decision` says who and when."""

    def __init__(self, comment: Comment, decision: Decision | None) -> None:
        super().__init__(f"comment {comment.pk} is {comment.state} at version {comment.version}")
        self.comment = comment
        self.decision = decision


@dataclass(frozen=True)
class Words:
    """What a commenter typed, cleaned by the form."""

    name: str
    role: str
    organisation: str
    email: str
    text: str
    keeps_details: bool = False


def mail_key(kind: str, comment: Comment) -> str:
    """The business facts of a decision's mail: this kind, this comment, this version of it."""
    return f"{kind}:{comment.pk}:{comment.version}"


def submit_comment(*, guide: Guide, words: Words, held_reasons: Sequence[str], key: uuid.UUID, at: datetime) -> Comment:
    """Hold a comment of the public. Anybody may call it; with the same `key` again it returns the first one.

    The row is its own record: no audit row, since nobody signed in did it. Raises Closed.
    """
    try:
        with transaction.atomic():
            if guide.current_edition_id is None or not guide.takes_comments:
                raise Closed
            return Comment.objects.create(
                guide=guide,
                edition_id=guide.current_edition_id,
                name=words.name,
                role=words.role,
                organisation=words.organisation,
                email=words.email,
                text=words.text,
                keeps_details=words.keeps_details,
                held_reasons=list(held_reasons),
                submitted_key=key,
                created_at=at,
            )
    except IntegrityError:
        return Comment.objects.get(submitted_key=key)


def _decide(
    *,
    comment: Comment,
    version: int,
    expected: Comment.State,
    state: Comment.State,
    verb: Decision.Verb,
    by: User,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> Comment:
    """Compare and set: only a comment still in `expected` at `version` moves, and one decision row says so."""
    published_at = {"published_at": at} if state == Comment.State.PUBLISHED else {}
    moved = Comment.objects.filter(pk=comment.pk, state=expected, version=version).update(
        state=state, version=version + 1, **published_at
    )
    now = Comment.objects.select_related("guide").get(pk=comment.pk)
    if not moved:
        raise AlreadyDecided(now, now.decisions.select_related("by").last())
    Decision.objects.create(comment=now, comment_version=version, verb=verb, by=by, reason=reason, note=note, at=at)
    if Comment.State.PUBLISHED in (expected, state):
        guides.actions.page_changed(guide_id=now.guide_id)
    audit.record(verb=f"comment.{verb}", by=by, target=now, version=version)
    return now


def _tell(kind: str, comment: Comment) -> None:
    if comment.email:
        queue_mail(
            kind=kind,
            address=comment.email,
            recipient=None,
            dedupe_key=mail_key(kind, comment),
            ids={"comment": comment.pk, "version": comment.version},
        )


@transaction.atomic
def publish_comment(*, comment: Comment, version: int, by: User, at: datetime) -> Comment:
    """Put a held comment under its guide and tell its writer. Raises AlreadyDecided, on a second call too."""
    published = _decide(
        comment=comment,
        version=version,
        expected=Comment.State.HELD,
        state=Comment.State.PUBLISHED,
        verb=Decision.Verb.PUBLISHED,
        by=by,
        at=at,
    )
    _tell("comments.published", published)
    return published


@transaction.atomic
def publish_and_answer(
    *, comment: Comment, version: int, answer: str, by: User, at: datetime, key: uuid.UUID | None = None
) -> Comment:
    """Publish a held comment together with the team's answer, and tell its writer once.

    The answer stands in the name of `by` and is returned. Raises AlreadyDecided.
    """
    published = _decide(
        comment=comment,
        version=version,
        expected=Comment.State.HELD,
        state=Comment.State.PUBLISHED,
        verb=Decision.Verb.ANSWERED,
        by=by,
        at=at,
    )
    written = _write_answer(comment=published, text=answer, key=key or uuid.uuid4(), by=by, at=at)
    _tell("comments.answered", published)
    return written


@transaction.atomic
def answer_comment(*, comment: Comment, version: int, answer: str, key: uuid.UUID, by: User, at: datetime) -> Comment:
    """Answer a comment that is published already, and tell its writer. The same `key` again returns the first answer.

    Raises AlreadyDecided when the comment is no longer public at `version`.
    """
    now = Comment.objects.select_for_update(of=("self",)).select_related("guide").get(pk=comment.pk)
    first = Comment.objects.filter(submitted_key=key).first()
    if first:
        return first
    if now.version != version or not now.is_published or now.parent_id is not None:
        raise AlreadyDecided(now, now.decisions.select_related("by").last())
    written = _write_answer(comment=now, text=answer, key=key, by=by, at=at)
    guides.actions.page_changed(guide_id=now.guide_id)
    if now.email:
        queue_mail(
            kind="comments.answered",
            address=now.email,
            recipient=None,
            dedupe_key=f"comments.answered:{now.pk}:answer:{written.pk}",
            ids={"comment": now.pk, "version": now.version},
        )
    return written


def _write_answer(*, comment: Comment, text: str, key: uuid.UUID, by: User, at: datetime) -> Comment:
    written = Comment.objects.create(
        guide_id=comment.guide_id,
        edition_id=comment.edition_id,
        parent=comment,
        answered_by=by,
        name=by.name or "Alongside",
        role="For the Alongside team",
        text=text,
        state=Comment.State.PUBLISHED,
        submitted_key=key,
        created_at=at,
        published_at=at,
    )
    audit.record(verb="comment.answer_written", by=by, target=written, comment=comment.pk)
    return written


@transaction.atomic
def refuse_comment(*, comment: Comment, version: int, reason: str, note: str, by: User, at: datetime) -> Comment:
    """Refuse a held comment for `reason` (a code of Decision.RefusalReason) and tell its writer why, with `note`.

    Raises AlreadyDecided, on a second call too.
    """
    refused = _decide(
        comment=comment,
        version=version,
        expected=Comment.State.HELD,
        state=Comment.State.REFUSED,
        verb=Decision.Verb.REFUSED,
        by=by,
        at=at,
        reason=reason,
        note=note,
    )
    _tell("comments.refused", refused)
    return refused


@transaction.atomic
def undo_decision(*, comment: Comment, version: int, by: User, at: datetime) -> Comment:
    """Put a published, refused or taken-down comment back in the queue; mail that has not left is stopped.

    Raises AlreadyDecided when it changed since `version`, or is held.
    """
    if comment.state == Comment.State.HELD:
        raise AlreadyDecided(comment, comment.decisions.select_related("by").last())
    kinds = ("comments.published", "comments.answered", "comments.refused")
    void_mail(dedupe_keys=[f"{kind}:{comment.pk}:{version}" for kind in kinds], reason="superseded")
    return _decide(
        comment=comment,
        version=version,
        expected=Comment.State(comment.state),
        state=Comment.State.HELD,
        verb=Decision.Verb.UNDONE,
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw_comment(*, comment: Comment, version: int, note: str, by: User, at: datetime) -> Comment:
    """Take a published comment down, for its writer's sake or another reason; `note` is for the team only.

    It leaves page, feed and permalink at once, with the answers below it. Raises AlreadyDecided.
    """
    return _decide(
        comment=comment,
        version=version,
        expected=Comment.State.PUBLISHED,
        state=Comment.State.WITHDRAWN,
        verb=Decision.Verb.WITHDRAWN,
        by=by,
        at=at,
        note=note,
    )
