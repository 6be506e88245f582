"""Words, phrases and letters, looked for in a log."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.lookups import GreaterThan

from learning_log.finding.log import Log, words_of
from learning_log.models import VersionAttachment
from learning_log.querysets import VoiceVersionQuerySet

# Scripts that put no space between words: there a search looks for the very letters.
_SPACELESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_LETTER = re.compile(r"[^\W_]")
_LAST_WORD = re.compile(r"(?:^|\s)([^\W_]+)$")


def is_by_letters(asked: str) -> bool:
    """A script without spaces, or no word at all (an emoji): looked for letter by letter."""
    return bool(_SPACELESS.search(asked)) or not _LETTER.search(asked)


def by_letters(asked: str) -> list[str]:
    """What must all be found, letter by letter."""
    return [term for term in (part.strip("\"'“”") for part in asked.split()) if term]


def last_word(asked: str) -> str:
    """The word still being typed: its beginning is enough. Empty inside quotes and after a minus."""
    found = _LAST_WORD.search(asked)
    return found[1] if found and asked.count('"') % 2 == 0 else ""


def with_words(log: Log, asked: str) -> set[int]:
    """Those that hold what is asked: words, "a phrase", one or another, -without; the last word may be unfinished."""
    words = words_of(log)
    found = _with_letters(words, by_letters(asked)) if is_by_letters(asked) else _answering(words, log, asked)
    return set(found.values_list("voice__entry_id", flat=True))


def _answering(words: VoiceVersionQuerySet, log: Log, asked: str) -> VoiceVersionQuerySet:
    """A joint entry is found by the moment's title, and not by what its writers called it before.

    The log knows these titles, and they go along: asked of the releases again for each row, a search took three times
    as long.
    """
    joint = {line.version: line.title for line in log.lines if line.is_joint}
    title = Case(
        When(voice__entry__is_joint=True, then=Func(_Among(joint), function="learning_log_vector")),
        default=F("searched__title"),
        output_field=SearchVectorField(),
    )
    last = last_word(asked)
    before = asked[: len(asked) - len(last)]
    query = Func(Value(asked), Value(before), Value(last), function="learning_log_asked", output_field=TextField())
    return words.filter(_Matches(_Beside(title, F("searched__words")), query))


def _with_letters(words: VoiceVersionQuerySet, terms: Sequence[str]) -> VoiceVersionQuerySet:
    if not terms:
        return words.none()
    whole = _together(F("moment_title"), _lines("answers"), F("next_step"), _lines("tags"))
    of_file = _together(F("attachment__name"), F("words"))
    for term in terms:
        files = VersionAttachment.objects.filter(_holds(of_file, term), version=OuterRef("pk"))
        words = words.filter(Q(_holds(whole, term)) | Q(Exists(files)))
    return words


class _Among(Func):
    """The text that stands for a row's id."""

    template = "((%(expressions)s])"
    arg_joiner = ")["
    output_field = TextField()

    def __init__(self, texts: Mapping[int, str]) -> None:
        ids = Value([*texts], output_field=ArrayField(BigIntegerField()))
        place = Func(ids, F("pk"), function="array_position", output_field=IntegerField())
        super().__init__(Value([*texts.values()], output_field=ArrayField(TextField())), place)


class _Matches(Func):
    """Whether a text search vector answers a query."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class _Beside(Func):
    """Two vectors as one, so that a title and its text answer together."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchVectorField()


class _Fold(Func):
    function = "learning_log_fold"
    output_field = TextField()


def _together(*texts: Any) -> Func:
    return Func(Value("\n"), *texts, function="concat_ws", output_field=TextField())


def _lines(array: str) -> Func:
    return Func(F(array), Value("\n"), function="array_to_string", output_field=TextField())


def _holds(text: Func, term: str) -> GreaterThan:
    place = Func(_Fold(text), _Fold(Value(term)), function="strpos", output_field=IntegerField())
    return GreaterThan(place, 0)
