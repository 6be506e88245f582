"""What people type into a log. A refused form comes back with every word as it was."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.dates import DatePartsField
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


class FormKeyField(forms.CharField):
    """Names the form as it was handed out. A broken one is a new one: it is nothing a person could put right."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()


class EntryForm(forms.Form):
    """An entry as its author writes it, new or again."""

    use_required_attribute = False

    title = WrittenField(
        label=_("Give it a title"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Make the title shorter: 200 letters at most.")},
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    happened_on = DatePartsField(
        what=gettext("the date"),
        label=_("When did it happen?"),
        help_text=_("For example, 27 3 2026. Leave it empty for today."),
        required=False,
    )
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
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the five, or none.")},
    )
    form_key = FormKeyField()
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, pairs: Sequence[Pair] = (), **kwargs: Any) -> None:
        """`today` is the writer's own. With more than one of `pairs`, the form asks whose log it is."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.today, self.pairs = today, {pair.pk: pair for pair in pairs}
        if len(self.pairs) > 1:
            self.fields["pair"] = forms.TypedChoiceField(
                label=_("Whose log is this for?"),
                choices=[(pk, pair.challenge) for pk, pair in self.pairs.items()],
                coerce=int,
                widget=forms.RadioSelect,
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
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    @property
    def chosen_pair(self) -> Pair:
        return self.pairs[self.cleaned_data["pair"]] if len(self.pairs) > 1 else next(iter(self.pairs.values()))


class VersionForm(forms.Form):
    """A click on a page that showed one version: the click is about those words and no others."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ResponseForm(forms.Form):
    """An answer under an entry."""

    use_required_attribute = False

    body = WrittenField(
        label=_("Your answer"),
        max_length=20_000,
        error_messages={
            "required": _("Write an answer first."),
            "max_length": _("Make the answer shorter: 20,000 letters at most."),
        },
        widget=forms.Textarea({"class": "form-control", "rows": 4, "dir": "auto", "autocomplete": "off"}),
    )
    form_key = FormKeyField()

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key
