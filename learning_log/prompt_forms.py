"""A set of questions as staff edit it: its rows can be added, moved and taken out without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learning_log.actions import Questions

MOST_QUESTIONS = 12
Row = tuple[str, str]  # a question and its hint
_TEXT = {"class": "form-control", "autocomplete": "off"}


class PromptSetForm(forms.Form):
    """One edition. `rows` says how many questions the page shows; those left empty are not asked."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As writers choose it. For example: A quick note."),
        max_length=100,
        error_messages={
            "required": _("Give the set a name."),
            "max_length": _("Make the name shorter: 100 letters at most."),
        },
        widget=forms.TextInput(_TEXT),
    )
    purpose = forms.CharField(
        label=_("What it is good for"),
        help_text=_("One or two short sentences, under the name."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Make this shorter: 300 letters at most.")},
        widget=forms.Textarea(_TEXT | {"rows": 2}),
    )
    position = forms.IntegerField(
        label=_("Its place in the list"),
        help_text=_("1 stands first."),
        min_value=1,
        max_value=999,
        error_messages={
            "required": _("Write a number, such as 3."),
            "invalid": _("Write a number, such as 3."),
            "min_value": _("Write a number from 1 to 999."),
            "max_value": _("Write a number from 1 to 999."),
        },
        widget=forms.TextInput(_TEXT | {"inputmode": "numeric"}),
    )
    number = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.count = rows
        for place in range(rows):
            self.fields[f"question_{place}"] = _text(format_lazy(_("Question {number}"), number=place + 1), 300)
            self.fields[f"hint_{place}"] = _text(_("Hint"), 500)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"question_{place}"], self[f"hint_{place}"]) for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        pairs = [
            (cleaned.get(f"question_{place}", ""), cleaned.get(f"hint_{place}", "")) for place in range(self.count)
        ]
        for place, (question, hint) in enumerate(pairs):
            if hint and not question and f"question_{place}" not in self.errors:
                self.add_error(f"question_{place}", _("Write the question that this hint belongs to."))
        if not self.errors and not any(question for question, _hint in pairs):
            self.add_error("question_0", _("Write at least one question."))
        return cleaned

    @property
    def questions(self) -> Questions:
        """What was written, once the form is valid."""
        cleaned = self.cleaned_data
        pairs = [(cleaned[f"question_{place}"], cleaned[f"hint_{place}"]) for place in range(self.count)]
        asked = tuple(pair for pair in pairs if pair[0])
        return Questions(cleaned["name"], cleaned["purpose"], cleaned["position"], asked)


def rows_in(data: Mapping[str, str]) -> list[Row]:
    """The rows of a form that was sent, as they stand on the page; at least one."""
    places = [place for place in range(MOST_QUESTIONS) if f"question_{place}" in data]
    return [(data[f"question_{place}"], data.get(f"hint_{place}", "")) for place in places] or [("", "")]


def rearranged(rows: list[Row], deed: str) -> list[Row]:
    """`rows` after "add", "up-2", "down-2" or "remove-2" (counted from 0); anything else leaves them alone."""
    verb, _dash, number = deed.partition("-")
    place = int(number) if number.isdecimal() and len(number) < 3 else -1
    if verb == "add" and len(rows) < MOST_QUESTIONS:
        return [*rows, ("", "")]
    if not 0 <= place < len(rows):
        return rows
    if verb == "remove":
        return rows[:place] + rows[place + 1 :] or [("", "")]
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= other < len(rows):
        moved = list(rows)
        moved[place], moved[other] = moved[other], moved[place]
        return moved
    return rows


def initial_rows(rows: list[Row]) -> dict[str, str]:
    """What the fields of these rows start from."""
    return {
        name: words
        for place, (question, hint) in enumerate(rows)
        for name, words in ((f"question_{place}", question), (f"hint_{place}", hint))
    }


def _text(label: Any, most: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        error_messages={"max_length": _("Make this shorter: %(limit_value)d letters at most.")},
        widget=forms.TextInput(_TEXT),
    )
