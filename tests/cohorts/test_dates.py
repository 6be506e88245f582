"""A date in three boxes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cohorts.dates import DatePartsField


@pytest.mark.parametrize(
    "parts", [["14", "9", "2027"], ["14", "09", "2027"], ["14", "Sep", "2027"], [" 14", "september ", "2027"]]
)
def test_a_month_may_be_a_number_or_a_word(parts: list[str]) -> None:
    assert DatePartsField(what="the first day").clean(parts) == date(2027, 9, 14)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["", "", ""], "Enter the first day."),
        (None, "Enter the first day."),
        (["14", "", "2027"], "The first day must include a month."),
        (["", "9", ""], "The first day must include a day and year."),
        (["31", "2", "2027"], "The first day must be a real date, such as 14 9 2027."),
        (["14", "9", "27"], "The first day must be a real date, such as 14 9 2027."),
        (["x", "😀", "2027"], "The first day must be a real date, such as 14 9 2027."),
        (["14", "9", "0000"], "The first day must be a real date, such as 14 9 2027."),
        (["31", "12", "9999"], "The first day must be a real date, such as 14 9 2027."),
        (["9" * 30, "9", "2027"], "The first day must be a real date, such as 14 9 2027."),
        (["14", "9" * 30, "2027"], "The first day must be a real date, such as 14 9 2027."),
    ],
)
def test_the_error_says_what_to_put_right(parts: list[str] | None, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        DatePartsField(what="the first day").clean(parts)

    assert error.value.messages == [message]
