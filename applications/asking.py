"""Which questions an application asks, of whom; what an answer may be. No database in here but what it is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from applications.models import Applicant, Application, Question
from applications.starter import TIMES_OF_THE_WEEK

Of, When, Kind = Question.AskedOf, Question.AskedWhen, Question.Kind
MAX_SHORT, MAX_LONG = 300, 6000


def questions_for(application: Application, questions: Iterable[Question]) -> list[Question]:
    """Those of `questions` that this kind of application asks at all."""
    wanted = {When.ALWAYS, When.PAIR if application.is_pair else When.SEEKING}
    return [one for one in questions if one.asked_when in wanted]


def own_questions(questions: Iterable[Question], side: str) -> list[Question]:
    """What one person answers for themselves."""
    return [one for one in questions if one.asked_of in {Of.EACH, side}]


def shared_questions(questions: Iterable[Question]) -> list[Question]:
    return [one for one in questions if one.asked_of == Of.TOGETHER]


def is_shared(question: Question) -> bool:
    return question.asked_of == Of.TOGETHER


def is_for_partner(question: Question) -> bool:
    """Whether the other of the two reads the answer: AnswerQuerySet's rule, of a question of one person's own."""
    kept = {Question.Meaning.REACH, Question.Meaning.NEVER_WITH}
    return question.seen_by == Question.SeenBy.PARTNER and question.meaning not in kept


def is_answered(question: Question, value: object) -> bool:
    """Whether `value` says anything. *No* is an answer."""
    if question.kind == Kind.YES_NO:
        return isinstance(value, bool)
    return bool(value)


def missing(questions: Iterable[Question], values: Mapping[int, Any]) -> list[Question]:
    """Required questions without an answer; `values` by the question's id."""
    return [one for one in questions if one.is_required and not is_answered(one, values.get(one.pk))]


def choices_of(question: Question) -> list[str]:
    return TIMES_OF_THE_WEEK if question.kind == Kind.TIMES else [str(choice) for choice in question.choices]


def clean_value(question: Question, value: Any) -> Any:
    """The value as it is kept, without what its question does not offer. Raises ValueError for a wrong shape."""
    if question.kind in {Kind.SOME_OF, Kind.TIMES}:
        given = {str(one) for one in (value or [])}
        return [choice for choice in choices_of(question) if choice in given]
    if question.kind == Kind.YES_NO:
        if value is None or isinstance(value, bool):
            return value
        raise ValueError(value)
    text = str(value or "").replace("\r\n", "\n").replace("\x00", "").strip()
    if question.kind == Kind.ONE_OF and text and text not in choices_of(question):
        raise ValueError(value)
    if len(text) > (MAX_LONG if question.kind == Kind.LONG else MAX_SHORT):
        raise ValueError(value)
    return text


def is_complete(applicant: Applicant) -> bool:
    """Whether the built-in part about the person is filled in."""
    return bool(applicant.name)
