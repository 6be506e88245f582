"""Why a comment is held: codes kept in the row, words for the moderator."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a comment is held, beyond the rule that a person reads every comment first."""

    LINKS = "links", _("Holds a link")
    MANY_LINKS = "many_links", _("Holds three links or more")
    EMAIL = "email", _("An email address in the text")
    PHONE = "phone", _("A phone number")
    NHS_NUMBER = "nhs_number", _("An NHS number")
    POSTCODE = "postcode", _("A postcode")
    BIRTH_DATE = "birth_date", _("A date of birth")
    HIDDEN_FIELD = "hidden_field", _("The hidden field was filled in")
    FAST = "fast", _("Sent within three seconds")
    NOT_CHECKED = "not_checked", _("The checks could not be run")


PERSONAL_DETAILS = frozenset({Reason.EMAIL, Reason.PHONE, Reason.NHS_NUMBER, Reason.POSTCODE, Reason.BIRTH_DATE})
