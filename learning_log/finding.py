"""Finding entries again: filters, and a search. Both look only among the words that their reader may read now.

What is asked stands in the address and nowhere else: no term is stored or logged (docs/decisions/0010).
"""

import calendar
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.contrib.postgres.search import SearchVectorField
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThan
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from learning_log.models import Entry, Release, VersionAttachment, VoiceVersion
from learning_log.querysets import ReleaseQuerySet, VoiceVersionQuerySet
from learning_log.readers import reader_of

LONGEST_QUESTION = 200

# Scripts that put no space between words: there a search looks for the very letters.
_SPACELESS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_LETTER = re.compile(r"[^\W_]")
_LAST_WORD = re.compile(r"(?:^|\s)([^\W_]+)$")


# ---- What can be asked ----


class QuestionField(forms.CharField):
    """What somebody looks for, in their own words. Anything can be asked; what is too long is cut."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\x00", "").strip()[:LONGEST_QUESTION].strip()


class MonthField(forms.CharField):
    """A month ("2026-11") or a year: its first day, or with `to_end` its last."""

    widget = forms.TextInput({"class": "form-control", "type": "month", "placeholder": "2026-11"})

    def __init__(self, *, to_end: bool = False, **kwargs: Any) -> None:
        self.to_end = to_end
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # a day from one line of text
        text = str(super().to_python(value) or "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", text, re.ASCII)
        year, month = (int(found[1]), int(found[2] or (12 if self.to_end else 1))) if found else (0, 0)
        if not (date.min.year <= year < date.max.year and 1 <= month <= 12):
            raise forms.ValidationError(_("Write a month like 2026-11, or a year."))
        return date(year, month, calendar.monthrange(year, month)[1] if self.to_end else 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class MonthForm(forms.Form):
    """Which month the calendar shows."""

    month = MonthField(label=_("Month"), required=False)


class FindForm(forms.Form):
    """Every filter of the timeline. Made from the address; what it cannot use is left out and said."""

    use_required_attribute = False

    q = QuestionField(label=_("Words"), required=False)
    approach = forms.ChoiceField(label=_("Approach"), choices=[("", _("Any")), *Entry.Theme.choices], required=False)
    who = forms.ChoiceField(
        label=_("Who wrote"),
        choices=[
            ("", _("Anybody")),
            ("me", _("Me")),
            ("partner", _("My partner")),
            ("both", _("Both of us")),
            ("others", _("Other pairs")),
        ],
        required=False,
    )
    state = forms.ChoiceField(
        label=_("Who can read it"),
        choices=[
            ("", _("Any")),
            ("me", _("Only me")),
            ("pair", _("The two of us")),
            ("further", _("Others too")),
            ("waiting", _("Waiting for one of us")),
        ],
        required=False,
    )
    tag = forms.CharField(label=_("Tag"), required=False)
    since = MonthField(label=_("From"), required=False)
    until = MonthField(label=_("To"), to_end=True, required=False)
    session = forms.TypedChoiceField(label=_("Session"), coerce=int, empty_value=None, required=False)
    step = forms.ChoiceField(
        label=_("Next step"),
        choices=[("", _("With or without")), ("yes", _("With one")), ("no", _("Without"))],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], log: "Log") -> None:
        super().__init__(data)
        sessions: Any = self.fields["session"]
        sessions.choices = [("", _("Any")), *log.sessions.items()]
        self.has_sessions = bool(log.sessions)
        self.is_valid()

    @property
    def asked(self) -> dict[str, Any]:
        """The filters in effect."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def unused(self) -> list[str]:
        """Labels of what stood in the address and made no sense."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]

    @property
    def choices(self) -> list[forms.BoundField]:
        """The filters that offer a choice; sessions only where there is one to choose."""
        return [
            self[name] for name in ("approach", "who", "state", "step", *(["session"] if self.has_sessions else []))
        ]

    @property
    def open_more(self) -> bool:
        """A filter other than the words is in effect, so the page shows them all."""
        return bool(self.asked.keys() - {"q"})

    def in_words(self, name: str) -> str:
        """What one filter in effect asks for, as its reader would say it."""
        value = self.cleaned_data[name]
        choices: Any = getattr(self.fields[name], "choices", None)
        if choices is not None:
            return str(dict(choices)[value])
        return f"{value:%B %Y}" if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Chip:
    """A filter in effect, and the address without it."""

    label: str
    value: str
    without: str


def chips(form: FindForm, data: QueryDict) -> list[Chip]:
    return [
        Chip(str(form.fields[name].label), form.in_words(name), _without(data, name, "before")) for name in form.asked
    ]


def address(data: QueryDict) -> str:
    """The filters as they stand in the address, for the links to older entries."""
    return _without(data, "before")


def _without(data: QueryDict, *names: str) -> str:
    query = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in names and any(values):
            query.setlist(name, [value for value in values if value])
    return query.urlencode()


# ---- Where it looks ----


class Line(NamedTuple):
    """What a list needs to know of one version that its reader may read now."""

    version: int
    entry: int
    pair: int
    author: int | None
    is_joint: bool
    is_shared: bool
    title: str
    day: date
    approaches: list[str]
    tags: list[str]
    session: int | None
    session_title: str | None
    has_step: bool


@dataclass(frozen=True)
class Log:
    """What one person may read in their log at this moment: asked of the database once, and all else looks in here."""

    user: User
    pairs: frozenset[int]
    lines: Sequence[Line]

    @property
    def entries(self) -> set[int]:
        return {line.entry for line in self.lines}

    @cached_property
    def tags(self) -> list[str]:
        """Those that its reader can see, each once however it is spelled."""
        found = {tag.casefold(): tag for line in self.lines for tag in line.tags}
        return sorted(found.values(), key=str.casefold)

    @cached_property
    def sessions(self) -> dict[int, str]:
        return {line.session: str(line.session_title) for line in self.lines if line.session}

    def of_partner(self) -> set[int]:
        """Entries in which its reader reads somebody else of their pair."""
        return {one.entry for one in self.lines if one.author not in (None, self.user.pk) and one.pair in self.pairs}

    def own(self) -> set[int]:
        return {line.entry for line in self.lines if line.author == self.user.pk}

    def newest_first(self) -> list[Line]:
        return sorted(self.lines, key=lambda line: (line.day, line.entry), reverse=True)


def log_of(user: User) -> Log:
    """What they may read of their own pairs, and what others opened to them; what is there for everybody is a story.

    All of it is `read_by(user)`; this only leaves out.
    """
    pairs = frozenset(reader_of(user).pairs)
    entries = list(Entry.objects.in_log_of(user).values_list("pk", flat=True))
    found = VoiceVersion.objects.read_by(user, entries).with_moment()
    lines = [
        Line._make(values)
        for values in found.values_list(
            "pk", "voice__entry_id", "voice__entry__pair_id", "voice__author_id", "voice__entry__is_joint",
            _either(Q(voice__shared_at__isnull=False)), "moment_title", "moment_on", "approaches", "tags", "session_id",
            "session__title", _either(~Q(next_step="")),
        )
    ]  # fmt: skip
    return Log(user, pairs, lines)


def _either(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())


def words_of(lines: Iterable[Line]) -> VoiceVersionQuerySet:
    """The words behind these lines, ready to be shown."""
    versions = VoiceVersion.objects.filter(pk__in=[line.version for line in lines]).with_moment()
    shown: VoiceVersionQuerySet = versions.select_related("voice__entry__prompt_set", "voice__author")
    return shown


def releases_seen(user: User, entries: Collection[int]) -> ReleaseQuerySet:
    """Live releases of these that this person knows of: as one of the pair that gave its word, or as one they reach."""
    of_entries = Release.objects.filter(entry__in=entries)
    as_member = of_entries.of_member(user).values("pk")
    as_reader = of_entries.read_by(user).values("pk")
    return of_entries.live().filter(Q(pk__in=as_member) | Q(pk__in=as_reader))


# ---- Filters ----


def fitting(log: Log, asked: Mapping[str, Any]) -> Log:
    """Every readable line of the entries that fit all that is asked."""
    for name, value in asked.items():
        kept = _FILTERS[name](log, value)
        log = replace(log, lines=[line for line in log.lines if line.entry in kept])
    return log


def _with_approach(log: Log, approach: str) -> set[int]:
    return {line.entry for line in log.lines if approach in line.approaches}


def _with_tag(log: Log, tag: str) -> set[int]:
    """The same tag, however it is spelled."""
    wanted = tag.casefold()
    return {line.entry for line in log.lines if any(one.casefold() == wanted for one in line.tags)}


def _by(log: Log, who: str) -> set[int]:
    match who:
        case "me":
            return log.own()
        case "partner":
            return log.of_partner()
        case "both":
            return log.own() & log.of_partner()
        case _:
            return {line.entry for line in log.lines if line.pair not in log.pairs}


def _in_state(log: Log, state: str) -> set[int]:
    if state == "waiting":
        return _waiting(log)
    reached = set(releases_seen(log.user, log.entries).values_list("entry_id", flat=True))
    if state == "further":
        return reached
    is_shared = state == "pair"
    mine = (line for line in log.lines if line.pair in log.pairs or line.author == log.user.pk)
    shared = {line.entry for line in mine if line.is_shared}
    return (shared if is_shared else log.own() - shared) - reached


def _waiting(log: Log) -> set[int]:
    """For a word on a release, for one's own side of a joint entry, or for the partner's."""
    proposed = Release.objects.of_member(log.user).filter(
        Q(released_at=None, ended_at=None), entry__in=log.entries, ends_at__gt=timezone.now()
    )
    joint = {line.entry for line in log.lines if line.is_joint and line.pair in log.pairs}
    own_open = {one.entry for one in log.lines if one.author == log.user.pk and not one.is_shared}
    return set(proposed.values_list("entry_id", flat=True)) | (joint & own_open) | (joint - log.of_partner())


def _since(log: Log, day: date) -> set[int]:
    return {line.entry for line in log.lines if line.day >= day}


def _until(log: Log, day: date) -> set[int]:
    return {line.entry for line in log.lines if line.day <= day}


def _of_session(log: Log, session: int) -> set[int]:
    return {line.entry for line in log.lines if line.session == session}


def _with_step(log: Log, step: str) -> set[int]:
    with_one = {line.entry for line in log.lines if line.has_step}
    return with_one if step == "yes" else log.entries - with_one


# ---- Search ----


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


def _with_words(log: Log, asked: str) -> set[int]:
    """Those that hold what is asked: words, "a phrase", one or another, -without; the last word may be unfinished."""
    words = words_of(log.lines)
    found = _with_letters(words, by_letters(asked)) if is_by_letters(asked) else _answering(words, asked)
    return set(found.values_list("voice__entry_id", flat=True))


def _answering(words: VoiceVersionQuerySet, asked: str) -> VoiceVersionQuerySet:
    """A joint entry is found by the moment's title, and not by what its writers called it before."""
    title = Case(
        When(voice__entry__is_joint=True, then=Func(F("voice__entry__title"), function="learning_log_vector")),
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


def _together(*texts: Any) -> Func:
    return Func(Value("\n"), *texts, function="concat_ws", output_field=TextField())


def _lines(array: str) -> Func:
    return Func(F(array), Value("\n"), function="array_to_string", output_field=TextField())


def _holds(text: Func, term: str) -> GreaterThan:
    place = Func(_Fold(text), _Fold(Value(term)), function="strpos", output_field=IntegerField())
    return GreaterThan(place, 0)


_FILTERS: dict[str, Callable[[Log, Any], set[int]]] = {
    "approach": _with_approach,
    "who": _by,
    "state": _in_state,
    "tag": _with_tag,
    "since": _since,
    "until": _until,
    "session": _of_session,
    "step": _with_step,
    "q": _with_words,
}
