"""Text fields for words typed by anybody: no control characters, and one line where one line is meant."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NEVER = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls
    "\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of what follows, beyond their own field (UTR 36, 3.2)
    "\ud800-\udfff"  # lone surrogates
    "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
)


def clean(text: str) -> str:
    """`text` with `\\n` as its only break and without control characters, lone surrogates and non-characters.

    One such character would stop a whole feed, an XML parser or a mail header.
    """
    return _NEVER.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


class PlainText(forms.CharField):
    """Several lines of plain text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 6}), **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean(value) if isinstance(value, str) else value)


class PlainLine(forms.CharField):
    """One line of plain text; a second line is an error, never joined or cut."""

    default_error_messages = {"one_line": _("Write this on one line")}

    def to_python(self, value: Any) -> Any:
        value = super().to_python(clean(value).strip("\n ") if isinstance(value, str) else value)
        if isinstance(value, str) and "\n" in value:
            raise ValidationError(self.error_messages["one_line"], code="one_line")
        return value
