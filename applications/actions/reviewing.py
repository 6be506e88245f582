"""Who reads a cohort's applications, against what, and what they say of each.

Lock order: the cohort's row, then the application's. Every action raises CohortArchived. `at` left out is now.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

import cohorts.actions
from accounts import audit
from accounts.models import Role, User
from accounts.permissions import has_role
from applications.actions import states
from applications.exceptions import (
    ChangedElsewhere,
    ConflictOfInterest,
    CriterionScored,
    NotAReviewer,
    ReviewClosed,
    ScoresMissing,
)
from applications.models import Application, Conflict, Criterion, Decision, Note, Review, Reviewer, Score
from cohorts.actions.rows import set_fields
from cohorts.models import Cohort

# ---- The reviewers of a cohort ----


@transaction.atomic
def assign_reviewer(*, cohort: Cohort, user: User, by: User | None, at: datetime | None = None) -> Reviewer:
    """Let somebody review this cohort's applications; a second call returns the row there is.

    Called by a manager. Raises NotAReviewer for somebody without the role, and CohortArchived.
    """
    cohorts.actions.lock(cohort)
    if not has_role(user, Role.REVIEWER, Role.MANAGER):
        raise NotAReviewer
    reviewer, is_new = Reviewer.objects.get_or_create(
        cohort=cohort, user=user, ended_at=None, defaults={"assigned_by": by, "assigned_at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="reviewer.assigned", by=by, target=reviewer, cohort=cohort.pk, user=user.pk)
    return reviewer


@transaction.atomic
def end_reviewing(*, reviewer: Reviewer, by: User, at: datetime | None = None) -> None:
    """End somebody's reviewing of a cohort; what they handed in still counts. A second call changes nothing.

    Called by a manager.
    """
    cohorts.actions.lock(reviewer.cohort)
    ended = Reviewer.objects.live().filter(pk=reviewer.pk).update(ended_at=at or timezone.now())
    if ended:
        audit.record(verb="reviewer.ended", by=by, target=reviewer, cohort=reviewer.cohort_id, user=reviewer.user_id)


# ---- What proposals are scored against ----


def suggested_criteria() -> list[tuple[str, str]]:
    """Three to start from: text and guidance."""
    return [
        (
            _("It matters to patients, carers and communities"),
            _("Who would notice if it went well? Have they a say in it already?"),
        ),
        (
            _("The two can do it together"),
            _("Both bring something that the other has not. Neither is there to be helped or to help out."),
        ),
        (
            _("Something can change where they are"),
            _("Small and near is good. Somebody in the place wants it, or could be won."),
        ),
    ]


@transaction.atomic
def add_suggested_criteria(*, cohort: Cohort, by: User) -> list[Criterion]:
    """Begin with the three suggested ones; a cohort that has criteria keeps its own, and nothing changes.

    Called by a manager.
    """
    cohorts.actions.lock(cohort)
    if cohort.criteria.exists():
        return []
    return [_add(cohort, text, guidance, by) for text, guidance in suggested_criteria()]


@transaction.atomic
def add_criterion(*, cohort: Cohort, by: User, text: str, guidance: str = "") -> Criterion:
    """Add one at the end; a second call with the same words returns the first. Called by a manager.

    Raises CohortArchived.
    """
    cohorts.actions.lock(cohort)
    there = cohort.criteria.filter(text=text, guidance=guidance, retired_at=None).first()
    return there or _add(cohort, text, guidance, by)


@transaction.atomic
def edit_criterion(*, criterion: Criterion, by: User, text: str, guidance: str, seen: str = "") -> Criterion:
    """Change the words of one nobody has scored against. Called by a manager.

    `seen` is the mark of what the form showed. Raises CriterionScored, ChangedMeanwhile, and CohortArchived.
    """
    cohorts.actions.lock(criterion.cohort)
    # A score being written holds the row by its foreign key, so the question below is asked after it.
    locked = Criterion.objects.select_for_update().get(pk=criterion.pk)
    if locked.scores.exists():
        raise CriterionScored
    if set_fields(locked, {"text": text, "guidance": guidance}, seen=seen):
        audit.record(verb="criterion.edited", by=by, target=locked, cohort=locked.cohort_id)
    return locked


@transaction.atomic
def move_criterion(*, criterion: Criterion, by: User, down: bool) -> None:
    """Change places with the one above, or below; at an end nothing changes. Called by a manager."""
    cohorts.actions.lock(criterion.cohort)
    live = list(Criterion.objects.filter(cohort=criterion.cohort_id, retired_at=None))
    place = next((place for place, one in enumerate(live) if one.pk == criterion.pk), None)
    other = None if place is None else place + (1 if down else -1)
    if place is None or other is None or not 0 <= other < len(live):
        return
    live[place], live[other] = live[other], live[place]
    for position, one in enumerate(live, start=1):
        Criterion.objects.filter(pk=one.pk).exclude(position=position).update(position=position)
    audit.record(verb="criterion.moved", by=by, target=criterion, cohort=criterion.cohort_id)


@transaction.atomic
def retire_criterion(*, criterion: Criterion, by: User, at: datetime | None = None) -> None:
    """Ask for no more scores against it; those there are stay readable and no longer count towards the mean.

    Called by a manager. A second call changes nothing.
    """
    cohorts.actions.lock(criterion.cohort)
    retired = Criterion.objects.filter(pk=criterion.pk, retired_at=None).update(retired_at=at or timezone.now())
    if retired:
        audit.record(verb="criterion.retired", by=by, target=criterion, cohort=criterion.cohort_id)


def _add(cohort: Cohort, text: str, guidance: str, by: User) -> Criterion:
    last = cohort.criteria.order_by("-position").values_list("position", flat=True).first() or 0
    criterion = Criterion.objects.create(cohort=cohort, text=text, guidance=guidance, position=last + 1)
    audit.record(verb="criterion.added", by=by, target=criterion, cohort=cohort.pk)
    return criterion


# ---- One's own review ----


@transaction.atomic
def begin_review(*, application: Application, by: User, at: datetime | None = None) -> Review:
    """Say that one can read it fairly, with nothing scored yet; a second call returns the review there is.

    Called by the reviewer. Raises NotAReviewer, ConflictOfInterest and ReviewClosed.
    """
    locked = _lock_for_review(application, by)
    review, is_new = Review.objects.get_or_create(
        application=locked, user=by, defaults={"saved_at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="review.begun", by=by, target=review, application=locked.pk)
    return review


@transaction.atomic
def save_review(
    *,
    application: Application,
    by: User,
    version: int,
    points: Mapping[int, int],
    basis: str,
    note: str,
    hand_in: bool = False,
    at: datetime | None = None,
) -> Review:
    """Save one's own review as a draft, or hand it in. Called by the reviewer.

    `points` are 1 to 5 by the id of a live criterion; `version` is the one the page was opened with, 0 for none yet.
    Raises ChangedElsewhere with the review as it stands, ScoresMissing, NotAReviewer, ConflictOfInterest and
    ReviewClosed. What was handed in is taken back first, but for a page that showed it beside what was typed there.
    """
    at = at or timezone.now()
    locked = _lock_for_review(application, by)
    live = set(Criterion.objects.filter(cohort=locked.cohort_id, retired_at=None).values_list("pk", flat=True))
    if hand_in and (not live or live - set(points)):
        raise ScoresMissing
    review = _write(locked, by, version, basis=basis, note=note, saved_at=at, submitted_at=at if hand_in else None)
    review.scores.filter(criterion__retired_at=None).delete()
    Score.objects.bulk_create(
        Score(review=review, criterion_id=criterion, points=points[criterion])
        for criterion in sorted(live & set(points))
    )
    verb = "review.handed_in" if hand_in else "review.saved"
    audit.record(verb=verb, by=by, target=review, application=locked.pk)
    return review


@transaction.atomic
def take_back_review(*, application: Application, by: User, at: datetime | None = None) -> bool:
    """Make one's own review a draft again; False when it is none that was handed in. Called by the reviewer.

    Until a decision is released; then raises ReviewClosed. Raises NotAReviewer and ConflictOfInterest.
    """
    locked = _lock_for_review(application, by)
    mine = Review.objects.filter(application=locked, user=by, submitted_at__isnull=False)
    taken = mine.update(submitted_at=None, version=F("version") + 1, saved_at=at or timezone.now())
    if taken:
        audit.record(verb="review.taken_back", by=by, target=locked)
    return bool(taken)


def _lock(application: Application) -> Application:
    """Its cohort's row and its own, held. Raises CohortArchived."""
    cohorts.actions.lock(application.cohort)
    return states.lock(application)


