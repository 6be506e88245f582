"""The questions a new cohort begins with. Staff change them as they like; what an answer means stays with its key."""

from typing import Any

from applications.models import Question

Of, When, Kind, Seen, Meaning = (
    Question.AskedOf,
    Question.AskedWhen,
    Question.Kind,
    Question.SeenBy,
    Question.Meaning,
)

TOPICS = [
    "Going home from hospital",
    "Living with a long-term condition",
    "Mental health",
    "Older people",
    "Children and young people",
    "The GP practice and the neighbourhood",
    "Cancer",
    "The end of life",
    "People who are not reached",
    "Something else",
]
LANGUAGES = ["English", "British Sign Language", "Welsh", "Polish", "Punjabi", "Urdu", "Bengali", "Arabic", "Another"]
TRAVEL = [
    "Only online or by telephone",
    "Close to home",
    "Anywhere in our local area",
    "Anywhere in the region",
]
CARE = ["No", "Yes", "I would rather talk about it"]

STARTER: list[dict[str, Any]] = [
    {
        "key": "about",
        "text": "Tell us a little about yourself",
        "hint": "A few lines are enough. Write as you would speak.",
        "asked_of": Of.EACH,
        "seen_by": Seen.PARTNER,
        "meaning": Meaning.ABOUT,
    },
    {
        "key": "brings",
        "text": "What do you bring?",
        "hint": "From care, from work, from life. All of it counts.",
        "asked_of": Of.EACH,
        "seen_by": Seen.PARTNER,
        "meaning": Meaning.BRINGS,
    },
    {
        "key": "interests",
        "text": "What would you like to work on?",
        "hint": "Choose as many as you like. It helps us to find somebody who cares about the same.",
        "asked_of": Of.EACH,
        "asked_when": When.SEEKING,
        "kind": Kind.SOME_OF,
        "choices": TOPICS,
        "seen_by": Seen.PARTNER,
        "meaning": Meaning.INTERESTS,
    },
    {
        "key": "times",
        "text": "When can you usually meet?",
        "hint": "Choose every time that often works. You can change it later.",
        "asked_of": Of.EACH,
        "kind": Kind.TIMES,
        "meaning": Meaning.TIMES,
    },
    {
        "key": "travel",
        "text": "How far can you travel to meet?",
        "asked_of": Of.EACH,
        "kind": Kind.ONE_OF,
        "choices": TRAVEL,
        "meaning": Meaning.TRAVEL,
    },
    {
        "key": "language",
        "text": "Which languages do you like to work in?",
        "asked_of": Of.EACH,
        "kind": Kind.SOME_OF,
        "choices": LANGUAGES,
        "meaning": Meaning.LANGUAGE,
    },
    {
        "key": "access",
        "text": "What do you need, so that you can take part?",
        "hint": "For example step-free rooms, breaks, large print, a carer’s time paid for. Leave it empty if nothing.",
        "asked_of": Of.EACH,
        "meaning": Meaning.ACCESS,
        "is_required": False,
    },
    {
        "key": "reach",
        "text": "How do we best reach you?",
        "hint": "For example: text me first; not before ten; ring and let it ring.",
        "asked_of": Of.EACH,
        "kind": Kind.SHORT,
        "meaning": Meaning.REACH,
        "is_required": False,
    },
    {
        "key": "care",
        "text": "Does one of you treat the other, or look after them at work?",
        "hint": "It does not stop you. We would like to talk about it before you start.",
        "asked_of": Of.EACH,
        "asked_when": When.PAIR,
        "kind": Kind.ONE_OF,
        "choices": CARE,
        "meaning": Meaning.CARE,
    },
    {
        "key": "never-with",
        "text": "Is there anybody you should not be paired with?",
        "hint": "Only the programme team reads this. You need not say why. Leave it empty if there is nobody.",
        "asked_of": Of.EACH,
        "asked_when": When.SEEKING,
        "meaning": Meaning.NEVER_WITH,
        "is_required": False,
    },
    {
        "key": "local-system",
        "text": "Which local health and care system are you part of?",
        "hint": "The hospital, the practice or the area. For example Saltmarsh and Fenby.",
        "asked_of": Of.TOGETHER,
        "kind": Kind.SHORT,
        "meaning": Meaning.LOCAL_SYSTEM,
    },
    {
        "key": "challenge",
        "text": "What do you want to make better together?",
        "hint": "One sentence. It is what people will call your work.",
        "asked_of": Of.TOGETHER,
        "asked_when": When.PAIR,
        "kind": Kind.SHORT,
        "meaning": Meaning.CHALLENGE,
    },
    {
        "key": "challenge-more",
        "text": "Why does it matter, and to whom?",
        "hint": "What happens today, and what would be different. A few lines are as welcome as a page.",
        "asked_of": Of.TOGETHER,
        "asked_when": When.PAIR,
        "meaning": Meaning.CHALLENGE_MORE,
    },
    {
        "key": "funding",
        "text": "Is there money or paid time for it?",
        "hint": "“Not yet” is a good answer.",
        "asked_of": Of.TOGETHER,
        "asked_when": When.PAIR,
        "kind": Kind.SHORT,
        "meaning": Meaning.FUNDING,
        "is_required": False,
    },
    {
        "key": "sponsor",
        "text": "Who in your organisation stands behind this?",
        "hint": "A name and a role. Leave it empty if there is nobody yet.",
        "asked_of": Of.TOGETHER,
        "asked_when": When.PAIR,
        "kind": Kind.SHORT,
        "meaning": Meaning.SPONSOR,
        "is_required": False,
    },
]

# Values of a question of kind TIMES: wall clock in the person's own zone.
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PARTS_OF_DAY = {"morning": (9, 12), "afternoon": (12, 17), "evening": (17, 21)}
TIMES_OF_THE_WEEK = [f"{day}-{part}" for day in DAYS for part in PARTS_OF_DAY]
