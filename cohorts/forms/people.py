"""Who is to lead a cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from cohorts.forms.fields import PlainForm
from cohorts.models import Cohort


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
        field: Any = self.fields["user"]
        holders = User.objects.filter(
            role_assignments__role=Role.FACILITATOR, role_assignments__revoked_at=None, is_active=True
        )
        leading = cohort.staff_assignments.live().values("user")
        # Whoever leads it by now stays a choice of what was sent: a second click changes nothing.
        field.queryset = (holders if self.is_bound else holders.exclude(pk__in=leading)).order_by("name", "email")
