"""What people choose when they take something away."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from learning_log.actions import CopyTerms
from learning_log.actions.copying import MOST_CHOSEN
from learning_log.forms import FormKeyField, WrittenField
from learning_log.models import Copy
from learning_log.pages import ReadEntry

MINE, BOTH = "mine", "both"


class TermsForm(forms.Form):
    """A copy of everything: its form, and whose words are in it."""

    use_required_attribute = False

    form = forms.ChoiceField(
        label=_("As what?"),
        choices=Copy.Form.choices,
        initial=Copy.Form.PDF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the copy is to be: PDF, Word, web page or data.")},
    )
    words = forms.ChoiceField(
        label=_("Whose words?"),
        choices=[
            (BOTH, _("Mine, and what my partner has shared with me")),
            (MINE, _("Only mine")),
        ],
        initial=BOTH,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whose words are to be in it.")},
    )
    answers = forms.BooleanField(
        label=_("With the answers under the entries"),
        help_text=_("With “Only mine”, only your own answers are in it."),
        required=False,
        initial=True,
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    @property
    def terms(self) -> CopyTerms:
        """What was chosen, once the form is valid."""
        given = self.cleaned_data
        return CopyTerms(
            form=given["form"],
            with_partner=given["words"] == BOTH,
            with_answers=given["answers"],
            title=given.get("title", "").strip(),
            purpose=given.get("purpose", "").strip(),
        )


class ChooseForm(forms.Form):
    """Ticks beside entries: the numbers of those that go into a portfolio, in the order of the page."""

    use_required_attribute = False

    form_key = FormKeyField()

    def __init__(self, *args: Any, offered: Sequence[ReadEntry], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["entry"] = forms.TypedMultipleChoiceField(
            label=_("Entries"),
            choices=[(one.entry.pk, one.title) for one in offered],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Tick at least one entry."),
                "invalid_choice": _("One of the entries is not there any more. Look at your ticks, then go on."),
            },
        )

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    @property
    def ticked(self) -> set[str]:
        """The numbers that are ticked on the page, valid or not."""
        return {str(value) for value in self["entry"].value() or []}

    @property
    def chosen(self) -> list[int]:
        """The ticked entries, the oldest first."""
        ticked = set(self.cleaned_data["entry"])
        return [one.entry.pk for one in reversed(self.offered) if one.entry.pk in ticked]

    def clean_entry(self) -> list[int]:
        ticked: list[int] = self.cleaned_data["entry"]
        if len(ticked) > MOST_CHOSEN:
            raise forms.ValidationError(
                gettext("Untick some: a portfolio holds %(most)d entries at most.") % {"most": MOST_CHOSEN}
            )
        return ticked


class ArrangeForm(TermsForm):
    """A portfolio: a number beside each entry for its place, what it is called, and whom it is for."""

    title = WrittenField(
        label=_("Give it a title"),
        help_text=_("It stands on the first page."),
        max_length=200,
        error_messages={
            "required": _("Give it a title."),
            "max_length": _("Make the title shorter: 200 letters at most."),
        },
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    purpose = WrittenField(
        label=_("Who is it for?"),
        help_text=_("For example: my supervisor, my appraisal, our board. It stands below the title."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Make this shorter: 300 letters at most.")},
        widget=forms.TextInput({"class": "form-control", "dir": "auto", "autocomplete": "off"}),
    )
    field_order = ("title", "purpose")

    def __init__(self, *args: Any, entries: Sequence[ReadEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for number, one in enumerate(entries, 1):
            self.fields[_place(one)] = forms.IntegerField(
                label=gettext("Place of “%(title)s”") % {"title": one.title or gettext("Without a title")},
                initial=number,
                min_value=1,
                max_value=9999,
                error_messages={
                    "required": gettext("Give every entry a place: a number from 1."),
                    "invalid": gettext("Write the place as a number, such as 3."),
                    "min_value": gettext("Places begin at 1."),
                    "max_value": gettext("A place has four digits at most."),
                },
                widget=forms.TextInput({"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, ReadEntry]]:
        """The number box of each entry beside the entry."""
        return [(self[_place(one)], one) for one in self.entries]

    @property
    def chosen(self) -> list[int]:
        """The entries by the numbers given; two of one number stay as they stood."""
        ordered = sorted(self.entries, key=lambda one: self.cleaned_data[_place(one)])
        return [one.entry.pk for one in ordered]

    def clean(self) -> dict[str, Any]:
        """“Only mine” leaves nothing of an entry in which the person has no words: that is said, not done."""
        given = super().clean() or self.cleaned_data
        without = sum(1 for one in self.entries if one.own is None)
        if given.get("words") == MINE and without:
            self.add_error("words", _of_others(without))
        return given


def _place(one: ReadEntry) -> str:
    return f"place-{one.entry.pk}"


def _of_others(count: int) -> str:
    return ngettext(
        "In %(count)d of these entries you have no words. Take both voices, or choose without it.",
        "In %(count)d of these entries you have no words. Take both voices, or choose without them.",
        count,
    ) % {"count": count}
