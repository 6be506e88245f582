"""A date in three boxes, as public services ask for it: day, month and year, where the month may be a word."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NotADate(ValueError):
    """The parts do not name a day; `missing` says which boxes are empty."""

    def __init__(self, *missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


# Far enough for anybody's plans, and short of where the calendar itself ends.
YEARS = range(1900, 2201)


def date_of(day: str, month: str, year: str) -> date:
    """The date of three typed parts: "14", "9" or "sep" or "September", "2026". Raises NotADate."""
    parts = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    if missing := [name for name, value in parts.items() if not value]:
        raise NotADate(*missing)
    word = parts["month"].lower()[:3]
    number = str(MONTHS.index(word) + 1) if word in MONTHS else parts["month"]
    if len(parts["year"]) != 4:
        raise NotADate
    try:
        found = date(int(parts["year"]), int(number), int(parts["day"]))
    except (ValueError, OverflowError) as error:
        raise NotADate from error
    if found.year not in YEARS:
        raise NotADate
    return found


class DatePartsWidget(forms.MultiWidget):
    """Three small boxes in one fieldset."""

    template_name = "cohorts/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control"}
        super().__init__(
            widgets={
                "day": forms.TextInput(attrs=box),
                "month": forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
                "year": forms.TextInput(attrs=box | {"class": "form-control form-control-year"}),
            }
        )

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


class DatePartsField(forms.MultiValueField):
    """A date typed as day, month and year; the error says which part to put right."""

    widget = DatePartsWidget

    def __init__(self, *, what: str, **kwargs: Any) -> None:
        self.what = what
        fields = [forms.CharField(required=False, max_length=20) for _part in range(3)]
        kwargs.setdefault("help_text", _("For example, 14 9 2027"))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> date | None:
        return date_of(*data_list) if any(data_list) else None

    def clean(self, value: Any) -> date | None:
        parts = [str(part or "") for part in (value or ["", "", ""])]
        if not any(part.strip() for part in parts):
            if self.required:
                raise ValidationError(_("Enter %(what)s.") % {"what": self.what}, code="required")
            return None
        try:
            return date_of(*parts)
        except NotADate as error:
            if error.missing:
                missing = _(" and ").join(error.missing)
                raise ValidationError(
                    _("%(what)s must include a %(missing)s.") % {"what": self._what(), "missing": missing}
                ) from error
            raise ValidationError(
                _("%(what)s must be a real date, such as 14 9 2027.") % {"what": self._what()}
            ) from error

    def _what(self) -> str:
        return self.what[:1].upper() + self.what[1:]
