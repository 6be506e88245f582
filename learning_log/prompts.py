"""The sets of questions that a new installation begins with. Staff edit them from there; entries keep what they had.

The words are ours. *What? So what? Now what?* goes back to Borton (1970), the cycle to Gibbs (1988); the five are
the approaches of *Patients as partners* (DESIGN §2).
"""

from dataclasses import dataclass
from datetime import datetime

from learning_log.models import PromptSet


@dataclass(frozen=True)
class Set:
    """A set as it is first offered; questions with their hints."""

    key: str
    name: str
    purpose: str
    questions: tuple[tuple[str, str], ...]


FIRST_SETS = (
    Set(
        "what",
        "What? So what? Now what?",
        "When something happened and you want to make sense of it.",
        (
            ("What happened?", "As you saw it. Leave out names, wards and dates that point to one person."),
            ("So what does it mean to you?", "What you felt, what surprised you, what it says about working together."),
            ("Now what?", "What you would like to try, ask or leave alone."),
        ),
    ),
    Set(
        "quick",
        "A quick note",
        "Three lines are enough. On a tired day, one is.",
        (
            ("Something that happened", ""),
            ("Something I felt", ""),
            ("Something I want to remember", ""),
        ),
    ),
    Set(
        "conversation",
        "A conversation we had",
        "After talking with your partner, or with somebody you hope to influence.",
        (
            ("What was said?", "Who was in the room, in general words, and what they came for."),
            ("What did you think but not say?", ""),
            ("What would you like to ask your partner?", ""),
        ),
    ),
    Set(
        "gibbs",
        "Round the cycle",
        "Six steps after Gibbs, for something you want to look at from all sides. It suits an appraisal.",
        (
            ("What happened?", "Only the events."),
            ("What were you thinking and feeling?", ""),
            ("What was good about it, and what was not?", ""),
            ("What sense can you make of it?", "What helped, what hindered, what somebody else might say."),
            ("What else could you have done?", ""),
            ("If it came again, what would you do?", ""),
        ),
    ),
    Set(
        "five",
        "The five approaches",
        "When you look back over some weeks. Answer as many as speak to you.",
        (
            ("Finding each other: what did you learn about your partner?", ""),
            ("The relationship: what did you put into it?", ""),
            ("Learning: what did you make time for?", ""),
            ("Energy: where was it, and where was it not?", ""),
            ("Embedding: what has changed for anybody else?", "A person, a team, an organisation, the local system."),
        ),
    ),
)


def install(*, at: datetime) -> None:
    """Offer each set whose key has never been used. Called after every migration; changes nothing the second time."""
    known = set(PromptSet.objects.values_list("key", flat=True))
    PromptSet.objects.bulk_create(
        [
            PromptSet(
                key=one.key,
                number=1,
                name=one.name,
                purpose=one.purpose,
                questions=[{"question": question, "hint": hint} for question, hint in one.questions],
                position=position,
                created_at=at,
            )
            for position, one in enumerate(FIRST_SETS, start=1)
            if one.key not in known
        ],
        ignore_conflicts=True,
    )
