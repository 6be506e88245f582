"""What a person chooses about their mail, and what a manager looks for in the outbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import LedgerRow


class PreferencesForm(forms.Form):
    """One box for each category that can be switched off."""

    reminder = forms.BooleanField(
        label=_("Reminders of sessions"), required=False, help_text=_("Two days before a session.")
    )
    nudge = forms.BooleanField(
        label=_("Reminders to write"), required=False, help_text=_("On days you choose yourself, if you choose any.")
    )
    digest = forms.BooleanField(
        label=_("Weekly digest"), required=False, help_text=_("On Monday morning: what is new for you, in one message.")
    )

    @property
    def choices(self) -> dict[str, bool]:
        return {category.value: bool(self.cleaned_data[category.value]) for category in kinds.OPTIONAL}


class OutboxFilters(forms.Form):
    """Filters in the address; anything it cannot read is left out."""

    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("state", [("", _("All, those needing you first")), *LedgerRow.State.choices])
        self._choices("kind", [("", _("Any")), *((kind.name, kind.title) for kind in kinds.every())])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def value(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)
