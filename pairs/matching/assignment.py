"""The suggestion for everybody: as many couples as possible, and of all ways to do that, one that fits best.

Nobody is ever put together across local systems, so each system is worked out by itself, by SciPy's shortest augmenting
paths (Crouse 2016). People are taken in the order of their ids, so the same people give the same couples whatever order
they come in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pairs.matching.fit import BEST, Against, against, scores
from pairs.matching.people import Couple, Seeker, Terms


class Alone(StrEnum):
    """Why somebody has no partner in a suggestion."""

    NOBODY = "nobody"
    SYSTEM = "system"
    LANGUAGE = "language"
    APART = "apart"
    PLACED = "placed"


@dataclass(frozen=True)
class Suggestion:
    """Couples in the order of the professionals' ids, and whoever is left, with the reason."""

    couples: tuple[Couple, ...]
    alone: dict[int, Alone]


def assign(seekers: Iterable[Seeker], terms: Terms) -> Suggestion:
    """The best suggestion. Couples of `terms.together` are kept, unless they were told apart since; others are free."""
    people = sorted(seekers, key=lambda one: one.id)
    kept = _kept(people, terms)
    taken = {person for couple in kept for person in couple}
    systems: dict[str, tuple[list[Seeker], list[Seeker]]] = defaultdict(lambda: ([], []))
    sides = Counter(one.side for one in people)
    for one in people:
        if one.id not in taken:
            systems[terms.system(one.local_system)][one.side == "partner"].append(one)
    couples, alone = list(kept), {}
    for professionals, partners in systems.values():
        found, left = _within_one_system(professionals, partners, terms)
        couples += found
        alone.update(left)
    kept_places = {(terms.system(one.local_system), one.side) for one in people if one.id in taken}
    for one in people:
        other_side = "professional" if one.side == "partner" else "partner"
        if one.id in alone and not sides[other_side]:
            alone[one.id] = Alone.NOBODY
        elif alone.get(one.id) == Alone.SYSTEM and (terms.system(one.local_system), other_side) in kept_places:
            alone[one.id] = Alone.PLACED
    return Suggestion(tuple(sorted(couples)), dict(sorted(alone.items())))


def _kept(people: Sequence[Seeker], terms: Terms) -> list[Couple]:
    here = {one.id: one for one in people}
    couples = sorted(couple for couple in terms.together if couple[0] in here and couple[1] in here)
    return [
        couple
        for couple in couples
        if not Against(int(against([here[couple[0]]], [here[couple[1]]], terms)[0, 0])).is_final
    ]


def weights(professionals: Sequence[Seeker], partners: Sequence[Seeker], terms: Terms) -> tuple[Any, Any]:
    """What the assignment makes as large as it can, and what stands against each couple.

    One couple more always weighs more than any difference in fit, so their number comes first.
    """
    codes = against(professionals, partners, terms)
    one_more = (BEST + 1) * (min(codes.shape, default=0) + 1)
    worth = scores(professionals, partners, terms)
    worth += one_more
    worth[codes != Against.NOTHING] = 0
    return worth, codes


def _within_one_system(
    professionals: list[Seeker], partners: list[Seeker], terms: Terms
) -> tuple[list[Couple], dict[int, Alone]]:
    if not professionals or not partners:
        return [], {one.id: Alone.SYSTEM for one in [*professionals, *partners]}
    # SciPy costs a web process some fifty megabytes, which only those who match need to spend.
    from scipy.optimize import linear_sum_assignment

    worth, codes = weights(professionals, partners, terms)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    chosen = [(row, column) for row, column in zip(rows, columns, strict=True) if worth[row, column]]
    couples = [(professionals[row].id, partners[column].id) for row, column in chosen]
    paired = {person for couple in couples for person in couple}
    alone = {one.id: _reason(codes[row]) for row, one in enumerate(professionals) if one.id not in paired}
    alone |= {one.id: _reason(codes[:, column]) for column, one in enumerate(partners) if one.id not in paired}
    return couples, alone


def _reason(codes: Any) -> Alone:
    """Of somebody who is alone, from what stands against each of those in the same local system."""
    if (codes == Against.NOTHING).any():
        return Alone.PLACED
    if (codes == Against.SYSTEM).any():
        return Alone.SYSTEM
    return Alone.LANGUAGE if (codes == Against.LANGUAGE).any() else Alone.APART
