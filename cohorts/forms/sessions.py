"""What staff type about a session."""

from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.dates import DatePartsField
from cohorts.forms.fields import ClockField, PlainForm, long_text
from cohorts.models import Cohort, Session
from cohorts.schedules import is_skipped


class SessionForm(PlainForm):
    title = forms.CharField(
        label=_("What is it called"),
        max_length=200,
        error_messages={"required": _("Enter what the session is called.")},
    )
    held_on = DatePartsField(label=_("Day"), what="the day")
    starts_at = ClockField(
        label=_("Start time"),
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the start time."),
            "invalid": _("Start time must be a time of day, such as 14:00 or 2pm."),
        },
    )
    duration_minutes = forms.IntegerField(
        label=_("How many minutes"),
        min_value=5,
        max_value=24 * 60,
        initial=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many minutes it takes."),
            "invalid": _("Minutes must be a whole number, such as 90."),
            "min_value": _("It must be at least 5 minutes."),
            "max_value": _("It can be at most 1,440 minutes, which is one day."),
        },
    )
    place = forms.CharField(
        label=_("Where"),
        help_text=_("The address, or how to join by telephone."),
        max_length=300,
        required=False,
    )
    online_link = forms.URLField(
        label=_("Link to join online"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a web address that starts with https://")},
    )
    access_notes = forms.CharField(
        label=_("Getting in and taking part"),
        help_text=_("For example: step-free, hearing loop, breaks every hour."),
        max_length=2000,
        required=False,
        widget=long_text(rows=3),
    )

    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "held_on",
        "starts_at",
        "duration_minutes",
        "place",
        "online_link",
        "access_notes",
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.fields["starts_at"].help_text = _("In the cohort’s time zone, %(zone)s. For example, 14:00") % {
            "zone": cohort.time_zone.replace("_", " ")
        }

    @classmethod
    def of(cls, session: Session) -> dict[str, Any]:
        return {name: getattr(session, name) for name in cls.FIELDS}

    def clean_starts_at(self) -> Any:
        starts_at = self.cleaned_data["starts_at"]
        held_on = self.cleaned_data.get("held_on")
        must_exist(held_on, starts_at, time_zone=self.cohort.time_zone)
        return starts_at


def must_exist(held_on: date | None, starts_at: time, *, time_zone: str) -> None:
    """Raises ValidationError for a time that the clocks jump over."""
    if held_on and is_skipped(held_on=held_on, starts_at=starts_at, time_zone=time_zone):
        raise forms.ValidationError(
            _("The clocks go forward on that day, so this time does not exist. Choose another.")
        )
