"""A password rule that Django does not have."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = (
    *("alongside", "professional", "programme", "community", "collaborative", "facilitator", "moderator"),
    *("password", "partners", "partner", "patients", "patient", "charity", "welcome", "carer", "health", "pairs"),
    *("pair", "demo", "care", "nhs", "the", "and"),
)
LEAST_OTHER_LETTERS = 4


class OwnWordsValidator:
    """Refuses what somebody who knows this site would try first: its own words with numbers and signs between them."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        rest = re.sub(r"[\W\d_]+", "", password.lower())
        for word in WORDS:
            rest = rest.replace(word, "")
        if len(rest) < LEAST_OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_our_own_words")

    def get_help_text(self) -> str:
        return _("Use words of your own. Words from this site, or numbers alone, are easy to guess.")
