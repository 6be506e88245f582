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

import numpy as np

from pairs.matching.fit import BEST, Against, against, scores
from pairs.matching.people import Couple, Seeker, Terms


class Alone(StrEnum):
    """Why somebody has no partner in a suggestion."""

    NOBODY = "nobody"
    SYSTEM = "system"
    LANGUAGE = "language"
    APART = "apart"
    PLACED = "placed"


Sides = tuple[list[Seeker], list[Seeker]]  # professionals, partners


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
    free = _by_system((one for one in people if one.id not in taken), terms)
    held = _by_system((one for one in people if one.id in taken), terms)
    sides = Counter(one.side for one in people)
    couples, alone = list(kept), {}
    for system, (professionals, partners) in free.items():
        found, left = _within_one_system(professionals, partners, held[system], terms)
        couples += found
        alone.update(left)
    for one in people:
        if one.id in alone and not sides["professional" if one.side == "partner" else "partner"]:
            alone[one.id] = Alone.NOBODY
    return Suggestion(tuple(sorted(couples)), dict(sorted(alone.items())))


def _by_system(people: Iterable[Seeker], terms: Terms) -> dict[str, Sides]:
    systems: dict[str, Sides] = defaultdict(lambda: ([], []))
    for one in people:
        systems[terms.system(one.local_system)][one.side == "partner"].append(one)
    return systems


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
    professionals: list[Seeker], partners: list[Seeker], held: Sides, terms: Terms
) -> tuple[list[Couple], dict[int, Alone]]:
    """Couples of those who are free, and why each of the others is alone; `held` are those of the couples kept."""
    couples, codes = _couples(professionals, partners, terms)
    paired = {person for couple in couples for person in couple}
    ours = np.hstack([codes, against(professionals, held[1], terms)]) if held[1] else codes
    theirs = np.vstack([codes, against(held[0], partners, terms)]) if held[0] else codes
    alone = {one.id: _reason(ours[row]) for row, one in enumerate(professionals) if one.id not in paired}
    alone |= {one.id: _reason(theirs[:, column]) for column, one in enumerate(partners) if one.id not in paired}
    return couples, alone


def _couples(professionals: list[Seeker], partners: list[Seeker], terms: Terms) -> tuple[list[Couple], Any]:
    """The best couples of these, and what stands against each possible one."""
    if not professionals or not partners:
        return [], np.zeros((len(professionals), len(partners)), dtype=np.int8)
    # SciPy costs a web process some fifty megabytes, which only those who match need to spend.
    from scipy.optimize import linear_sum_assignment

    worth, codes = weights(professionals, partners, terms)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    chosen = [(row, column) for row, column in zip(rows, columns, strict=True) if worth[row, column]]
    return [(professionals[row].id, partners[column].id) for row, column in chosen], codes


def _reason(codes: Any) -> Alone:
    """Of somebody who is alone, from what stands against each of those in the same local system."""
    if not codes.size:
        return Alone.SYSTEM
    if (codes == Against.NOTHING).any():
        return Alone.PLACED
    if (codes == Against.SYSTEM).any():
        return Alone.SYSTEM
    return Alone.LANGUAGE if (codes == Against.LANGUAGE).any() else Alone.APART
