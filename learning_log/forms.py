"""What people type into a log. A refused form comes back with every word as it was."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.dates import DatePartsField
from cohorts.models import Session
from config.markdown import normalise_newlines
from learning_log.actions import EntryText
from learning_log.models import Entry, PromptSet, VoiceVersion
from learning_log.models.entries import LONGEST_TEXT, MOST_TAGS
from pairs.models import Pair

TOO_LONG = _("This is longer than one entry can hold. Put the end of it into a second entry.")
FREE = {
    "question": _("Your words"),
    "hint": _("Three lines are as welcome as three pages."),
}
FILED = ("happened_on", "approaches", "tags", "session")


class WrittenField(forms.CharField):
    """Somebody's own words. Line ends become newlines; the one letter PostgreSQL cannot hold goes; all else stays.

    A browser is not told `max_length`: it would cut off, without a word, the end of what somebody pastes.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise_newlines(str(super().to_python(value) or "")).replace("\x00", "")

    def validate(self, value: Any) -> None:
        super().validate(value if value.strip() else "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


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


class TagsField(forms.CharField):
    """Words of the pair's own, with commas between them: up to MOST_TAGS, each of 40 letters at most, none twice."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list from one line of text
        text = str(super().to_python(value) or "").replace("\x00", "").replace("#", " ")
        found = (" ".join(tag.split()) for tag in text.split(","))
        return list({tag.casefold(): tag for tag in found if tag}.values())

    def validate(self, value: Any) -> None:
        if len(value) > MOST_TAGS:
            raise forms.ValidationError(_("Leave some out: an entry takes twelve at most."))
        if too_long := next((tag for tag in value if len(tag) > 40), None):
            raise forms.ValidationError(
                _("Make “%(tag)s…” shorter: 40 letters at most."), params={"tag": too_long[:20]}
            )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class EntryForm(forms.Form):
    """An entry as its author writes it, new or again: a box for each question of its prompt set, or one."""

    use_required_attribute = False
    needs_words = True

    title = WrittenField(
        label=_("Give it a title"),
        help_text=_("A few words by which you will know it again."),
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
    next_step = WrittenField(
        label=_("What is one next step?"),
        help_text=_("It will greet you when you next write. Leave it empty if there is none."),
        max_length=500,
        required=False,
        error_messages={"max_length": _("Make the next step shorter: 500 letters at most.")},
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    next_step_on = DatePartsField(
        what=gettext("the day"), label=_("By when?"), help_text=_("For example, 27 3 2027."), required=False
    )
    approaches = forms.MultipleChoiceField(
        label=_("Which of the five does this touch?"),
        choices=Entry.Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the five, or none.")},
    )
    tags = TagsField(
        label=_("Your own words to find it by"),
        help_text=_("With commas between them. For example: Friday, the chemist."),
        required=False,
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    form_key = FormKeyField()
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        today: date,
        prompt_set: PromptSet | None = None,
        pairs: Sequence[Pair] = (),
        sessions: Sequence[Session] = (),
        names_moment: bool = True,
        has_files: bool = False,
        listed_names: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """`today` is the writer's own. With more than one of `pairs`, the form asks whose log it is.

        `names_moment` is False for a joint entry, which has a title and a day of its own. With `has_files` the entry is
        one without a written word: somebody may have signed or spoken it. `listed_names` are those that the page points
        out while somebody writes.
        """
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.today, self.pairs, self.has_files = today, {pair.pk: pair for pair in pairs}, has_files
        self.session_names = {session.pk: str(session) for session in sessions}
        self.questions = prompt_set.questions if prompt_set else [FREE]
        for number, asked in enumerate(self.questions):
            self.fields[f"answer_{number}"] = _answer_field(asked, listed_names)
        if not names_moment:
            del self.fields["title"], self.fields["happened_on"]
        if sessions:
            self.fields["session"] = forms.TypedChoiceField(
                label=_("Does it belong to a session?"),
                choices=[("", _("No")), *self.session_names.items()],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )
        if len(self.pairs) > 1:
            self.fields["pair"] = forms.TypedChoiceField(
                label=_("Whose log is this for?"),
                choices=[(pk, pair.challenge) for pk, pair in self.pairs.items()],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a log.")},
            )

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[f"answer_{number}"] for number in range(len(self.questions))]

    @property
    def filed(self) -> list[forms.BoundField]:
        """The quiet fields, under which an entry is found again."""
        return [self[name] for name in FILED if name in self.fields]

    @property
    def is_filed(self) -> bool:
        """Something in the quiet fields wants to be seen: an error, or what was filled in. A day alone is not much."""
        return any(field.errors or (field.name != "happened_on" and field.value()) for field in self.filed)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split("\n")).strip()

    def clean_next_step(self) -> str:
        return " ".join(self.cleaned_data["next_step"].split("\n")).strip()

    def clean_happened_on(self) -> date | None:
        happened_on: date | None = self.cleaned_data["happened_on"]
        if happened_on and happened_on > self.today:
            raise forms.ValidationError(_("Write today’s date or one before it."))
        return happened_on

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        answers = [cleaned.get(f"answer_{number}", "") for number in range(len(self.questions))]
        if sum(map(len, answers)) > LONGEST_TEXT:
            self.add_error("answer_0", TOO_LONG)
        if self.needs_words and not self.has_files and not self.errors and not "".join(answers).strip():
            self.add_error("answer_0", _("Write something first. A few words are enough."))
        return cleaned

    @property
    def text(self) -> EntryText:
        """What was written, once the form is valid. An empty date means today."""
        cleaned = self.cleaned_data
        return EntryText(
            answers=tuple(cleaned[f"answer_{number}"] for number in range(len(self.questions))),
            happened_on=cleaned.get("happened_on") or self.today,
            title=cleaned.get("title", ""),
            approaches=tuple(cleaned["approaches"]),
            tags=tuple(cleaned["tags"]),
            next_step=cleaned["next_step"],
            next_step_on=cleaned["next_step_on"] if cleaned["next_step"] else None,
            session_id=cleaned.get("session"),
        )

    def text_of_moment(self, *, title: str, happened_on: date) -> EntryText:
        """The same for a side of a joint entry: the moment has its title and day already."""
        return replace(self.text, title=title, happened_on=happened_on)

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    @property
    def chosen_pair(self) -> Pair:
        return self.pairs[self.cleaned_data["pair"]] if len(self.pairs) > 1 else next(iter(self.pairs.values()))


class DraftForm(EntryForm):
    """An entry as the page saves it by itself: half of one is enough."""

    needs_words = False


def initial_of(version: VoiceVersion) -> dict[str, Any]:
    """What the form of an existing text starts from."""
    answers = {f"answer_{number}": words for number, words in enumerate(version.answers)}
    named = ("title", "happened_on", "next_step", "next_step_on", "approaches", "tags")
    filed = {name: getattr(version, name) for name in named}
    return {**answers, **filed, "session": version.session_id, "version": version.number}


def _answer_field(asked: dict[str, str], names: Sequence[str]) -> WrittenField:
    return WrittenField(
        label=asked["question"],
        help_text=asked.get("hint", ""),
        max_length=LONGEST_TEXT,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(
            {
                "class": "form-control writing",
                "rows": 6,
                "dir": "auto",
                "autocomplete": "off",
                "spellcheck": "true",
                "data-identifying": True,
                "data-names": json.dumps(list(names)),
            }
        ),
    )


class VersionForm(forms.Form):
    """A click on a page that showed one version: the click is about those words and no others."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
