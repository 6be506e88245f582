"""What people type when they apply."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import AddressField
from applications import asking
from applications.forms.week import WeekWidget
from applications.models import Applicant, Application, Question
from cohorts.forms import PlainForm, long_text
from cohorts.zones import zone_choices

Kind = Question.Kind


def address_field(label: Any, **more: Any) -> forms.EmailField:
    return AddressField(
        label=label,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter an email address."),
            "invalid": gettext_lazy("Enter an email address in the correct form, like name@example.org"),
        },
        **more,
    )


class AddressForm(PlainForm):
    email = address_field(
        gettext_lazy("What is your email address?"),
        help_text=gettext_lazy("We send you a code, so that you can stop and come back from any device."),
    )


class CodeForm(PlainForm):
    code = forms.CharField(
        label=gettext_lazy("Which code did we send you?"),
        help_text=gettext_lazy("Six figures. It can take a minute to arrive; look in your junk mail, too."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Enter the six figures from the mail.")},
    )


class BeginForm(PlainForm):
    """Together or alone, and on which side."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How would you like to apply?"),
        choices=[
            (Application.Kind.PAIR, gettext_lazy("Together with somebody I know")),
            (Application.Kind.SEEKING, gettext_lazy("Alone: please help me to find a partner")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how you would like to apply.")},
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Which of the two are you?"),
        choices=[
            (
                Applicant.Side.PARTNER,
                gettext_lazy("The patient partner: a patient, carer, service user or member of the community"),
            ),
            (Applicant.Side.PROFESSIONAL, gettext_lazy("The professional: I work in health or care")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which of the two you are.")},
    )


class AboutForm(PlainForm):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        help_text=gettext_lazy("Only the programme team sees it. Leave it empty if you would rather not be rung."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Your time zone"),
        help_text=gettext_lazy("So that we show times as they are where you live."),
        choices=zone_choices,
    )

    email = AddressField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy(
            "Read it back letter by letter: whoever has it can read and change this part. Leave it empty if they have "
            "none: then everything is told by telephone."
        ),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter an email address in the correct form, like name@example.org")},
    )
    field_order = ("name", "email", "phone", "time_zone")

    def __init__(self, *args: Any, person: Applicant, is_heard: bool, **kwargs: Any) -> None:
        """`is_heard`: of somebody whose words staff write down. Everybody else has the address that let them in."""
        super().__init__(*args, initial={name: getattr(person, name) for name in self.field_order}, **kwargs)
        self._is_heard = is_heard
        if not is_heard:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_heard and not cleaned.get("email") and not cleaned.get("phone") and "email" not in self.errors:
            self.add_error("phone", _("Enter a telephone number or an email address."))
        return cleaned


class AnswerForm(PlainForm):
    """One question as a form of one field. An empty answer can be saved; it is asked for again before sending.

    `version` is the one the page shows, so that a save names what it saw.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, question: Question, value: Any = None, version: int = 0) -> None:
        super().__init__(data, initial={"answer": shown(question, value), "version": version})
        self.question = question
        self.fields["answer"] = field_for(question)
        self.order_fields(["answer", "version"])

    def full_clean(self) -> None:
        """An empty answer is saved like any other; whether it may stay empty is only shown."""
        self.fields["answer"].required = False
        super().full_clean()
        self.fields["answer"].required = self.question.is_required

    def clean_answer(self) -> Any:
        return asking.clean_value(self.question, kept(self.question, self.cleaned_data["answer"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "version" in self.errors:
            del self.errors["version"]  # somebody changed a hidden field; the question simply stands as new
            cleaned["version"] = 0
        return cleaned


def field_for(question: Question) -> forms.Field:
    """The field a question's kind asks for; its label is the heading of the page."""
    label = format_html("<h1>{}</h1>", question.text)
    about: dict[str, Any] = {"label": label, "help_text": question.hint, "required": question.is_required}
    choices = [(choice, choice) for choice in asking.choices_of(question)]
    if question.kind == Kind.LONG:
        return forms.CharField(max_length=asking.MAX_LONG, widget=long_text(rows=7), **about)
    if question.kind == Kind.YES_NO:
        yes_no = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
        return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **about)
    if question.kind == Kind.ONE_OF:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **about)
    if question.kind == Kind.SOME_OF:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **about)
    if question.kind == Kind.TIMES:
        return forms.MultipleChoiceField(choices=choices, widget=WeekWidget, **about)
    return forms.CharField(max_length=asking.MAX_SHORT, **about)


def shown(question: Question, value: Any) -> Any:
    """A kept value as the form shows it."""
    if question.kind == Kind.YES_NO:
        return {True: "yes", False: "no"}.get(value, "")
    return value


def kept(question: Question, given: Any) -> Any:
    """What the form gave, as it is kept."""
    if question.kind == Kind.YES_NO:
        return {"yes": True, "no": False}.get(given)
    return given


