"""Who fits whom: what must hold, and how well, for many couples at once; and why, in sentences, for one.

What must hold is a code, so that whoever stays without a partner can be told the reason. How well is a small whole
number that nobody ever reads.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np

from applications.acquainted import SHARED_BY_MANY
from applications.starter import TRAVEL
from pairs.matching.meeting_times import SLOTS, common_minutes
from pairs.matching.people import Seeker, Terms, name_parts, names_said

# What a topic, an hour a week and a like way of travelling are worth to one another, and up to how many count.
TOPIC, TOPICS_AT_MOST = 10, 4
HOUR, HOURS_AT_MOST = 2, 12
TRAVEL_ALIKE, TRAVEL_STEP = 8, 2
BEST = TOPIC * TOPICS_AT_MOST + HOUR * HOURS_AT_MOST + TRAVEL_ALIKE
# Whole numbers up to sixteen million are exact in it, whatever order they are added in.
NUMBER = np.float32


class Against(IntEnum):
    """Why two people cannot be put together; the highest is the one that is told."""

    NOTHING = 0
    LANGUAGE = 1
    SYSTEM = 2
    MET_BEFORE = 3
    NEVER_WITH = 4
    APART = 5

    @property
    def is_final(self) -> bool:
        """Not even by hand."""
        return self >= Against.MET_BEFORE


def against(professionals: Sequence[Seeker], partners: Sequence[Seeker], terms: Terms) -> Any:
    """What stands against each couple: an array of `Against`, a row for each professional."""
    codes = np.zeros((len(professionals), len(partners)), dtype=np.int8)
    says, of_them = _sets([one.languages for one in professionals], [one.languages for one in partners])
    both_said = np.outer(says.any(axis=1), of_them.any(axis=1))
    codes[both_said & (says @ of_them.T == 0)] = Against.LANGUAGE
    systems: dict[str, int] = {"": -1}
    ours = _numbers([terms.system(one.local_system) for one in professionals], systems)
    theirs = _numbers([terms.system(one.local_system) for one in partners], systems)
    codes[(ours[:, None] != theirs[None, :]) | (ours[:, None] < 0)] = Against.SYSTEM
    rows = {one.id: number for number, one in enumerate(professionals)}
    columns = {one.id: number for number, one in enumerate(partners)}
    _mark(codes, terms.met_before, rows, columns, Against.MET_BEFORE)
    _mark_unwanted(codes, professionals, partners)
    _mark(codes, terms.apart, rows, columns, Against.APART)
    return codes


def scores(professionals: Sequence[Seeker], partners: Sequence[Seeker], terms: Terms) -> Any:
    """How well each couple fits, from 0 to BEST, whether or not something stands against it."""
    ours, theirs = _sets([one.interests for one in professionals], [one.interests for one in partners])
    found = ours @ theirs.T
    np.minimum(found, TOPICS_AT_MOST, out=found)
    found *= TOPIC
    hours = hours_a_week(professionals, partners, terms)
    hours *= HOUR
    found += np.minimum(np.floor(hours, out=hours), HOUR * HOURS_AT_MOST, out=hours)
    found += _travel(professionals, partners)
    return found


def hours_a_week(professionals: Sequence[Seeker], partners: Sequence[Seeker], terms: Terms) -> Any:
    """Hours in common in a usual week, over the whole cohort."""
    weeks = ((terms.ends_on - terms.starts_on).days + 1) / 7
    hours = np.zeros((len(professionals), len(partners)), NUMBER)
    others = _by_zone(partners)
    for zone, (rows, ours) in _by_zone(professionals).items():
        # What each partner's times are worth to somebody of this zone: minutes for each of their times of the week.
        theirs = np.zeros((len(partners), len(SLOTS)), NUMBER)
        for other, (columns, times) in others.items():
            shared = common_minutes(zone, other, terms.starts_on, terms.ends_on)
            theirs[columns] = times @ shared.T.astype(NUMBER)
        hours[rows] = ours @ theirs.T
    hours /= 60 * weeks
    return hours


def _by_zone(people: Sequence[Seeker]) -> dict[str, tuple[list[int], Any]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(people):
        rows[one.zone].append(number)
    return {
        zone: (numbers, _table([people[number].times for number in numbers], SLOTS)) for zone, numbers in rows.items()
    }


def _sets(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> tuple[Any, Any]:
    """Two tables of 0 and 1 whose product counts what is in both; in float, for which there is fast multiplication."""
    places = {word: place for place, word in enumerate(sorted(frozenset().union(*ours, *theirs)))}
    return _table(ours, places), _table(theirs, places)


def _table(sets: Sequence[frozenset[str]], places: dict[str, int]) -> Any:
    """A row for each set, a column for each word: 1 where it is in it."""
    width = max(1, len(places))
    table = np.zeros(len(sets) * width, NUMBER)
    table[[row * width + places[word] for row, words in enumerate(sets) for word in words if word in places]] = 1
    return table.reshape(len(sets), width)


def _numbers(words: Sequence[str], known: dict[str, int]) -> Any:
    return np.array([known.setdefault(word, len(known)) for word in words], dtype=np.int64)


def _travel(professionals: Sequence[Seeker], partners: Sequence[Seeker]) -> Any:
    """Alike is best; of the starter's answers, the nearer the better; of the team's own, only alike counts."""
    kinds = {travel: number for number, travel in enumerate(["", *TRAVEL])}
    ours = _numbers([one.travel for one in professionals], kinds)
    theirs = _numbers([one.travel for one in partners], kinds)
    table = np.zeros((len(kinds), len(kinds)), NUMBER)
    for one in kinds.values():
        for other in kinds.values():
            if one and other and (one == other or max(one, other) <= len(TRAVEL)):
                table[one, other] = TRAVEL_ALIKE - TRAVEL_STEP * abs(one - other)
    return table[ours][:, theirs]


def _mark(
    codes: Any, couples: frozenset[tuple[int, int]], rows: dict[int, int], columns: dict[int, int], code: Against
) -> None:
    for one, other in couples:
        if one in rows and other in columns:
            codes[rows[one], columns[other]] = code


def _mark_unwanted(codes: Any, professionals: Sequence[Seeker], partners: Sequence[Seeker]) -> None:
    """Whoever one of the two would rather not meet, as `means` tells, with each name taken apart once."""
    for writers, others, table in ((professionals, partners, codes), (partners, professionals, codes.T)):
        unwanted = {row: name_parts(one.never_with) for row, one in enumerate(writers) if one.never_with}
        names = frozenset().union(*unwanted.values())
        called: dict[str, list[int]] = defaultdict(list)
        for column, other in enumerate(others):
            for part in names & name_parts(other.name):
                called[part].append(column)
        for row, words in unwanted.items():
            said, parts = names_said(writers[row].never_with), Counter[int]()
            for word in words & called.keys():
                parts.update(called[word])
                if word in said:
                    table[row, called[word]] = Against.NEVER_WITH
            table[row, [column for column, many in parts.items() if many > 1]] = Against.NEVER_WITH


def same_workplace(one: Seeker, other: Seeker) -> bool:
    """Both write from the same organisation: something to ask about."""
    return bool(one.mail_domain) and one.mail_domain == other.mail_domain and one.mail_domain not in SHARED_BY_MANY
