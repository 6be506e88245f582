"""What of a cohort's applications is copied when it is cloned: what people are asked, scored against, and told."""

from datetime import datetime

from accounts.models import User
from applications.actions.questions import COPIED, published_set
from applications.models import Criterion, LetterText, Question, QuestionSet
from cohorts.models import Cohort


def copy_questions(source: Cohort, clone: Cohort, by: User, at: datetime) -> None:
    """The newest published set, as the clone's first. Questions still being edited stay with the source."""
    newest = published_set(source)
    if newest is None:
        return
    copied = QuestionSet.objects.create(cohort=clone, number=1, made_by=by, made_at=at, published_at=at)
    Question.objects.bulk_create(
        Question(question_set=copied, **{name: getattr(one, name) for name in COPIED}) for one in newest.questions.all()
    )


def copy_criteria(source: Cohort, clone: Cohort, by: User, at: datetime) -> None:
    """Those in use, without their scores."""
    Criterion.objects.bulk_create(
        Criterion(cohort=clone, text=one.text, guidance=one.guidance, position=one.position)
        for one in source.criteria.filter(retired_at=None)
    )


def copy_letter_texts(source: Cohort, clone: Cohort, by: User, at: datetime) -> None:
    """The cohort's own words; letters already written to people are not among them."""
    LetterText.objects.bulk_create(
        LetterText(cohort=clone, verdict=one.verdict, subject=one.subject, body=one.body, saved_by=by, saved_at=at)
        for one in source.letter_texts.order_by("pk")
    )
