"""Text fields for words typed by anybody: no control characters, and one line where one line is meant."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Marks that turn the direction of what follows, beyond their own field (Unicode TR36, 3.2).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = ("\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c")


def clean(text: str) -> str:
    """`text` with `\\n` as its only break and without control characters, lone surrogates and non-characters.

    One such character would stop a whole feed, an XML parser or a mail header.
    """
    for written in _BREAKS:
        text = text.replace(written, "\n")
    return "".join(
        letter
        for letter in text.replace("\t", " ")
        if letter == "\n"
        or (
            unicodedata.category(letter) not in ("Cc", "Cs")
            and letter not in _TURNING
            and ord(letter) & 0xFFFE != 0xFFFE
            and not 0xFDD0 <= ord(letter) <= 0xFDEF
        )
    )


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
