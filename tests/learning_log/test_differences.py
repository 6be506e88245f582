"""The difference of two texts holds both of them, letter by letter."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning_log.differences import Part, difference

words = st.text(alphabet="ab \n,שم字", max_size=60)


def first_of(parts: list[Part]) -> str:
    return "".join(part.text for part in parts if part.kind != "new")


def second_of(parts: list[Part]) -> str:
    return "".join(part.text for part in parts if part.kind != "gone")


@settings(max_examples=500, deadline=None)
@given(words, words)
def test_both_texts_can_be_put_together_again(first: str, second: str):
    parts = difference(first, second)

    assert (first_of(parts), second_of(parts)) == (first, second)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(parts))


def test_a_changed_word_is_shown_as_a_changed_word():
    assert difference("One.\n\nShe gave us nine minutes.\n", "One.\n\nShe gave us ten minutes.\n") == [
        Part("same", "One.\n\nShe gave us "),
        Part("gone", "nine"),
        Part("new", "ten"),
        Part("same", " minutes.\n"),
    ]


def test_equal_texts_do_not_differ():
    assert difference("One\n\ntwo", "One\n\ntwo") == [Part("same", "One\n\ntwo")]


def test_the_longest_entries_are_compared_while_somebody_waits():
    first = "\n\n".join(f"Paragraph {number}. " + "word " * 40 for number in range(500))
    second = first.replace("Paragraph 250.", "Chapter 250.").replace("Paragraph 7.", "Paragraph seven.")
    other = "x " * 100_000 + "x"

    began = time.process_time()
    parts, all_new = difference(first, second), difference(first, other)

    assert time.process_time() - began < 5
    assert [part.text for part in parts if part.kind == "gone"] == ["7", "Paragraph"]
    assert [part.kind for part in all_new] == ["gone", "new"]


def test_in_one_long_paragraph_a_changed_word_is_shown_as_a_changed_word():
    first = "".join(f"Sentence {number} says more about that Friday. " for number in range(2000))
    second = first.replace("Sentence 3 ", "Sentence three ").replace("Sentence 950 ", "Sentence 951 ")

    changed = [(part.kind, part.text) for part in difference(first, second) if part.kind != "same"]

    assert changed == [("gone", "3"), ("new", "three"), ("gone", "950"), ("new", "951")]


@pytest.mark.parametrize(
    ("first", "second"),
    [("a\n" * 999, "a\nb\n" * 499), ("the " * 290, "the a " * 145), ("-\n\n" * 900, "- \n\n" * 900)],
)
def test_what_repeats_itself_keeps_nobody_waiting(first: str, second: str):
    began = time.process_time()
    parts = difference(first, second)

    assert time.process_time() - began < 2
    assert (first_of(parts), second_of(parts)) == (first, second)


@pytest.mark.parametrize(
    ("first", "second", "gone", "new"),
    [
        ("मेरा साथी अच्छा है।", "मेरी साथी अच्छा है।", "मेरा", "मेरी"),
        ("আমার সঙ্গী", "আমাদের সঙ্গী", "আমার", "আমাদের"),
        ("ਮੇਰਾ ਸਾਥੀ", "ਮੇਰੀ ਸਾਥੀ", "ਮੇਰਾ", "ਮੇਰੀ"),
        ("என் நண்பர்", "உன் நண்பர்", "என்", "உன்"),
        ("שָׁלוֹם לָךְ", "שָׁלוֹם לְךָ", "לָךְ", "לְךָ"),
        ("مَعَ مُحَمَّدٍ،", "مَعَ مُحَمَّدٌ،", "مُحَمَّدٍ", "مُحَمَّدٌ"),
        ("نمی‌خواهم", "می‌خواهم", "نمی‌خواهم", "می‌خواهم"),
    ],
)
def test_no_sign_is_torn_from_its_letter(first: str, second: str, gone: str, new: str):
    changed = [part for part in difference(first, second) if part.kind != "same"]

    assert changed == [Part("gone", gone), Part("new", new)]
