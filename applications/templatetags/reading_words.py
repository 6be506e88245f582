"""Applications in words, for whoever reads them."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.reading import POINTS
from applications.models import Answer, Application, Question, StateChange
from applications.week_words import week_in_words

register = template.Library()

State = Application.State
STEPS: dict[str, Any] = {
    State.SENT: gettext_lazy("Sent"),
    State.RESERVE: gettext_lazy("Put on the reserve list"),
    State.OFFERED: gettext_lazy("Offered a place"),
    State.ACCEPTED: gettext_lazy("Took the place"),
    State.PAIRED: gettext_lazy("Found a partner"),
    State.NOT_THIS_TIME: gettext_lazy("Told: not this time"),
    State.DECLINED: gettext_lazy("Said no to the place"),
    State.LAPSED: gettext_lazy("The offer ran out"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
    State.LEFT: gettext_lazy("Left before the start"),
}
# In the table: which of the look's flags a state wears, and its icon. None asks for anything in red.
LOOKS = {
    State.DRAFT: ("quiet", "pen"),
    State.SENT: ("held", "mail"),
    State.RESERVE: ("quiet", "hold"),
    State.OFFERED: ("held", "clock"),
    State.ACCEPTED: ("quiet", "circle-check"),
    State.PAIRED: ("quiet", "two"),
}


@register.filter
def lines_of(answer: Answer) -> list[str]:
    """What was answered, a line each: a text is one line, a choice of several is several."""
    if answer.question.kind == Question.Kind.TIMES and isinstance(answer.value, list):
        return week_in_words(answer.value)
    if isinstance(answer.value, bool):
        return [_("Yes") if answer.value else _("No")]
    return [str(value) for value in answer.value] if isinstance(answer.value, list) else [str(answer.value)]


@register.filter
def step_of(change: StateChange) -> str:
    """One step of an application's way."""
    if change.from_state == State.PAIRED and change.to_state == State.SENT:
        return _("The introduction came to nothing, so they look again")
    if change.from_state == State.LAPSED and change.to_state == State.RESERVE:
        return _("Put back on the reserve list")
    return str(STEPS.get(change.to_state, change.get_to_state_display()))


@register.filter
def look_of(application: Application) -> tuple[str, str]:
    """The flag's tone and icon for its state."""
    return LOOKS.get(State(application.state), ("quiet", "circle"))


@register.filter
def points_in_words(points: int | None) -> str:
    return str(dict(POINTS).get(points or 0, _("No score")))


@register.filter
def out_of_five(mean: float | None) -> str:
    return "" if mean is None else f"{mean:.1f}"
