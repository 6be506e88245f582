"""What managers and reviewers type about applications."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from applications.models import Application, Criterion, Review
from cohorts.forms import PlainForm, long_text
from cohorts.models import Cohort

POINTS = [
    (1, _("1 – Not yet")),
    (2, _("2 – A little")),
    (3, _("3 – Partly")),
    (4, _("4 – Largely")),
    (5, _("5 – Fully")),
]


class ReviewForm(PlainForm):
    """A score for each criterion, what it rests on, and a note. A draft may be as unfinished as it is."""

    basis = forms.ChoiceField(
        label=_("What is it based on?"),
        help_text=_("A conversation counts as much as a written proposal."),
        choices=Review.Basis.choices,
        widget=forms.RadioSelect,
        initial=Review.Basis.WRITTEN,
        error_messages={"required": _("Choose what it is based on.")},
    )
    note = forms.CharField(
        label=_("Anything to add"),
        help_text=_("For the others who review, and for the team. The applicants never see it."),
        max_length=4000,
        required=False,
        widget=long_text(),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], hands_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[self.name_of(criterion)] = forms.TypedChoiceField(
                label=criterion.text,
                help_text=criterion.guidance,
                choices=POINTS,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=hands_in,
                error_messages={"required": _("Choose a score for “%(text)s”.") % {"text": criterion.text}},
            )
        self.order_fields([*map(self.name_of, criteria), "basis", "note", "version"])

    @staticmethod
    def name_of(criterion: Criterion) -> str:
        return f"criterion_{criterion.pk}"

    @classmethod
    def of(cls, review: Review | None, points: dict[int, int | None]) -> dict[str, Any]:
        if review is None:
            return {"version": 0}
        scored = {f"criterion_{criterion}": number for criterion, number in points.items()}
        return {"basis": review.basis, "note": review.note, "version": review.version, **scored}

    @property
    def points(self) -> dict[int, int]:
        """What was scored, by the id of the criterion."""
        chosen = {one.pk: self.cleaned_data.get(self.name_of(one)) for one in self.criteria}
        return {criterion: number for criterion, number in chosen.items() if number is not None}


class NoteForm(PlainForm):
    text = forms.CharField(
        label=_("Add a note"),
        help_text=_("Only managers read it. The people themselves may ask to see what we hold about them."),
        max_length=4000,
        widget=long_text(rows=3),
        error_messages={"required": _("Write the note first.")},
    )


class ConflictForm(PlainForm):
    """A manager says whose conflict it is; a reviewer speaks for themselves."""

    user = forms.ModelChoiceField(
        label=_("Who should not read it?"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choose who should not read it."),
            "invalid_choice": _("Choose somebody who reviews this cohort."),
        },
    )
    reason = forms.CharField(
        label=_("Why"), help_text=_("A few words are enough. You need not say."), max_length=300, required=False
    )

    def __init__(self, *args: Any, application: Application, is_manager: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_manager:
            del self.fields["user"]
            return
        field: Any = self.fields["user"]
        reviewing = application.cohort.reviewers.live().values("user")
        barred = application.conflicts.filter(ended_at=None).values("user")
        field.queryset = User.objects.filter(pk__in=reviewing).exclude(pk__in=barred).order_by("name", "email")


class ReviewerForm(PlainForm):
    user = forms.ModelChoiceField(
        label=_("Reviewer"),
        help_text=_("Everybody with the role of reviewer or manager is on the list."),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a reviewer."), "invalid_choice": _("Choose somebody on the list.")},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        with_role = Q(role_assignments__role__in=[Role.REVIEWER, Role.MANAGER], role_assignments__revoked_at=None)
        reviewing = cohort.reviewers.live().values("user")
        holders = User.objects.filter(with_role, is_active=True).exclude(pk__in=reviewing)
        field.queryset = holders.distinct().order_by("name", "email")


class CriterionForm(PlainForm):
    text = forms.CharField(
        label=_("What should be true of a good proposal?"),
        help_text=_("A sentence that can be more or less so, such as: The two can do it together."),
        max_length=200,
        error_messages={
            "required": _("Write what should be true of a good proposal."),
            "max_length": _("Make it shorter: 200 letters at most."),
        },
    )
    guidance = forms.CharField(
        label=_("What helps to judge it"), max_length=1000, required=False, widget=long_text(rows=3)
    )

    @classmethod
    def of(cls, criterion: Criterion) -> dict[str, str]:
        return {"text": criterion.text, "guidance": criterion.guidance}
