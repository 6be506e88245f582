"""What can be asked of a log: every filter in its address, and how the page says which are in effect."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from learning_log.finding.log import Log
from learning_log.models import Entry

LONGEST_QUESTION = 200


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

    def __init__(self, data: Mapping[str, Any], log: Log) -> None:
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
