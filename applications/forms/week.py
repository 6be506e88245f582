"""The times of a week as boxes, a day a line: it reads well on a phone and aloud."""

from typing import Any

from django import forms

from applications.starter import DAYS, PARTS_OF_DAY
from applications.week_words import DAY_NAMES, PART_NAMES


class WeekWidget(forms.Widget):
    """Boxes named alike, with the values of `starter.TIMES_OF_THE_WEEK`."""

    template_name = "applications/widgets/week.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__(attrs)
        self.choices = choices  # MultipleChoiceField sets them

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = set(value or [])
        context["days"] = [
            (
                DAY_NAMES[day],
                [(f"{day}-{part}", PART_NAMES[part], f"{day}-{part}" in chosen) for part in PARTS_OF_DAY],
            )
            for day in DAYS
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""
