"""What staff type to make a pair, and what the person invited says about themselves."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.models import User
from cohorts.dates import DatePartsField
from cohorts.forms import PlainForm, long_text
from cohorts.zones import zone_choices
from pairs.review_dates import first_review_on, last_review_on


def email_field(label: Any, *, missing: Any = "") -> forms.EmailField:
    return AddressField(
        label=label,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": missing or _("Enter an email address, such as name@example.org."),
            "invalid": _("Enter an email address in the right form, such as name@example.org."),
        },
    )


class ChallengeForm(PlainForm):
    challenge = forms.CharField(
        label=_("Shared challenge"),
        help_text=_("What the two want to make better, in a few words. For example: Going home on a Friday."),
        max_length=200,
        error_messages={"required": _("Enter the shared challenge.")},
    )
    challenge_summary = forms.CharField(
        label=_("More about the challenge"), max_length=4000, required=False, widget=long_text()
    )
    funding = forms.CharField(
        label=_("How it is funded"),
        help_text=_("If that is known yet."),
        max_length=200,
        required=False,
    )


class PairForm(ChallengeForm):
    professional_email = email_field(
        _("The professional’s email address"), missing=_("Enter the professional’s email address.")
    )
    professional_name = forms.CharField(
        label=_("The professional’s name"),
        help_text=_("Their partner sees it as you write it here."),
        max_length=200,
        required=False,
    )
    partner_email = email_field(
        _("The patient partner’s email address"), missing=_("Enter the patient partner’s email address.")
    )
    partner_name = forms.CharField(
        label=_("The patient partner’s name"),
        help_text=_("Their partner sees it as you write it here."),
        max_length=200,
        required=False,
    )
    field_order = (
        "professional_email",
        "professional_name",
        "partner_email",
        "partner_name",
        "challenge",
        "challenge_summary",
        "funding",
    )


class QuietForm(PlainForm):
    """Until when to stay under the radar, at most a year from `today`."""

    review_on = DatePartsField(
        what=gettext("the date"),
        label=_("When shall we ask whether you go on?"),
        help_text=_("It does not end by itself on that day. At most a year from now."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"review_on": first_review_on(today)}, **kwargs)
        self.today = today

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if not self.today < day <= last_review_on(self.today):
            raise forms.ValidationError(_("Choose a day after today and within a year."))
        return day


class InviteForm(PlainForm):
    email = email_field(_("Email address"))
    name = forms.CharField(
        label=_("Name"), help_text=_("Their partner sees it as you write it here."), max_length=200, required=False
    )


# ---- The person invited: one question a page ----


class NameForm(PlainForm):
    name = forms.CharField(
        label=_("What is your name?"),
        help_text=_("Your partner and the programme team see it. Write it as you like to be called."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )


class SignInForm(PlainForm):
    CODE, PASSWORD = "code", "password"

    way = forms.ChoiceField(
        label=_("How would you like to sign in?"),
        choices=[
            (CODE, _("With a code we email to you each time")),
            (PASSWORD, _("With a password")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you would like to sign in.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Only if you chose a password. At least 12 characters; three or four words work well."),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = User(email=email, name=name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("way") != self.PASSWORD:
            return cleaned
        if not cleaned.get("password"):
            self.add_error("password", _("Enter a password, or choose a code instead."))
            return cleaned
        try:
            validate_password(cleaned["password"], user=self._person)
        except forms.ValidationError as error:
            self.add_error("password", error)
        return cleaned


SUGGESTED_WORDS = ("patient", "carer", "service user", "citizen", "community member", "volunteer")


class WordForm(PlainForm):
    called = forms.CharField(
        label=_("Which word describes you best?"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "words", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, is_partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["called"].help_text = (
            _("For example: patient, carer, service user, citizen. Any word of your own is good, too.")
            if is_partner
            else _("For example: nurse, occupational therapist, practice manager. Any word of your own is good, too.")
        )


class ZoneForm(PlainForm):
    time_zone = forms.ChoiceField(
        label=_("Which time zone are you in?"),
        help_text=_("We show the times of sessions in your own time."),
        choices=zone_choices,
        initial="Europe/London",
    )
