"""What one person may know of the other before both have agreed to meet: a first name or their word, and what they
wrote for a partner to read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Answer, Applicant, Question
from applications.starter import TIMES_OF_THE_WEEK
from pairs.matching.explain import time_label

TITLES = frozenset(
    ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "rev", "reverend", "sister", "nurse"]
)


@dataclass(frozen=True)
class Told:
    """One answer, under its question."""

    question: str
    words: list[str]
    is_list: bool


def first_name(person: Applicant) -> str:
    """A first name, or the word the person chose; never a surname, so nothing of a name that begins with a title."""
    words = person.name.split()
    if words and words[0].strip(".").casefold() not in TITLES:
        return words[0]
    if person.user and person.user.called:
        return person.user.called
    if person.side == Applicant.Side.PROFESSIONAL:
        return _("A health or care professional")
    return _("A patient, carer or member of the community")


def told_of(person: Applicant) -> list[Told]:
    """What this person wrote knowing that a partner reads it."""
    for_partner = Answer.objects.filter(applicant=person, question__seen_by=Question.SeenBy.PARTNER)
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
        words = [time_label(str(one)) if one in TIMES_OF_THE_WEEK else str(one) for one in value]
        return Told(question.text, words, is_list=True)
    return Told(question.text, [str(value)], is_list=False)
