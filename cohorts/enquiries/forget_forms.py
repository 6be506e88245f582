"""Which of the enquiries that may be one person's are removed with theirs."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cohorts.enquiries.actions.forgetting import Likeness, likeness
from cohorts.enquiries.models import Enquiry
from cohorts.forms import PlainForm


class ForgetForm(PlainForm):
    """Each by name and day; ticked is what surely is theirs. Whoever only shares a number is ticked by hand."""

    which = forms.TypedMultipleChoiceField(
        label=_("What is removed"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick what is to be removed, or choose “Not now”."),
            "invalid_choice": _("One of them has been removed already. Look at the ticks again."),
        },
    )

    def __init__(self, *args: Any, enquiry: Enquiry, found: Sequence[Enquiry], **kwargs: Any) -> None:
        alike = {one.pk: likeness(one, enquiry) for one in found}
        sure = [one.pk for one in found if alike[one.pk] != Likeness.PHONE]
        super().__init__(*args, initial={"which": sure}, **kwargs)
        which = cast("forms.TypedMultipleChoiceField", self.fields["which"])
        which.choices = [(one.pk, _label(one, alike[one.pk])) for one in found]


def _label(one: Enquiry, alike: str) -> SafeString:
    return render_to_string("cohorts/enquiries/forget_label.html", {"one": one, "alike": alike})
