"""What a detail can be, and where it stands."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a stretch of text looks like. The label completes “this looks like …”."""

    NHS_NUMBER = "nhs_number", _("an NHS number")
    BIRTH_DATE = "birth_date", _("a date of birth")
    POSTCODE = "postcode", _("a postcode")
    PHONE = "phone", _("a phone number")
    EMAIL = "email", _("an email address")
    NAME = "name", _("a name you listed")


@dataclass(frozen=True)
class Found:
    """One stretch of the text, `text[start:end]`, and what it looks like."""

    kind: Kind
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Segment:
    """A piece of a text for a template: `kind` is None where nothing was found in it."""

    text: str
    kind: Kind | None = None
