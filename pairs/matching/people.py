"""People who look for a partner, as the calculation knows them. No database, no clock."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

_WORDS = re.compile(r"[^\W_]+")
_SENTENCE_END = ".!?\n"

# Names that are ordinary words as well: in a sentence they mean somebody only when they look like a name.
ORDINARY = frozenset(
    """
    art best bill black brown care carer cook day dawn dean doctor drew faith field frank friend gay good grace grant
    gray green grey hall hand hill home hope house jack joy king lane little long love major mark may miles nurse old
    page park parks price queen ray rich rob rose self short story sue summer sunny wade ward way west white will wise
    wood young
    """.split()  # noqa: SIM905  (a list to read, not to parse)
)


# What stands before a name, and is none.
TITLES = frozenset(
    """
    baroness baron canon dame dr drs doctor father fr hon lady lord madam miss mister mr mrs ms mx nurse prof professor
    rev reverend sir sister
    """.split()  # noqa: SIM905  (a list to read, not to parse)
)
# What is part of many a name, or of any sentence, and so names nobody.
PARTICLES = frozenset(
    """
    a al an and any anybody anyone at bin bint da dal das de del della den der di do dos du el else for from ibn in la
    le les mac my no nobody not of on or our please s san santa saint st ten ter the van von who with y
    """.split()  # noqa: SIM905  (a list to read, not to parse)
)
NAMELESS = TITLES | PARTICLES


@dataclass(frozen=True, slots=True)
class Seeker:
    """One person who looks for a partner. `id` is their applicant's."""

    id: int
    side: str
    name: str = ""
    zone: str = "Europe/London"
    local_system: str = ""
    interests: frozenset[str] = frozenset()
    travel: str = ""
    languages: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    access: str = ""
    never_with: str = ""
    mail_domain: str = ""


Couple = tuple[int, int]  # the professional, the partner


@dataclass(frozen=True)
class Terms:
    """What holds for everybody: the cohort's days, local systems with two names, and what staff decided."""

    starts_on: date
    ends_on: date
    same_systems: tuple[tuple[str, str], ...] = ()
    together: frozenset[Couple] = frozenset()
    apart: frozenset[Couple] = frozenset()
    met_before: frozenset[Couple] = frozenset()
    _roots: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for one, other in self.same_systems:
            first, second = sorted((self.system(one), self.system(other)))
            if first != second:
                self._roots[second] = first

    def system(self, name: str) -> str:
        """One name for each local system, however it is written."""
        plain = plain_words(name)
        while plain in self._roots:
            plain = self._roots[plain]
        return plain


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Without accents or capitals."""
    if text.isascii():
        return text.lower()
    marks = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """A name for comparing: no accents, capitals or signs, "and" as "&", no article."""
    words = [word for word in _WORDS.findall(folded(text.replace("&", " and "))) if word != "the"]
    return " ".join(words)


@lru_cache(maxsize=4096)
def name_parts(name: str) -> frozenset[str]:
    """The words of a name that can be recognised in a text; single letters are initials.

    Titles and particles are left out: of two people called Dr or de, neither is meant by the other’s name.
    """
    return frozenset(word for word in _WORDS.findall(folded(name)) if len(word) > 1 and word not in NAMELESS)


@lru_cache(maxsize=4096)
def names_said(text: str) -> frozenset[str]:
    """The words of a text that can name somebody by themselves.

    An ordinary word does so where it has a capital that no sentence explains, or when it is all there is.
    """
    found = list(_WORDS.finditer(text))
    return frozenset(
        folded(one[0])
        for one in found
        if folded(one[0]) not in NAMELESS
        and (
            folded(one[0]) not in ORDINARY or len(found) == 1 or (one[0][0].isupper() and not _opens(text, one.start()))
        )
    )


def _opens(text: str, start: int) -> bool:
    """Whether a sentence begins there."""
    before = text[:start].rstrip(" \t\"'“‘(")
    return not before or before[-1] in _SENTENCE_END


def means(text: str, name: str) -> bool:
    """Whether a text may mean somebody of this name: one part that can only be a name, or two of any kind."""
    parts = name_parts(name)
    return not parts.isdisjoint(names_said(text)) or len(parts & name_parts(text)) > 1


def names(text: str, people: Iterable[Seeker]) -> set[int]:
    """Whom of `people` a text may mean."""
    return {person.id for person in people if means(text, person.name)} if text.strip() else set()
