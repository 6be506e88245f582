"""On which days somebody wants to be reminded."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from learning_log.models import Nudge

MONDAY = date(2024, 1, 1)


def _weekdays() -> list[tuple[int, str]]:
    return [(number, date_format(MONDAY + timedelta(days=number), "l")) for number in range(7)]


class NudgeForm(forms.Form):
    """Never, unless somebody chooses days."""

    use_required_attribute = False
    sometimes_required = ("weekdays",)
    NEVER, ON_DAYS = "never", "days"

    wish = forms.ChoiceField(
        label=_("Would you like a reminder?"),
        choices=[(NEVER, _("None: do not remind me")), (ON_DAYS, _("Yes, on the days I tick"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you would like a reminder.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=_weekdays, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    hour = forms.TypedChoiceField(
        label=_("Hour"),
        help_text=_("By your own clock, as your settings have it."),
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        error_messages={"required": _("Choose an hour.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @staticmethod
    def of(nudge: Nudge | None) -> dict[str, Any]:
        """What somebody has chosen, as the form's initial values."""
        if nudge is None:
            return {"wish": NudgeForm.NEVER, "hour": 9}
        return {"wish": NudgeForm.ON_DAYS, "weekdays": nudge.weekdays, "hour": nudge.hour}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("wish") == self.ON_DAYS and "weekdays" in cleaned and not cleaned["weekdays"]:
            self.add_error("weekdays", _("Tick at least one day, or choose “None”."))
        return cleaned

    @property
    def days(self) -> list[int]:
        """The days chosen, once the form is valid; none when somebody wants none."""
        return list(self.cleaned_data["weekdays"]) if self.cleaned_data["wish"] == self.ON_DAYS else []
