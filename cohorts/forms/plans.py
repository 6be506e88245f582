"""What a new team types on the way from nothing to an open cohort: as little as there can be."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cohorts.actions import SessionTerms
from cohorts.dates import DatePartsField
from cohorts.forms.cohorts import ApplyingForm, CohortForm
from cohorts.forms.fields import PlainForm
from cohorts.forms.programmes import ProgrammeForm
from cohorts.forms.sessions import SessionForm, must_exist
from cohorts.planned_days import warnings_about
from cohorts.plans import PLANS, Plan
from cohorts.shifting import moved


class FirstProgrammeForm(PlainForm):
    """The programme as its public page needs it first; the rest can be said later."""

    name = ProgrammeForm.base_fields["name"]
    charity = ProgrammeForm.base_fields["charity"]
    summary = ProgrammeForm.base_fields["summary"]
    contact_phone = ProgrammeForm.base_fields["contact_phone"]
    contact_email = ProgrammeForm.base_fields["contact_email"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("contact_phone") and not cleaned.get("contact_email") and "contact_email" in cleaned:
            self.add_error("contact_phone", _("Enter a telephone number, or an email address below, for questions."))
        return cleaned


class PlanForm(PlainForm):
    """Sent in the address, so that the page with the days can be kept and come back to."""

    plan = forms.ChoiceField(
        label=_("How it runs"),
        choices=[(plan.key, format_lazy("{}. {}", plan.name, plan.about)) for plan in PLANS.values()],
        widget=forms.RadioSelect,
        initial="five-days",
        error_messages={"required": _("Choose how it runs."), "invalid_choice": _("Choose a plan on the list.")},
    )
    name = CohortForm.base_fields["name"]
    starts_on = DatePartsField(label=_("First day"), what="the first day")
    places = CohortForm.base_fields["places"]

    @property
    def chosen(self) -> Plan:
        return PLANS[self.cleaned_data["plan"]]


class PlannedSessionForm(PlainForm):
    """One session of a plan, filled in already, to be changed or left out."""

    title = SessionForm.base_fields["title"]
    held_on = DatePartsField(label=_("Day"), what="the day")
    starts_at = SessionForm.base_fields["starts_at"]
    duration_minutes = SessionForm.base_fields["duration_minutes"]
    is_left_out = forms.BooleanField(label=_("Leave this session out"), required=False)

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone = time_zone

    def clean_starts_at(self) -> time:
        starts_at: time = self.cleaned_data["starts_at"]
        must_exist(self.cleaned_data.get("held_on"), starts_at, time_zone=self.time_zone)
        return starts_at

    def full_clean(self) -> None:
        """What is left out need not be right."""
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("is_left_out"):
            self._errors = ErrorDict()

    def warnings(self, *, today: date) -> list[str]:
        """What to look at again in its day and time; nothing in one that is left out."""
        if self.is_bound and self.cleaned_data.get("is_left_out"):
            return []
        shown = self.shown
        return warnings_about(shown["held_on"], shown["starts_at"], time_zone=self.time_zone, today=today)

    @property
    def shown(self) -> dict[str, Any]:
        """Its day and time as they stand in the form; what the plan gives it while a typed one cannot be read."""
        return {**self.initial, **(self.cleaned_data if self.is_bound and self.is_valid() else {})}

    def terms(self) -> SessionTerms:
        names = ("title", "held_on", "starts_at", "duration_minutes")
        return SessionTerms(**{name: self.cleaned_data[name] for name in names})


class PlannedDaysForm(PlainForm):
    """The last day, and every session of a plan with its day."""

    ends_on = DatePartsField(label=_("Last day"), what="the last day")

    def __init__(self, data: QueryDict | None, *, plan: Plan, starts_on: date, time_zone: str) -> None:
        super().__init__(data, initial={"ends_on": plan.ends_on(starts_on)})
        self.plan, self.starts_on, self.time_zone = plan, starts_on, time_zone

    @cached_property
    def rows(self) -> Sequence[PlannedSessionForm]:
        return [
            PlannedSessionForm(
                self.data if self.is_bound else None,
                prefix=f"session-{number}",
                time_zone=self.time_zone,
                initial={
                    "title": str(one.title),
                    "held_on": moved(self.starts_on, one.after_days),
                    "starts_at": one.starts_at,
                    "duration_minutes": one.duration_minutes,
                },
            )
            for number, one in enumerate(self.plan.sessions)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ends_on = cleaned.get("ends_on")
        if ends_on and ends_on < self.starts_on:
            self.add_error("ends_on", _("The last day must be the first day or later."))
        return cleaned

    def is_valid(self) -> bool:
        """Every row is looked at, so that all there is to put right is said at once."""
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def sessions(self) -> list[SessionTerms]:
        return [row.terms() for row in self.rows if not row.cleaned_data["is_left_out"]]


class FirstApplyingForm(PlainForm):
    """Until when people apply, and what they are asked."""

    apply_by = ApplyingForm.base_fields["apply_by"]
    offer_days = ApplyingForm.base_fields["offer_days"]
    asks_starter = forms.BooleanField(
        label=_("Ask the questions to start from"),
        help_text=_("They are listed below. You can change them whenever you like."),
        required=False,
        initial=True,
    )
