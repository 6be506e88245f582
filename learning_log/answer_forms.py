"""What people type under an entry."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning_log.forms import FormKeyField, WrittenField

if TYPE_CHECKING:
    from learning_log.answers import Circle

GONE = _("What you answered to is not shared as it was. Look again who will read your answer, then send it.")


class ResponseForm(forms.Form):
    """An answer under an entry, and who is to read it where there is a choice."""

    use_required_attribute = False

    body = WrittenField(
        label=_("Your answer"),
        max_length=20_000,
        error_messages={
            "required": _("Write an answer first."),
            "max_length": _("Make the answer shorter: 20,000 letters at most."),
        },
        widget=forms.Textarea({"class": "form-control", "rows": 4, "dir": "auto", "autocomplete": "off"}),
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, circles: "Sequence[Circle]" = (), **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.by_value = {circle.value: circle for circle in circles}
        # Always sent along, choice or not: words meant for two never go to a circle that took its place meanwhile.
        self.fields["circle"] = forms.ChoiceField(
            label=_("Who will read your answer?"),
            choices=[(circle.value, circle.label) for circle in circles],
            initial=circles[0].value if circles else "",
            widget=forms.RadioSelect if len(circles) > 1 else forms.HiddenInput,
            error_messages={"required": GONE, "invalid_choice": GONE},
        )

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["form_key"]
        return key

    @property
    def circle(self) -> "Circle":
        """Whom it is for, once the form is valid."""
        return self.by_value[self.cleaned_data["circle"]]
