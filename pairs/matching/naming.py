"""What one person may know of the other before both have agreed to meet: a first name or their word, and what they
wrote for a partner to read."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Answer, Applicant, Question
from applications.starter import TIMES_OF_THE_WEEK
from applications.week_words import in_words
from pairs.matching.people import TITLES

# How they are reached, and whom they would rather not meet: never for a partner, whoever the question says may read it.
NEVER_TOLD = (Question.Meaning.REACH, Question.Meaning.NEVER_WITH)


@dataclass(frozen=True)
class Told:
    """One answer, under its question."""

    question: str
    words: list[str]
    is_list: bool


def first_name(person: Applicant) -> str:
    """A first name, or the word the person chose; never a surname, so nothing of a name that begins with a title."""
    surname, comma, first = person.name.partition(",")
    words = [] if "@" in person.name else re.split(r"[\s.]+", (first if comma else surname).strip(" ."))
    if words and words[0] and words[0].casefold() not in TITLES:
        return words[0]
    if person.user and person.user.called:
        return person.user.called
    if person.side == Applicant.Side.PROFESSIONAL:
        return _("A health or care professional")
    return _("A patient, carer or member of the community")


def told_of(person: Applicant) -> list[Told]:
    """What this person wrote knowing that a partner reads it."""
    for_partner = Answer.objects.filter(applicant=person, question__seen_by=Question.SeenBy.PARTNER)
    for_partner = for_partner.exclude(question__meaning__in=NEVER_TOLD)
    answers = for_partner.select_related("question").order_by("question__position")
    return [_told(one.question, one.value) for one in answers if one.value not in ("", [], None)]


def reach_of(person: Applicant) -> str:
    """How they said they are best reached; only once both have agreed."""
    found = Answer.objects.filter(applicant=person, question__meaning=Question.Meaning.REACH).first()
    return str(found.value) if found else ""


def _told(question: Question, value: Any) -> Told:
    if isinstance(value, bool):
        return Told(question.text, [_("Yes") if value else _("No")], is_list=False)
    if isinstance(value, list):
        words = [in_words(str(one)) if one in TIMES_OF_THE_WEEK else str(one) for one in value]
        return Told(question.text, words, is_list=True)
    return Told(question.text, [str(value)], is_list=False)
