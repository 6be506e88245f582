"""What staff type about programmes, cohorts and sessions."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cohorts.dates import DatePartsField
from cohorts.models import Cohort, Programme, Session
from cohorts.schedules import is_skipped
from cohorts.zones import zone_choices


class PlainForm(forms.Form):
    """Fields carry no colon, and the browser is never asked to check them."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def long_text(*, rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProgrammeForm(PlainForm):
    name = forms.CharField(
        label=_("Name of the programme"),
        max_length=200,
        error_messages={"required": _("Enter the name of the programme.")},
    )
    charity = forms.CharField(
        label=_("Which charity runs it"), max_length=200, error_messages={"required": _("Enter the charity’s name.")}
    )
    summary = forms.CharField(
        label=_("What it is, in a few sentences"),
        help_text=_("This is public once a cohort is open, or has a day on which applications open."),
        max_length=2000,
        required=False,
        widget=long_text(),
    )
    who_for = forms.CharField(
        label=_("Who it is for"),
        help_text=_("Say it to patients, carers and communities first, and name the places it serves."),
        max_length=2000,
        required=False,
        widget=long_text(),
    )
    led_by = forms.CharField(
        label=_("Who leads it"),
        help_text=_("Names, and a line about each person."),
        max_length=2000,
        required=False,
        widget=long_text(),
    )
    paid_for = forms.CharField(
        label=_("What is paid for"),
        help_text=_("For example travel, a carer’s time, and payment for patient partners."),
        max_length=2000,
        required=False,
        widget=long_text(),
    )
    contact_phone = forms.CharField(
        label=_("Telephone for questions"),
        help_text=_("It stands at the top of the programme’s page. Many people would rather ring."),
        max_length=40,
        required=False,
    )
    contact_email = forms.EmailField(label=_("Email for questions"), required=False)

    FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "charity",
        "summary",
        "who_for",
        "led_by",
        "paid_for",
        "contact_phone",
        "contact_email",
    )

    @classmethod
    def of(cls, programme: Programme) -> dict[str, str]:
        return {name: getattr(programme, name) for name in cls.FIELDS}


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
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = Programme.objects.visible_to(user)


class SessionForm(PlainForm):
    title = forms.CharField(
        label=_("What is it called"),
        max_length=200,
        error_messages={"required": _("Enter what the session is called.")},
    )
    held_on = DatePartsField(label=_("Day"), what="the day")
    starts_at = forms.TimeField(
        label=_("Start time"),
        input_formats=["%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M%p", "%I%p"],
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
        if held_on and is_skipped(held_on=held_on, starts_at=starts_at, time_zone=self.cohort.time_zone):
            raise forms.ValidationError(
                _("The clocks go forward on that day, so this time does not exist. Choose another.")
            )
        return starts_at


class FacilitatorForm(PlainForm):
    user = forms.ModelChoiceField(
        label=_("Facilitator"),
        help_text=_("Only people with the facilitator role are on the list."),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a facilitator."), "invalid_choice": _("Choose somebody on the list.")},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        holders = User.objects.filter(
            role_assignments__role=Role.FACILITATOR, role_assignments__revoked_at=None, is_active=True
        )
        leading = cohort.staff_assignments.live().values("user")
        field.queryset = holders.exclude(pk__in=leading).order_by("name", "email")
