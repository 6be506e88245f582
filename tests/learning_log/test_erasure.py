"""Erasing all who wrote leaves no word in any table. In a file by itself: the stage that others share has its words."""

import pytest

from accounts.actions import erase_person
from tests.learning_log.test_canary import build, tables_with

pytestmark = pytest.mark.django_db


def test_when_all_who_wrote_are_erased_no_table_knows_a_word():
    stage = build()

    for name in ("author", "partner", "facilitator"):
        erase_person(user=stage.people[name], by=None)

    assert tables_with("canary", "a board") == []
