"""What the console's pages about matching show: faces instead of rows, and only as many as a page draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from applications.models import Applicant
from cohorts.models import Cohort
from pairs.matching.explain import Reasons, reasons, why_alone
from pairs.matching.fit import against, scores
from pairs.matching.loading import Pool, looking_in, pool_of
from pairs.matching.models import Introduction, MatchRule, MatchRun
from pairs.matching.people import Seeker, plain_words

A_COLUMN, A_PAGE, A_SHORTLIST = 20, 20, 10


@dataclass(frozen=True)
class Face:
    """One person as the console names them."""

    pk: int
    side: str
    name: str
    local_system: str = ""

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else ""

    @classmethod
    def of(cls, applicant: Applicant) -> "Face":
        return cls(applicant.pk, applicant.side, applicant.name)

    @classmethod
    def of_seeker(cls, seeker: Seeker) -> "Face":
        return cls(seeker.id, seeker.side, seeker.name, seeker.local_system)


@dataclass(frozen=True)
class Standing:
    """Where one person stands: `state` is "prepared", "published" or "" for free; `why` is theirs while alone."""

    face: Face
    state: str
    other: str
    why: str


@dataclass(frozen=True)
class Choice:
    """One possible partner of somebody, with what staff read about the two."""

    face: Face
    reasons: Reasons
    freed: Face | None


@dataclass(frozen=True)
class OnTable:
    """One couple on the table."""

    introduction: Introduction
    professional: Face
    partner: Face
    reasons: Reasons | None
    is_kept: bool


def standings(cohort: Cohort, *, query: str = "", show: str = "") -> list[Standing]:
    """Everybody who looks for a partner, by name, in three queries."""
    live = Introduction.objects.live().filter(cohort=cohort).exclude(state="agreed")
    found: dict[int, tuple[str, str]] = {}
    for professional, partner, state, name, other_name in live.values_list(
        "professional_id", "partner_id", "state", "professional__name", "partner__name"
    ):
        found[professional], found[partner] = (state, other_name), (state, name)
    run = MatchRun.objects.filter(cohort=cohort).order_by("pk").last()
    alone: dict[str, str] = run.figures.get("alone", {}) if run else {}
    people = looking_in(cohort).values_list("pk", "side", "name", "application__local_system").order_by("name", "pk")
    everybody = []
    for pk, side, name, system in people:
        state, other = found.get(pk, ("", ""))
        why = why_alone(alone[str(pk)]) if not state and str(pk) in alone else ""
        everybody.append(Standing(Face(pk, side, name, system), state, other, why))
    wanted = plain_words(query)
    return [
        one
        for one in everybody
        if (not wanted or wanted in plain_words(f"{one.face.name} {one.face.local_system}"))
        and (show not in {"alone", "prepared", "published"} or one.state == (show if show != "alone" else ""))
    ]


def columns(people: Iterable[Standing], number: str) -> tuple[Page[Standing], Page[Standing], bool]:
    """The two sides at one page number, and whether there is a further page of either."""
    everybody = list(people)
    ours, theirs = (
        Paginator([one for one in everybody if one.face.side == side], A_COLUMN).get_page(number)
        for side in Applicant.Side.values
    )
    return ours, theirs, ours.paginator.num_pages > 1 or theirs.paginator.num_pages > 1


def couples_on_table(cohort: Cohort, number: str) -> tuple[Page[Any], list[OnTable]]:
    """One page of the couples on the table, each with its reasons; only these people's answers are read."""
    prepared = Introduction.objects.prepared().filter(cohort=cohort).select_related("professional", "partner")
    page = Paginator(prepared.order_by("professional__name", "pk"), A_PAGE).get_page(number)
    shown = list(page.object_list)
    pool = pool_of(cohort, only=[person for one in shown for person in one.couple])
    return page, [_on_table(one, pool) for one in shown]


def shortlist(cohort: Cohort, applicant_id: int, number: str) -> tuple[Face, Page[Any], list[Choice]] | None:
    """Everybody on the other side for one person, those who fit best first; None for whoever is not free."""
    pool = pool_of(cohort)
    person = pool.seekers.get(applicant_id)
    if person is None:
        return None
    others = sorted(pool.others_of(person), key=lambda one: one.id)
    page = Paginator(_best_first(person, others, pool), A_SHORTLIST).get_page(number)
    with_whom = _who_is_with_whom(cohort)
    choices = [
        Choice(Face.of_seeker(other), reasons(*_in_order(person, other), pool.terms), with_whom.get(other.id))
        for other in page.object_list
        if with_whom.get(other.id) is None or with_whom[other.id].pk != person.id
    ]
    return Face.of_seeker(person), page, choices


def one_choice(cohort: Cohort, one: int, other: int) -> tuple[Face, Face, Reasons, list[Introduction]] | None:
    """Two people, what staff read about them, and the couples that choosing them would part; None if not free."""
    pool = pool_of(cohort, only=[one, other])
    first, second = pool.seekers.get(one), pool.seekers.get(other)
    if first is None or second is None or first.side == second.side:
        return None
    couple = _in_order(first, second)
    there = Introduction.objects.prepared().filter(cohort=cohort).select_related("professional", "partner")
    parted = [
        found
        for found in there.filter(professional=couple[0].id).union(there.filter(partner=couple[1].id))
        if found.couple != (couple[0].id, couple[1].id)
    ]
    return Face.of_seeker(couple[0]), Face.of_seeker(couple[1]), reasons(*couple, pool.terms), parted


def _best_first(person: Seeker, others: list[Seeker], pool: Pool) -> list[Seeker]:
    if not others:
        return []
    ours, theirs = ([person], others) if person.side == "professional" else (others, [person])
    codes, worth = against(ours, theirs, pool.terms).ravel(), scores(ours, theirs, pool.terms).ravel()
    order = sorted(range(len(others)), key=lambda place: (codes[place], -worth[place], others[place].id))
    return [others[place] for place in order]


def _in_order(one: Seeker, other: Seeker) -> tuple[Seeker, Seeker]:
    return (one, other) if one.side == "professional" else (other, one)


def _who_is_with_whom(cohort: Cohort) -> dict[int, Face]:
    found: dict[int, Face] = {}
    prepared = Introduction.objects.prepared().filter(cohort=cohort).select_related("professional", "partner")
    for one in prepared:
        found[one.professional_id], found[one.partner_id] = Face.of(one.partner), Face.of(one.professional)
    return found


def _on_table(introduction: Introduction, pool: Pool) -> OnTable:
    one, other = pool.seekers.get(introduction.professional_id), pool.seekers.get(introduction.partner_id)
    return OnTable(
        introduction,
        Face.of(introduction.professional),
        Face.of(introduction.partner),
        reasons(one, other, pool.terms) if one and other else None,
        introduction.couple in pool.terms.together,
    )


def rules_of(cohort: Cohort) -> list[MatchRule]:
    return list(MatchRule.objects.live().filter(cohort=cohort).select_related("professional", "partner", "by"))
