"""How long a session lasts, in words."""

import pytest

from cohorts.templatetags.durations import lasting


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (150, "2 hours 30 minutes"),
        (360, "6 hours"),
        (361, "6 hours 1 minute"),
    ],
)
def test_a_length_reads_as_people_say_it(minutes: int, words: str) -> None:
    assert lasting(minutes) == words
