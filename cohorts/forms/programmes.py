"""What staff type about a programme."""

from typing import ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from cohorts.forms.fields import PlainForm, long_text
from cohorts.models import Programme


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
        validators=[RegexValidator(r"(\d\D*){6}", _("Enter the whole telephone number, such as 01632 960 143."))],
    )
    contact_email = AddressField(label=_("Email for questions"), required=False)

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
