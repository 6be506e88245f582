import pytest

from comments.personal_details import find, is_nhs_number


def reasons(text: str) -> list[str]:
    return [found.reason.value for found in find(text, this_year=2026)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to winifred@example.org, please.", ["email"]),
        ("My mother (born 04/02/1951) was asked.", ["birth_date"]),
        ("She was born on 3rd May 2020.", ["birth_date"]),
        ("DOB 4.2.51", ["birth_date"]),
        ("Ring me on 07700 900123 or (020) 7946 0018.", ["phone", "phone"]),
        ("+44 7700 900123", ["phone"]),
        ("Her number is 943 476 5919.", []),
        ("Her NHS number is 943 476 5919.", ["nhs_number"]),
        ("It says 450 557 7104 on the letter", ["nhs_number"]),
        ("450-557-7104", ["nhs_number"]),
        ("450\u00a0557\u00a07104", ["nhs_number"]),
        ("4505577104", ["nhs_number"]),
        ("\uff14\uff15\uff10\uff15\uff15\uff17\uff17\uff11\uff10\uff14", ["nhs_number"]),
        ("450\u2011557\u20117104", ["nhs_number"]),
        ("We live at SW1A 1AA.", ["postcode"]),
    ],
)
def test_personal_details_are_found(text, expected):
    assert reasons(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "My physiotherapist changed sertraline to tramadol 50 mg in 2019.",
        "We met on 12/03/2025 and again on 9 May 2025.",
        "See ISBN 0306406152 or 978-0-306-40615-7, page 12.",
        "PMID 31452104 says 25 per cent of 1,200 people.",
        "Ward 7 has 28 beds, and 3 of them are mine to clean.",
        "The HbA1c was 48 mmol/mol; B12 was low; it was a T2 N0 M0.",
        "We spent 1,250.50 pounds between 2019 and 2021.",
        "Type 2 diabetes, stage 3, grade 4.",
        "It opened at 10:30 and shut at 16:45.",
        "Version 1.2.3.4 of the form has 12 parts.",
        "I have erectile trouble and nobody asked.",
        "Half of us, 50-60 people, came back in 2024-25.",
    ],
)
def test_ordinary_words_about_health_are_left_alone(text):
    assert reasons(text) == []


def test_the_check_digit_is_the_nhs_one():
    assert [is_nhs_number(number) for number in ("9434765919", "9434765918", "4444444444", "94347659")] == [
        True,
        False,
        False,
        False,
    ]


def test_what_is_found_stands_where_it_says():
    text = "Ring \uff10\uff17\uff17\uff10\uff10 900123 or write to a@example.org"

    assert [text[found.start : found.end] for found in find(text, this_year=2026)] == [
        "\uff10\uff17\uff17\uff10\uff10 900123",
        "a@example.org",
    ]
