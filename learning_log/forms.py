"""What people type into a log. A refused form comes back with every word as it was."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.markdown import normalise_newlines
from learning_log.actions import EntryText
from learning_log.models import LONGEST_TEXT, Entry
from pairs.models import Pair


class WrittenField(forms.CharField):
    """Somebody's own words. Line ends become newlines; the one letter PostgreSQL cannot hold goes; all else stays."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise_newlines(str(super().to_python(value) or "")).replace("\x00", "")

    def validate(self, value: Any) -> None:
        super().validate(value if value.strip() else "")


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year in three boxes, as people write dates by hand."""

    template_name = "learning_log/widgets/date_parts.html"

    def __init__(self) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control"}
        super().__init__(
            widgets={
                "day": forms.TextInput({**box, "maxlength": 2}),
                "month": forms.TextInput({**box, "maxlength": 2}),
                "year": forms.TextInput({**box, "maxlength": 4, "class": "form-control form-control-year"}),
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DatePartsField(forms.MultiValueField):
    """A date that exists. All three boxes empty is no date."""

    widget = DatePartsWidget

    def __init__(self, **kwargs: Any) -> None:
        parts = tuple(forms.CharField(required=False) for _part in ("day", "month", "year"))
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> date | None:
        if not any(data_list):
            return None
        try:
            day, month, year = (int(part) for part in data_list)
            found = date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(_("Write a date that exists, such as 27 3 2026.")) from error
        if found.year < 1900:
            raise forms.ValidationError(_("Write the year with four numbers, such as 2026."))
        return found


class EntryForm(forms.Form):
    """An entry as its author writes it, new or again."""

    title = WrittenField(
        label=_("Give it a title"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Make the title shorter: 200 letters at most.")},
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    happened_on = DatePartsField(label=_("When did it happen?"), required=False)
    body = WrittenField(
        label=_("Your words"),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write something first. A few words are enough."),
            "max_length": _("This is longer than one entry can hold. Put the end of it into a second entry."),
        },
        widget=forms.Textarea({"class": "form-control writing", "rows": 12, "dir": "auto", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label=_("Which of the five does this touch?"),
        choices=[("", _("None of them, or not sure")), *Entry.Theme.choices],
        required=False,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"invalid_choice": _("Choose one of the five, or none.")},
    )
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, pairs: Sequence[Pair] = (), **kwargs: Any) -> None:
        """`today` is the writer's own. With more than one of `pairs`, the form asks whose log it is."""
        super().__init__(*args, **kwargs)
        self.today, self.pairs = today, {pair.pk: pair for pair in pairs}
        if len(self.pairs) > 1:
            self.fields["pair"] = forms.TypedChoiceField(
                label=_("Whose log is this for?"),
                choices=[(pk, pair.challenge) for pk, pair in self.pairs.items()],
                coerce=int,
                widget=forms.RadioSelect({"class": "form-check-input"}),
                error_messages={"required": _("Choose a log.")},
            )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split("\n")).strip()

    def clean_happened_on(self) -> date | None:
        happened_on: date | None = self.cleaned_data["happened_on"]
        if happened_on and happened_on > self.today:
            raise forms.ValidationError(_("Write today’s date or one before it."))
        return happened_on

    @property
    def text(self) -> EntryText:
        """What was written, once the form is valid. An empty date means today."""
        cleaned = self.cleaned_data
        return EntryText(
            body=cleaned["body"],
            happened_on=cleaned["happened_on"] or self.today,
            title=cleaned["title"],
            theme=cleaned["theme"],
        )

    @property
    def key(self) -> uuid.UUID:
        return self.cleaned_data["form_key"] or uuid.uuid4()

    @property
    def chosen_pair(self) -> Pair:
        return self.pairs[self.cleaned_data["pair"]] if len(self.pairs) > 1 else next(iter(self.pairs.values()))


class VersionForm(forms.Form):
    """A click on a page that showed one version: the click is about those words and no others."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ResponseForm(forms.Form):
    """An answer under an entry."""

    body = WrittenField(
        label=_("Your answer"),
        max_length=20_000,
        error_messages={
            "required": _("Write an answer first."),
            "max_length": _("Make the answer shorter: 20,000 letters at most."),
        },
        widget=forms.Textarea({"class": "form-control", "rows": 4, "dir": "auto", "autocomplete": "off"}),
    )
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def key(self) -> uuid.UUID:
        return self.cleaned_data["form_key"] or uuid.uuid4()
