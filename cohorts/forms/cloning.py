"""What staff choose when a cohort is cloned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.actions import CloneTerms
from cohorts.dates import DatePartsField
from cohorts.forms.cohorts import CohortForm
from cohorts.forms.fields import PlainForm
from cohorts.models import Cohort


class CloneForm(PlainForm):
    """Sent in the address, so that the page with the new days can be kept, shared and come back to."""

    name = CohortForm.base_fields["name"]
    starts_on = DatePartsField(label=_("First day of the new cohort"), what="the first day")
    days = forms.ChoiceField(
        label=_("How the other days move"),
        choices=[
            ("weekdays", _("By whole weeks: a Tuesday stays a Tuesday")),
            ("exactly", _("By exactly as many days as the first day")),
        ],
        initial="weekdays",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the other days move.")},
    )
    places = CohortForm.base_fields["places"]
    tells_opens_on = forms.BooleanField(
        label=_("Tell the public when applications open"),
        help_text=_("The programme’s page names a draft as soon as it has a day on which applications open."),
        required=False,
    )
    with_facilitators = forms.BooleanField(label=_("The same facilitators lead it"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, has_facilitators: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"places": cohort.places})
        super().__init__(*args, **kwargs)
        if cohort.opens_on is None:
            del self.fields["tells_opens_on"]
        if not has_facilitators:
            del self.fields["with_facilitators"]

    def terms(self) -> CloneTerms:
        chosen = self.cleaned_data
        return CloneTerms(
            name=chosen["name"],
            starts_on=chosen["starts_on"],
            places=chosen["places"],
            keeps_weekdays=chosen["days"] == "weekdays",
            tells_opens_on=chosen.get("tells_opens_on", False),
            with_facilitators=chosen.get("with_facilitators", False),
        )