def is_closed(application: Application) -> bool:
    """Whether its reviews stay as they are, because a decision has been released."""
    return Decision.objects.filter(application=application, released_at__isnull=False).exists()


def _lock_for_review(application: Application, by: User) -> Application:
    """The application's row, held: a conflict declared meanwhile, or a decision released, waits or has been seen."""
    locked = _lock(application)
    is_theirs = locked.applicants.live().filter(Q(user=by) | Q(helper=by)).exists()
    if is_theirs or Conflict.objects.filter(application=locked, user=by, ended_at=None).exists():
        raise ConflictOfInterest
    reviewing = Reviewer.objects.live().of(by).filter(cohort=locked.cohort_id)
    is_proposal = locked.is_pair and locked.sent_at is not None
    if not is_proposal or not reviewing.exists() or not has_role(by, Role.REVIEWER, Role.MANAGER):
        raise NotAReviewer
    if is_closed(locked):
        raise ReviewClosed
    return locked


def _write(application: Application, by: User, version: int, **fields: object) -> Review:
    """The first version, or the next after `version`; raises ChangedElsewhere when that is not what stands there."""
    mine = Review.objects.filter(application=application, user=by)
    if version == 0:
        try:
            with transaction.atomic():
                return Review.objects.create(application=application, user=by, **fields)
        except IntegrityError as error:
            raise ChangedElsewhere(mine.get()) from error
    if not mine.filter(version=version).update(version=version + 1, **fields):
        raise ChangedElsewhere(mine.first())
    return mine.get()


