"""What staff type while they match."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms import PlainForm
from cohorts.models import Cohort
from pairs.matching.loading import looking_in


class SameSystemForm(PlainForm):
    """Two names, as people wrote them, of one local system."""

    name = forms.ChoiceField(label=_("This name"), error_messages={"required": _("Choose a name.")})
    other_name = forms.ChoiceField(
        label=_("is the same local system as"), error_messages={"required": _("Choose the other name.")}
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = looking_in(cohort).exclude(application__local_system="")
        written = sorted(set(names.values_list("application__local_system", flat=True)), key=str.casefold)
        for field in ("name", "other_name"):
            choices = [("", _("Choose")), *((name, name) for name in written)]
            self.fields[field].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("name") and cleaned.get("name") == cleaned.get("other_name"):
            self.add_error("other_name", _("Choose two different names."))
        return cleaned


class HeardForm(PlainForm):
    """An answer that somebody gave to staff."""

    answer = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[("yes", _("They would like to meet")), ("no", _("Not this time"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they said.")},
    )
    heard = forms.CharField(
        label=_("How did you hear it?"),
        help_text=_("For example: by telephone on Monday, with her daughter."),
        max_length=300,
        error_messages={"required": _("Enter how you heard it.")},
    )