class PartnerForm(PlainForm):
    sometimes_required = ("email", "phone")

    name = forms.CharField(
        label=gettext_lazy("Their name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter their name.")},
    )
    email = address_field(
        gettext_lazy("Their email address"),
        help_text=gettext_lazy("We write to them once, say that it is you who asks, and nothing of what you answered."),
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("Or their telephone number"),
        help_text=gettext_lazy(
            "If they have no email address: the programme team rings them, reads them what the two of you wrote "
            "together and what you meant for a partner, and writes down their part."
        ),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, own_address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own_address = own_address

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address and address == self._own_address:
            raise forms.ValidationError(_("This is your own address. Enter the address of the other person."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("email") and not cleaned.get("phone") and "email" not in self.errors:
            self.add_error("email", _("Enter their email address, or a telephone number."))
        return cleaned


class HelperForm(PlainForm):
    email = address_field(
        gettext_lazy("The email address of the person who helps you"),
        help_text=gettext_lazy("They must have signed in here once before."),
    )
    how = forms.CharField(
        label=gettext_lazy("How did they agree to it?"),
        help_text=gettext_lazy("For example: on the telephone today, in her own words."),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter how and when they said so.")},
    )

    def __init__(self, *args: Any, is_heard: bool, **kwargs: Any) -> None:
        """`is_heard`: written down by staff. Whoever asks for help themselves agrees by asking."""
        super().__init__(*args, **kwargs)
        if not is_heard:
            del self.fields["how"]


class HeardForm(PlainForm):
    """How a person's yes was heard, by whoever writes it down."""

    how = forms.CharField(
        label=gettext_lazy("How did you hear it?"),
        help_text=gettext_lazy("For example: on the telephone today, after I had read all answers back."),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter how and when they said yes.")},
    )


class AssistedForm(PlainForm):
    """Who is on the telephone, or sent the paper."""

    sometimes_required = ("partner_name", "partner_phone", "professional_name", "professional_phone")

    route = forms.ChoiceField(
        label=gettext_lazy("How does it reach you?"),
        choices=[
            (Application.Route.TELEPHONE, gettext_lazy("On the telephone, or face to face")),
            (Application.Route.PAPER, gettext_lazy("On paper")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it reaches you.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Who applies?"),
        choices=[
            (Application.Kind.PAIR, gettext_lazy("Two people together")),
            ("seeking-partner", gettext_lazy("A patient partner who looks for a professional")),
            ("seeking-professional", gettext_lazy("A professional who looks for a patient partner")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who applies.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side in (Applicant.Side.PARTNER, Applicant.Side.PROFESSIONAL):
            who = {"who": side.label.lower()}
            self.fields[f"{side}_name"] = forms.CharField(
                label=_("The %(who)s’s name") % who, max_length=200, required=False
            )
            self.fields[f"{side}_email"] = AddressField(
                label=_("The %(who)s’s email address") % who,
                help_text=_("Leave it empty if they have none: then everything is told by telephone."),
                required=False,
                error_messages={"invalid": _("Enter an email address in the correct form, like name@example.org")},
            )
            self.fields[f"{side}_phone"] = forms.CharField(
                label=_("The %(who)s’s telephone number") % who, max_length=40, required=False
            )

    @property
    def people(self) -> dict[str, dict[str, str]]:
        """Name, email and phone by side, of those who apply."""
        return {
            side: {part: self.cleaned_data.get(f"{side}_{part}", "") for part in ("name", "email", "phone")}
            for side in sides_of(self.cleaned_data["kind"])
        }

    @property
    def application_kind(self) -> str:
        return Application.Kind.PAIR if self.cleaned_data["kind"] == Application.Kind.PAIR else Application.Kind.SEEKING

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        addresses = []
        for side in sides_of(cleaned.get("kind", "")):
            if not cleaned.get(f"{side}_name"):
                self.add_error(f"{side}_name", _("Enter their name."))
            address = (cleaned.get(f"{side}_email") or "").lower()
            if not address and not cleaned.get(f"{side}_phone") and f"{side}_email" not in self.errors:
                self.add_error(f"{side}_phone", _("Enter a telephone number or an email address."))
            if address and address in addresses:
                self.add_error(f"{side}_email", _("The two have the same address. Leave one empty if they share it."))
            addresses.append(address)
        return cleaned


def sides_of(kind: str) -> list[str]:
    chosen: Mapping[str, list[str]] = {
        Application.Kind.PAIR: [Applicant.Side.PARTNER, Applicant.Side.PROFESSIONAL],
        "seeking-partner": [Applicant.Side.PARTNER],
        "seeking-professional": [Applicant.Side.PROFESSIONAL],
    }
    return chosen.get(kind, [])
