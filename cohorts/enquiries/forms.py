"""What the public types into an enquiry, and what managers type about it."""

import re
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressField
from accounts.models import User
from cohorts.dates import DatePartsField
from cohorts.enquiries.actions.receiving import Asked
from cohorts.enquiries.actions.rows import Step
from cohorts.enquiries.letters import Words
from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.querysets import managers
from cohorts.forms import PlainForm, long_text
from cohorts.models import Cohort, Programme
from config.plain_text import PlainLine, PlainText

ASKED_AS = [
    (Enquiry.Kind.INTEREST.value, _("I am interested in taking part")),
    (Enquiry.Kind.BESPOKE.value, _("I would like a programme for our organisation or area")),
    (Enquiry.Kind.QUESTION.value, _("I have a question")),
]
FEWEST_DIGITS = 6
MOST_OF_A_SUBJECT = 120  # in any script: a header of a mail has room for no more
FURTHEST_STEP = timedelta(days=2 * 366)


def digits_of(phone: str) -> str:
    return re.sub(r"\D", "", phone)


class AskForm(PlainForm):
    """An enquiry. It has no field for anything that the enquirer may not set."""

    sometimes_required = ("phone", "email")
    no_way_to_answer = _("Enter a telephone number or an email address, so that we can answer you.")

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ASKED_AS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    cohort = forms.ModelChoiceField(
        label=_("Is it about particular dates?"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("No, or I do not know yet"),
        error_messages={"invalid_choice": _("These dates are not offered any more. Choose again.")},
    )
    text = PlainText(
        label=_("What would you like to ask or tell us?"),
        help_text=_("A few words are enough. You do not have to tell us anything about your health."),
        max_length=4000,
        widget=long_text(rows=6),
        error_messages={
            "required": _("Write a few words, so that we know how to help."),
            "max_length": _("Shorten your words to 4,000 letters or fewer. They have %(show_value)s now."),
        },
    )
    name = PlainLine(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Enter your name."),
            "max_length": _("Shorten your name to 200 letters or fewer."),
        },
    )
    phone = PlainLine(
        label=_("Telephone"),
        help_text=_("Give us this, or an email address, or both."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"max_length": _("Enter one telephone number, such as 01632 960 143.")},
    )
    email = AddressField(
        label=_("Email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Enter an email address in the right form, like name@example.org.")},
    )
    reach = PlainLine(
        label=_("When and how do we reach you best?"),
        help_text=_("For example: ring after 4 in the afternoon, and let it ring for a while."),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Shorten this to 200 letters or fewer.")},
    )
    organisation = PlainLine(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"max_length": _("Shorten the organisation to 200 letters or fewer.")},
    )
    hp = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dates = cast("forms.ModelChoiceField[Cohort]", self.fields["cohort"])
        dates.queryset = programme.cohorts.told_of().order_by("starts_on", "pk")
        dates.to_field_name = "slug"

    def clean_phone(self) -> str:
        phone = cast(str, self.cleaned_data["phone"])
        if phone and len(digits_of(phone)) < FEWEST_DIGITS:
            raise ValidationError(_("Enter the whole telephone number, such as 01632 960 143."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"phone", "email"} & set(self.errors) and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", self.no_way_to_answer)
        return cleaned

    @property
    def asked(self) -> Asked:
        return Asked(**{name: value for name, value in self.cleaned_data.items() if name != "hp"})

    @property
    def person(self) -> str:
        """By what a person is counted: their address, or their telephone number without its spaces."""
        return self.cleaned_data["email"] or digits_of(self.cleaned_data["phone"])


class HeardForm(AskForm):
    """The same, as a manager writes it down for somebody on the telephone."""

    no_way_to_answer = _("Enter a telephone number or an email address, so that they can be answered.")

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Enquiry.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = PlainText(
        label=_("What do they ask or tell us?"),
        help_text=_("In their own words where you can. They may ask to see everything held about them."),
        max_length=4000,
        widget=long_text(rows=6),
        error_messages={
            "required": _("Write down what they ask."),
            "max_length": _("Shorten this to 4,000 letters or fewer. It has %(show_value)s now."),
        },
    )
    name = PlainLine(
        label=_("Their name"),
        max_length=200,
        error_messages={
            "required": _("Enter their name."),
            "max_length": _("Shorten the name to 200 letters or fewer."),
        },
    )
    reach = PlainLine(
        label=_("When and how to reach them best"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Shorten this to 200 letters or fewer.")},
    )
    hp = None  # type: ignore[assignment]  # nobody but a person gets here
    field_order = ("kind", "text", "cohort", "name", "phone", "email", "reach", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _("This, or an email address, or both.")
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the browser knows the manager, not the caller


class StepForm(PlainForm):
    """What is to be done next, and by when: a part of nearly every form about an enquiry."""

    next_step = PlainLine(
        label=_("What comes next"),
        max_length=200,
        error_messages={
            "required": _("Enter what is to be done next."),
            "max_length": _("Shorten what comes next to 200 letters or fewer."),
        },
    )
    next_step_on = DatePartsField(label=_("By when"), what="the day by which it is to be done")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_step_on(self) -> date:
        day = cast(date, self.cleaned_data["next_step_on"])
        if day < self.today:
            raise ValidationError(_("The day by which it is to be done must be today or later."))
        if day > self.today + FURTHEST_STEP:
            raise ValidationError(_("The day by which it is to be done must be within two years."))
        return day

    @property
    def step(self) -> Step:
        return Step(self.cleaned_data["next_step"], self.cleaned_data["next_step_on"])

    @classmethod
    def starting_with(cls, what: str, on: date) -> dict[str, Any]:
        return {"next_step": what, "next_step_on": on}


class AnswerForm(StepForm):
    """An answer by mail."""

    subject = PlainLine(
        label=_("Subject"),
        max_length=MOST_OF_A_SUBJECT,
        error_messages={
            "required": _("Enter a subject."),
            "max_length": _("Shorten the subject to 120 letters or fewer."),
        },
    )
    body = PlainText(
        label=_("Your answer"),
        max_length=6000,
        widget=long_text(rows=14),
        error_messages={
            "required": _("Write your answer."),
            "max_length": _("Shorten your answer to 6,000 letters or fewer. It has %(show_value)s now."),
        },
    )
    field_order = ("subject", "body", "next_step", "next_step_on")

    CARRIED = ("subject", "body", "next_step", "next_step_on_day", "next_step_on_month", "next_step_on_year")

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed, box by box, as the page with the mail carries it on."""
        return [(name, self.data.get(name, "")) for name in self.CARRIED]

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["body"])


class CallForm(StepForm):
    """What was said on the telephone."""

    text = PlainText(
        label=_("What was said"),
        max_length=4000,
        widget=long_text(rows=5),
        error_messages={
            "required": _("Write what was said, or that nobody answered."),
            "max_length": _("Shorten this to 4,000 letters or fewer."),
        },
    )
    called_on = DatePartsField(label=_("On which day"), what="the day of the call")
    field_order = ("text", "called_on", "next_step", "next_step_on")

    def clean_called_on(self) -> date:
        day = cast(date, self.cleaned_data["called_on"])
        if day > self.today:
            raise ValidationError(_("The day of the call must be today or earlier."))
        return day


class NoteForm(PlainForm):
    """Something for the team."""

    text = PlainText(
        label=_("Your note"),
        help_text=_("Only managers read it. The enquirer may ask to see everything held about them."),
        max_length=4000,
        widget=long_text(rows=5),
        error_messages={"required": _("Write the note."), "max_length": _("Shorten it to 4,000 letters or fewer.")},
    )


class HandForm(PlainForm):
    """To whom an enquiry goes."""

    to = forms.ModelChoiceField(
        label=_("Who has it from now on?"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who has it from now on."),
            "invalid_choice": _("They are not a programme manager any more. Choose somebody else."),
        },
    )
    word = PlainText(
        label=_("A word for them"),
        help_text=_("It stands in the history, not in the mail that tells them."),
        max_length=1000,
        required=False,
        widget=long_text(rows=3),
        error_messages={"max_length": _("Shorten it to 1,000 letters or fewer.")},
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = cast("forms.ModelChoiceField[User]", self.fields["to"])
        # Whoever has it by now stays a choice of what was sent: a second click changes nothing.
        people.queryset = managers() if self.is_bound else managers().exclude(pk=enquiry.owner_id or 0)


class CloseForm(PlainForm):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[choice for choice in Enquiry.Outcome.choices if choice[0] != Enquiry.Outcome.FORGOTTEN],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    note = PlainText(
        label=_("Anything to remember"),
        max_length=1000,
        required=False,
        widget=long_text(rows=3),
        error_messages={"max_length": _("Shorten it to 1,000 letters or fewer.")},
    )
