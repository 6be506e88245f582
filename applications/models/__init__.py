"""What people ask for a place with, and what becomes of it: one noun a file."""

from applications.models.answers import Answer
from applications.models.application import Applicant, Application, StateChange
from applications.models.offers import Offer, OfferYes
from applications.models.questions import Question, QuestionSet
from applications.models.reviews import Conflict, Criterion, Note, Review, Reviewer, Score
from applications.models.selection import Decision, Letter, LetterText

__all__ = [
    "Answer",
    "Applicant",
    "Application",
    "Conflict",
    "Criterion",
    "Decision",
    "Letter",
    "LetterText",
    "Note",
    "Offer",
    "OfferYes",
    "Question",
    "QuestionSet",
    "Review",
    "Reviewer",
    "Score",
    "StateChange",
]