# ---- Conflicts of interest ----


@transaction.atomic
def declare_conflict(
    *, application: Application, user: User, by: User, reason: str = "", at: datetime | None = None
) -> Conflict:
    """Write down that `user` should not read this application; a second call returns the row there is.

    Called by the reviewer themselves or by a manager. From then on they do not see it, and their review of it,
    draft or handed in, does not count. Raises NotAReviewer for somebody who does not review its cohort.
    """
    locked = _lock(application)
    if not Reviewer.objects.live().of(user).filter(cohort=locked.cohort_id).exists():
        raise NotAReviewer
    conflict, is_new = Conflict.objects.get_or_create(
        application=locked,
        user=user,
        ended_at=None,
        defaults={"reason": reason, "declared_by": by, "declared_at": at or timezone.now()},
    )
    if is_new:
        audit.record(verb="conflict.declared", by=by, target=conflict, application=locked.pk, user=user.pk)
    return conflict


@transaction.atomic
def end_conflict(*, conflict: Conflict, by: User, at: datetime | None = None) -> None:
    """Let somebody read the application again after all; a second call changes nothing. Called by a manager."""
    locked = _lock(conflict.application)
    ended = Conflict.objects.filter(pk=conflict.pk, ended_at=None).update(ended_at=at or timezone.now())
    if ended:
        audit.record(verb="conflict.ended", by=by, target=conflict, application=locked.pk, user=conflict.user_id)


# ---- Notes ----


@transaction.atomic
def add_note(*, application: Application, by: User, text: str, at: datetime | None = None) -> Note:
    """Remember something of an application. Called by a manager; nobody but managers reads it."""
    cohorts.actions.lock(application.cohort)
    note = Note.objects.create(application=application, by=by, text=text, at=at or timezone.now())
    audit.record(verb="application.noted", by=by, target=note, application=application.pk)
    return note
