"""A cohort's questions: begun from the starter, edited as the next set, published when ready. Managers do this."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.exceptions import MeaningTaken, QuestionLeftOut, QuestionsMissing
from applications.models import Question, QuestionSet
from applications.starter import STARTER
from cohorts.actions.rows import set_fields
from cohorts.models import Cohort

COPIED = (
    "key", "position", "text", "hint", "asked_of", "asked_when", "kind", "choices", "seen_by", "meaning", "is_required",
)  # fmt: skip


def published_set(cohort: Cohort) -> QuestionSet | None:
    """The set that an application begun now gets."""
    return cohort.question_sets.exclude(published_at=None).order_by("-number").first()


@transaction.atomic
def publish_starter(*, cohort: Cohort, by: User | None, at: datetime | None = None) -> QuestionSet:
    """Give a cohort without questions the starter's. One that has some keeps them. Raises CohortArchived."""
    locked = cohorts.actions.lock(cohort)
    there = published_set(locked)
    if there:
        return there
    at = at or timezone.now()
    questions = QuestionSet.objects.create(
        cohort=locked, number=_next_number(locked), made_by=by, made_at=at, published_at=at
    )
    _ask_the_starter(questions)
    audit.record(verb="questions.published", by=by, target=questions, cohort=locked.pk, number=questions.number)
    return questions


def _ask_the_starter(questions: QuestionSet) -> None:
    Question.objects.bulk_create(
        Question(question_set=questions, position=position, **one) for position, one in enumerate(STARTER, 1)
    )


@transaction.atomic
def open_next_set(*, cohort: Cohort, by: User, at: datetime | None = None) -> QuestionSet:
    """The set that staff edit now: the unpublished one, or a copy of the newest, or the starter.

    Raises CohortArchived.
    """
    locked = cohorts.actions.lock(cohort)
    waiting = locked.question_sets.filter(published_at=None).first()
    if waiting:
        return waiting
    at = at or timezone.now()
    newest = published_set(locked)
    following = QuestionSet.objects.create(cohort=locked, number=_next_number(locked), made_by=by, made_at=at)
    if newest is None:
        _ask_the_starter(following)
    else:
        Question.objects.bulk_create(
            Question(question_set=following, **{name: getattr(one, name) for name in COPIED})
            for one in newest.questions.all()
        )
    audit.record(verb="questions.begun", by=by, target=following, cohort=locked.pk, number=following.number)
    return following


@transaction.atomic
def save_question(
    *, cohort: Cohort, by: User, question: Question | None = None, seen: str = "", **fields: Any
) -> Question:
    """Add a question at the end, or change one, in the unpublished set; `question` may stand in an older set.

    The key stays what it was, so that answers can be compared. The same question added twice is there once. `seen` is
    the mark of what the form showed (cohorts.marks). Raises CohortArchived, ChangedMeanwhile, QuestionLeftOut, and
    MeaningTaken when another question means the same.
    """
    editing = open_next_set(cohort=cohort, by=by)
    if question is None:
        if there := editing.questions.filter(**fields).first():
            return there
        last = editing.questions.aggregate(last=Max("position"))["last"] or 0
        _refuse_taken_meaning(editing, fields.get("meaning", ""), key="")
        key = _free_key(editing, fields["text"])
        saved = Question.objects.create(question_set=editing, key=key, position=last + 1, **fields)
    else:
        found = editing.questions.select_for_update().filter(key=question.key).first()
        if found is None:
            raise QuestionLeftOut
        saved = found
        _refuse_taken_meaning(editing, fields.get("meaning", ""), key=found.key)
        set_fields(saved, fields, seen=seen)
    audit.record(verb="question.saved", by=by, target=saved, cohort=cohort.pk)
    return saved


@transaction.atomic
def remove_question(*, cohort: Cohort, by: User, key: str) -> None:
    """Leave a question out of the next set; a second call changes nothing. Raises CohortArchived."""
    editing = open_next_set(cohort=cohort, by=by)
    removed, _by_model = editing.questions.filter(key=key).delete()
    if removed:
        audit.record(verb="question.removed", by=by, target=editing, cohort=cohort.pk)


@transaction.atomic
def move_question(*, cohort: Cohort, by: User, key: str, up: bool) -> None:
    """Change places with the question before or after; at either end nothing happens. Raises CohortArchived."""
    editing = open_next_set(cohort=cohort, by=by)
    ordered = list(editing.questions.all())
    here = next((place for place, one in enumerate(ordered) if one.key == key), None)
    if here is None:
        return
    there = here - 1 if up else here + 1
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    for position, one in enumerate(ordered, 1):
        one.position = position
    Question.objects.bulk_update(ordered, ["position"])
    audit.record(verb="question.moved", by=by, target=editing, cohort=cohort.pk)


@transaction.atomic
def publish_next_set(*, cohort: Cohort, by: User, at: datetime | None = None) -> QuestionSet:
    """Ask these from now on; applications already begun keep theirs.

    A second click returns the set that stands. Raises QuestionsMissing for an empty set, and CohortArchived.
    """
    locked = cohorts.actions.lock(cohort)
    waiting = locked.question_sets.filter(published_at=None).first()
    if waiting is None:
        return publish_starter(cohort=locked, by=by)
    if not waiting.questions.exists():
        raise QuestionsMissing
    waiting.published_at = at or timezone.now()
    waiting.save(update_fields=["published_at"])
    audit.record(verb="questions.published", by=by, target=waiting, cohort=locked.pk, number=waiting.number)
    return waiting


@transaction.atomic
def drop_next_set(*, cohort: Cohort, by: User) -> None:
    """Throw away what was edited and not published; a second call changes nothing. Raises CohortArchived."""
    locked = cohorts.actions.lock(cohort)
    waiting = locked.question_sets.filter(published_at=None).first()
    if waiting:
        audit.record(verb="questions.dropped", by=by, target=waiting, cohort=locked.pk, number=waiting.number)
        waiting.questions.all().delete()
        waiting.delete()


def _refuse_taken_meaning(editing: QuestionSet, meaning: str, *, key: str) -> None:
    if meaning and editing.questions.filter(meaning=meaning).exclude(key=key).exists():
        raise MeaningTaken


def _next_number(cohort: Cohort) -> int:
    return (cohort.question_sets.aggregate(last=Max("number"))["last"] or 0) + 1


def _free_key(questions: QuestionSet, text: str) -> str:
    """A short name for a new question, unlike any that this cohort has ever used."""
    used = set(Question.objects.filter(question_set__cohort_id=questions.cohort_id).values_list("key", flat=True))
    base = slugify(text)[:30].strip("-") or "question"
    if base not in used:
        return base
    return next(key for number in range(2, len(used) + 3) if (key := f"{base}-{number}") not in used)
