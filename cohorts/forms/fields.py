"""What every form here is made of."""

from collections.abc import Sequence
from typing import Any

from django import forms


class PlainForm(forms.Form):
    """Fields carry no colon, and the browser is never asked to check them."""

    use_required_attribute = False

    # Fields whose need hangs on another answer: neither required nor called optional.
    sometimes_required: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ClockField(forms.TimeField):
    """A time of day as people write it: 14:00, 14.00, 1400, 2pm, 2.30 pm. One or two digits alone are none."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split())
            if value.isdecimal():
                value = f"{value[:2]}:{value[2:]}" if len(value) == 4 else "?"
        return super().to_python(value)


def long_text(*, rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
