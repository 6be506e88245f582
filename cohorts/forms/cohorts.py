"""What staff type about a cohort, and about how it takes applications."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cohorts.dates import DatePartsField
from cohorts.forms.fields import PlainForm, long_text
from cohorts.models import Cohort, Programme
from cohorts.zones import zone_choices


class CohortForm(PlainForm):
    name = forms.CharField(
        label=_("Name of the cohort"),
        help_text=_("A place and a year work well, such as Saltmarsh 2027."),
        max_length=200,
        error_messages={"required": _("Enter the name of the cohort.")},
    )
    places = forms.IntegerField(
        label=_("Places"),
        help_text=_("A place is for one pair: two people."),
        min_value=1,
        max_value=5000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many pairs can take part."),
            "invalid": _("Places must be a whole number, such as 12."),
            "min_value": _("There must be at least 1 place."),
            "max_value": _("There can be at most 5,000 places."),
        },
    )
    starts_on = DatePartsField(label=_("First day"), what="the first day")
    ends_on = DatePartsField(label=_("Last day"), what="the last day")
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Sessions are planned in this zone. 14:00 stays 14:00 when the clocks change."),
        choices=zone_choices,
        initial="Europe/London",
    )
    summary = forms.CharField(
        label=_("Anything to add about this cohort"), max_length=2000, required=False, widget=long_text(rows=3)
    )

    FIELDS: ClassVar[tuple[str, ...]] = ("name", "places", "starts_on", "ends_on", "time_zone", "summary")

    @classmethod
    def of(cls, cohort: Cohort) -> dict[str, Any]:
        return {name: getattr(cohort, name) for name in cls.FIELDS}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day must be the first day or later."))
        return cleaned


class ApplyingForm(PlainForm):
    """How a cohort takes applications and makes offers."""

    opens_on = DatePartsField(
        label=_("When applications open"),
        help_text=_(
            "While the cohort is a draft, the programme’s page tells people this day. "
            "You open the cohort yourself. For example, 14 9 2027"
        ),
        what="the day applications open",
        required=False,
    )
    apply_by = DatePartsField(
        label=_("Last day to apply"),
        help_text=_("People can send their application until midnight at the end of this day. For example, 14 11 2027"),
        what="the last day to apply",
        required=False,
    )
    offer_days = forms.IntegerField(
        label=_("Days to answer an offer"),
        help_text=_("People who are unwell need time. Two weeks is usual."),
        min_value=1,
        max_value=90,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many days people have to answer an offer."),
            "invalid": _("Days must be a whole number, such as 14."),
            "min_value": _("People need at least 1 day to answer."),
            "max_value": _("It can be at most 90 days."),
        },
    )
    offers_from_reserve = forms.BooleanField(
        label=_("Offer a place that comes free to the next on the reserve list by itself"), required=False
    )

    FIELDS: ClassVar[tuple[str, ...]] = ("opens_on", "apply_by", "offer_days", "offers_from_reserve")

    @classmethod
    def of(cls, cohort: Cohort) -> dict[str, Any]:
        return {name: getattr(cohort, name) for name in cls.FIELDS}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens_on, apply_by = cleaned.get("opens_on"), cleaned.get("apply_by")
        if opens_on and apply_by and apply_by < opens_on:
            self.add_error("apply_by", _("The last day to apply must be the day applications open or later."))
        return cleaned


class NewCohortForm(CohortForm):
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the programme."), "invalid_choice": _("Choose a programme on the list.")},
    )
    field_order = ("programme", *CohortForm.FIELDS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["programme"]
        field.queryset = Programme.objects.visible_to(user)
