"""Which passwords are good enough."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Alongside-2026!",
        "patient partner 99",
        "482910475562",
        "ada@example.test",
        "Ada Lovelace1",
    ],
)
def test_what_others_would_guess_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(email="ada@example.test", name="Ada Lovelace"))


@pytest.mark.parametrize(
    "password", ["correct horse battery", "my patient otter sings", "ünïcödé wörds häppen", "x7" * 64]
)
def test_long_words_of_ones_own_are_welcome(password: str) -> None:
    validate_password(password, User(email="ada@example.test", name="Ada Lovelace"))
