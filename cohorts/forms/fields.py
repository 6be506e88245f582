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


def long_text(*, rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
