"""What staff type about decisions and letters, and how somebody's word was heard."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.letters import PLACEHOLDERS, Text, unknown_placeholders
from applications.models import Application
from applications.models.selection import Verdict
from cohorts.dates import DatePartsField
from cohorts.forms import PlainForm, long_text


def unknown_text(names: list[str]) -> str:
    """What is wrong with a letter's braces, and what may stand in them."""
    braces = "{" + "}, {".join(names) + "}"
    known = "{" + "}, {".join(PLACEHOLDERS) + "}"
    return _("We do not know %(names)s. What can stand in braces: %(known)s.") % {"names": braces, "known": known}


class DecisionForm(PlainForm):
    """One verdict about one application."""

    verdict = forms.ChoiceField(
        label=_("What do you want to tell them?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to tell them.")},
    )
    answer_by = DatePartsField(
        label=_("Last day to answer (for an offer)"), what="the last day to answer", required=False
    )
    reserve_rank = forms.IntegerField(
        label=_("Number on the reserve list"),
        help_text=_("1 is next. Leave it empty for the end of the list."),
        min_value=1,
        max_value=5000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("The number must be a whole number, such as 3."),
            "min_value": _("The number must be 1 or more."),
            "max_value": _("The number must be 5,000 or less."),
        },
    )
    words = forms.CharField(
        label=_("Your own words for them"),
        help_text=_(
            "They stand in their letter alone, before the farewell. Leave it empty if the usual letter is enough."
        ),
        max_length=2000,
        required=False,
        widget=long_text(rows=4),
    )

    def __init__(self, *args: Any, application: Application, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["verdict"]
        is_on_list = application.state == Application.State.RESERVE
        left_out = {Verdict.RESERVE} if is_on_list else set()
        if not application.is_pair:
            left_out.add(Verdict.OFFER)
            del self.fields["answer_by"]
        if is_on_list:
            del self.fields["reserve_rank"]
        field.choices = [(verdict.value, verdict.label) for verdict in Verdict if verdict not in left_out]

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None and day <= self.today:
            raise ValidationError(_("The last day to answer must be after today."))
        return day


class SeveralForm(PlainForm):
    """One verdict for several applications, each ticked."""

    applications = forms.ModelMultipleChoiceField(
        queryset=Application.objects.none(),
        to_field_name="reference",
        label=_("Applications"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one application."), "invalid_choice": _("Tick them again.")},
    )
    verdict = forms.ChoiceField(
        label=_("What do you want to tell them?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to tell them.")},
    )


class LetterTextForm(PlainForm):
    subject = forms.CharField(label=_("Subject"), max_length=150, error_messages={"required": _("Enter a subject.")})
    body = forms.CharField(
        label=_("Letter"),
        max_length=6000,
        widget=long_text(rows=18),
        error_messages={"required": _("Enter the letter.")},
    )

    @classmethod
    def of(cls, text: Text) -> dict[str, str]:
        return {"subject": text.subject, "body": text.body}

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        return self._checked("body")

    def _checked(self, name: str) -> str:
        value: str = self.cleaned_data[name]
        unknown = unknown_placeholders(value)
        if unknown:
            raise ValidationError(unknown_text(unknown))
        return value


class HeardForm(PlainForm):
    """How the team heard somebody's own word."""

    how = forms.CharField(
        label=_("How did you hear it?"),
        help_text=_("For example: by telephone on Tuesday, they rang."),
        max_length=300,
        error_messages={"required": _("Write down how you heard it, such as “by telephone today”.")},
    )


class AnswerForm(PlainForm):
    """One's own yes or no to a place; the next page asks whether it is so."""

    answer = forms.ChoiceField(
        label=_("Would you like the place?"),
        choices=[("yes", _("Yes, I would like it")), ("no", _("No, thank you"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
