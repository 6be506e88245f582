"""What people choose when they share."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.dates import DatePartsField
from learning_log.actions import EntryText, ReleaseTerms
from learning_log.audiences import Step
from learning_log.forms import WrittenField
from learning_log.models import Release

LINK_DAYS, RELEASE_DAYS, MOST_DAYS = 30, 182, 731


class TermsForm(forms.Form):
    """Until when, and what belongs to the audience that was chosen."""

    use_required_attribute = False

    ends_on = DatePartsField(
        what=gettext("the last day"),
        label=_("Until which day?"),
        help_text=_("It closes by itself at the end of that day. You can stop it at any time before."),
    )

    def __init__(self, *args: Any, step: Step, today: date, zone: tzinfo, **kwargs: Any) -> None:
        days = LINK_DAYS if step.audience == Release.Audience.LINK else RELEASE_DAYS
        kwargs.setdefault("initial", {})["ends_on"] = today + timedelta(days=days)
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.step, self.today, self.zone = step, today, zone
        if step.audience == Release.Audience.LINK:
            self.fields["recipient"] = WrittenField(
                label=_("Who is it for?"),
                help_text=_("A person, a team or a board. They see this name when they open it."),
                max_length=200,
                error_messages={
                    "required": _("Say who it is for."),
                    "max_length": _("Make the name shorter: 200 letters at most."),
                },
                widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
            )
            self.fields["purpose"] = WrittenField(
                label=_("What do you hope it does?"),
                help_text=_("For example: to show the board what a Friday discharge is like. They see this too."),
                max_length=500,
                required=False,
                error_messages={"max_length": _("Make it shorter: 500 letters at most.")},
                widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
            )
            self.order_fields(["recipient", "purpose", "ends_on"])
        elif step.audience != Release.Audience.PUBLIC:
            self.fields["allows_responses"] = forms.BooleanField(
                label=_("They may answer"),
                help_text=_("Answers are read by everybody who reads it. You can take any of them off the page."),
                required=False,
            )

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < self.today:
            raise forms.ValidationError(_("Write today’s date or one after it."))
        if day > self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Choose a day within the next two years. You can share it again then."))
        return day

    @property
    def terms(self) -> ReleaseTerms:
        """What was chosen, once the form is valid. It ends with the last day, on its chooser's clock."""
        cleaned = self.cleaned_data
        midnight = datetime.combine(cleaned["ends_on"] + timedelta(days=1), time(), tzinfo=self.zone)
        return ReleaseTerms(
            audience=self.step.audience,
            ends_at=midnight,
            facilitator=self.step.facilitator,
            allows_responses=cleaned.get("allows_responses", False),
            recipient=" ".join(cleaned.get("recipient", "").split()),
            purpose=" ".join(cleaned.get("purpose", "").split()),
        )


class AskForm(forms.Form):
    """How the two want to tell one moment."""

    use_required_attribute = False

    way = forms.ChoiceField(
        label=_("When may you read each other?"),
        choices=[
            ("sealed", _("Sealed: only when both of you have finished, so that neither echoes the other")),
            ("open", _("Open: each side as soon as it is finished")),
        ],
        initial="sealed",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class MomentForm(forms.Form):
    """What the two call a moment, and when it was."""

    use_required_attribute = False

    title = WrittenField(
        label=_("Title"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Make the title shorter: 200 letters at most.")},
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    happened_on = DatePartsField(what=gettext("the date"), label=_("When did it happen?"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError(_("Write today’s date or one before it."))
        return day


class TogetherForm(forms.Form):
    """The short third text of a joint entry."""

    use_required_attribute = False

    words = WrittenField(
        label=_("What do you now see together?"),
        help_text=_("A few sentences that both of you would put your names to."),
        max_length=20_000,
        error_messages={
            "required": _("Write something first. One sentence is enough."),
            "max_length": _("Make it shorter: 20,000 letters at most."),
        },
        widget=forms.Textarea({"class": "form-control writing", "rows": 8, "dir": "auto", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def text(self, *, title: str, happened_on: date) -> EntryText:
        return EntryText(answers=(self.cleaned_data["words"],), title=title, happened_on=happened_on)


class NamesForm(forms.Form):
    """The names a pair wants to be warned of, one a line."""

    use_required_attribute = False
    MOST = 200

    names = WrittenField(
        label=_("Names, one on each line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"class": "form-control", "rows": 10, "dir": "auto", "autocomplete": "off"}),
    )

    def clean_names(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].split("\n"))
        names = list({line.casefold(): line for line in lines if line}.values())
        if len(names) > self.MOST:
            raise forms.ValidationError(_("Leave some out: 200 names at most."))
        if too_long := next((name for name in names if len(name) > 100), None):
            raise forms.ValidationError(
                _("Make “%(name)s…” shorter: 100 letters at most."), params={"name": too_long[:30]}
            )
        return names
