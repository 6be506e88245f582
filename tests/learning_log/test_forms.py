"""What people type comes through as they typed it, or comes back with a word on how to put it right."""

from datetime import date
from typing import Any

import pytest

from learning_log.answer_forms import ResponseForm
from learning_log.forms import EntryForm

TODAY = date(2026, 11, 22)


def form(**fields: Any) -> EntryForm:
    return EntryForm({"answer_0": "x", **fields}, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Two blanks first,\r\na line,\rand the end.  \n\n", "  Two blanks first,\na line,\nand the end.  \n\n"),
        ("a\x00b\x07c\u202ed\u200be", "ab\x07c\u202ed\u200be"),
        ("שלום عالم 字 👩🏽‍⚕️ ﬁ Å Å", "שלום عالم 字 👩🏽‍⚕️ ﬁ Å Å"),
        ("&lt;b&gt; <b>", "&lt;b&gt; <b>"),
    ],
)
def test_words_are_kept_letter_by_letter(typed: str, kept: str):
    sent = form(answer_0=typed)

    assert sent.is_valid()
    assert sent.text.body == kept


def test_twenty_thousand_words_fit():
    assert form(answer_0="réflexion " * 20_000).is_valid()


@pytest.mark.parametrize("nothing", ["", "  \r\n \t", "\x00"])
def test_an_entry_without_a_word_is_not_saved(nothing: str):
    assert form(answer_0=nothing).errors == {"answer_0": ["Write something first. A few words are enough."]}


def test_a_text_too_long_is_named_and_not_cut():
    sent = form(answer_0="x" * 200_001)

    assert "longer than one entry" in sent.errors["answer_0"][0]
    assert sent["answer_0"].value() == "x" * 200_001


def test_a_browser_is_not_told_to_cut_off_what_somebody_pastes():
    assert "maxlength" not in str(form())


def test_no_date_means_today():
    sent = form()

    assert sent.is_valid()
    assert sent.text.happened_on == TODAY


@pytest.mark.parametrize(
    ("day", "month", "year", "found"),
    [("20", "11", "2026", date(2026, 11, 20)), (" 9 ", "Nov", "2026", date(2026, 11, 9)), ("22", "11", "2026", TODAY)],
)
def test_a_date_is_three_boxes(day: str, month: str, year: str, found: date):
    sent = form(happened_on_day=day, happened_on_month=month, happened_on_year=year)

    assert sent.is_valid(), sent.errors
    assert sent.text.happened_on == found


@pytest.mark.parametrize(
    "parts", [("31", "2", "2026"), ("23", "11", "2026"), ("1", "", "2026"), ("x", "1", "2026"), ("1", "1", "26")]
)
def test_a_date_that_cannot_be_is_asked_for_again(parts: tuple[str, str, str]):
    sent = form(**dict(zip(("happened_on_day", "happened_on_month", "happened_on_year"), parts, strict=True)))

    assert list(sent.errors) == ["happened_on"]
    assert sent["answer_0"].value() == "x"


def test_a_forged_theme_is_refused():
    assert list(form(approaches=["other"]).errors) == ["approaches"]


@pytest.mark.parametrize("key", ["not-a-key", "", "\x00"])
def test_a_broken_key_is_a_new_one(key: str):
    sent = form(form_key=key)

    assert sent.is_valid()
    assert sent.key.version == 4


def test_an_answer_needs_words():
    assert ResponseForm({"body": " "}).errors["body"] == ["Write an answer first."]
