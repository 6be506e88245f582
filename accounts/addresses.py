"""E-mail addresses, in the letters that mail knows."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_LETTERS = 254  # RFC 5321, as errata 1690 reads it


def as_mailed(address: str) -> str:
    """The address in lower case, its domain as what stands for it in ASCII (RFC 5891).

    Only so do Python and the database agree on what its lower case is. Raises ValueError for letters before the @ that
    mail does not know, and for a domain that cannot be written so.
    """
    name, at, domain = address.strip().rpartition("@")
    mailed = f"{name.encode('ascii').decode()}{at}{domain.encode('idna').decode()}".lower()
    if len(mailed) > MOST_LETTERS:
        raise ValueError("too long for mail")
    return mailed


class AddressField(forms.EmailField):
    """An address, kept as mail knows it, also when it was typed in letters of another script."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": validate_email.message}

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        try:
            return as_mailed(address)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
