"""The suggestion against every other possible one on small cases, and against the bare assignment on large ones."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from applications.starter import DAYS, LANGUAGES, PARTS_OF_DAY, TIMES_OF_THE_WEEK, TOPICS, TRAVEL
from pairs.matching.assignment import Alone, Suggestion, assign, weights
from pairs.matching.explain import reasons, why_alone
from pairs.matching.fit import BEST, Against, against, scores
from pairs.matching.meeting_times import common_minutes
from pairs.matching.people import Couple, Seeker, Terms, names, plain_words

YEAR = Terms(date(2026, 9, 1), date(2027, 6, 30))
ZONES = ["Europe/London", "Europe/Paris", "Asia/Kathmandu"]


def professional(number: int = 1, **fields: Any) -> Seeker:
    return Seeker(**{"id": number, "side": "professional", "local_system": "Saltmarsh"} | fields)


def partner(number: int = 2, **fields: Any) -> Seeker:
    return Seeker(**{"id": number, "side": "partner", "local_system": "Saltmarsh"} | fields)


def crowd(random: Random, ours: int, theirs: int, systems: int = 2) -> list[Seeker]:
    def some(words: list[str], most: int) -> frozenset[str]:
        return frozenset(random.sample(words, random.randint(0, most)))

    return [
        Seeker(
            id=number,
            side="professional" if number <= ours else "partner",
            name=f"{random.choice('ABCDE')}nna Name{number}",
            zone=random.choice(ZONES),
            local_system=f"system {random.randrange(systems)}",
            interests=some(TOPICS, 4),
            travel=random.choice([*TRAVEL, "", "By boat"]),
            languages=some(LANGUAGES[:4], 2),
            times=some(TIMES_OF_THE_WEEK, 8),
            never_with=random.choice(["", "", "", "Anna", f"Name{random.randint(1, ours + theirs)}"]),
        )
        for number in range(1, ours + theirs + 1)
    ]


def sides(seekers: list[Seeker]) -> tuple[list[Seeker], list[Seeker]]:
    return [one for one in seekers if one.side == "professional"], [one for one in seekers if one.side == "partner"]


def every_way(ours: list[Seeker], theirs: list[Seeker], terms: Terms) -> Iterator[tuple[int, int]]:
    """How many couples, and how well they fit, for each of all possible ways."""
    codes, worth = against(ours, theirs, terms), scores(ours, theirs, terms)
    columns = [*range(len(theirs)), *[None] * len(ours)]
    for way in set(itertools.permutations(columns, len(ours))):
        chosen = [(row, column) for row, column in enumerate(way) if column is not None and not codes[row, column]]
        yield len(chosen), sum(int(worth[couple]) for couple in chosen)


def value_of(suggestion: Suggestion, seekers: list[Seeker], terms: Terms) -> tuple[int, int]:
    people = {one.id: one for one in seekers}
    fit = sum(int(scores([people[one]], [people[other]], terms)[0, 0]) for one, other in suggestion.couples)
    return len(suggestion.couples), fit


@pytest.mark.parametrize("seed", range(25))
def test_no_other_way_has_more_couples_or_as_many_that_fit_better(seed: int) -> None:
    random = Random(seed)
    seekers = crowd(random, random.randint(1, 4), random.randint(1, 4))
    ours, theirs = sides(seekers)

    suggestion = assign(seekers, YEAR)

    assert value_of(suggestion, seekers, YEAR) == max(every_way(ours, theirs, YEAR))


@pytest.mark.parametrize("systems", [1, 7])
def test_a_large_crowd_gets_what_the_bare_assignment_gets(systems: int) -> None:
    seekers = crowd(Random(3), 120, 90, systems)
    ours, theirs = sides(seekers)
    worth, _codes = weights(ours, theirs, YEAR)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    fit = scores(ours, theirs, YEAR)
    bare = [(row, column) for row, column in zip(rows, columns, strict=True) if worth[row, column]]

    suggestion = assign(seekers, YEAR)

    assert value_of(suggestion, seekers, YEAR) == (len(bare), sum(int(fit[couple]) for couple in bare))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.randoms())
def test_the_same_people_in_any_order_get_the_same_partners(seed: int, order: Random) -> None:
    seekers = crowd(Random(seed), 12, 9)
    shuffled = list(seekers)
    order.shuffle(shuffled)

    assert assign(shuffled, YEAR) == assign(seekers, YEAR)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_everybody_is_in_one_couple_or_is_told_why_not(seed: int) -> None:
    seekers = crowd(Random(seed), 8, 11, 3)

    suggestion = assign(seekers, YEAR)

    paired = [person for couple in suggestion.couples for person in couple]
    assert sorted([*paired, *suggestion.alone]) == sorted(one.id for one in seekers)
    assert all(why_alone(reason) for reason in suggestion.alone.values())


def couples(seekers: list[Seeker], **terms: Any) -> tuple[Couple, ...]:
    return assign(seekers, Terms(YEAR.starts_on, YEAR.ends_on, **terms)).couples


def test_a_locked_couple_stays_though_others_would_fit_better() -> None:
    alike = {"interests": frozenset(TOPICS[:3])}
    seekers = [professional(1, **alike), professional(2), partner(3, **alike), partner(4)]

    assert couples(seekers) == ((1, 3), (2, 4))
    assert couples(seekers, together=frozenset({(1, 4)})) == ((1, 4), (2, 3))


def test_a_couple_kept_apart_never_appears_though_somebody_stays_alone() -> None:
    seekers = [professional(1), partner(2)]

    assert couples(seekers) == ((1, 2),)
    assert couples(seekers, apart=frozenset({(1, 2)})) == ()
    assert couples(seekers, apart=frozenset({(1, 2)}), together=frozenset({(1, 2)})) == ()
    assert couples(seekers, met_before=frozenset({(1, 2)})) == ()


def test_one_couple_more_comes_before_a_better_fit() -> None:
    alike = frozenset(TOPICS[:4])
    seekers = [
        professional(1, interests=alike, languages=frozenset({"Welsh", "Urdu"})),
        professional(2, languages=frozenset({"Welsh"})),
        partner(3, interests=alike, languages=frozenset({"Welsh"})),
        partner(4, languages=frozenset({"Urdu"})),
    ]

    assert couples(seekers) == ((1, 4), (2, 3))


@pytest.mark.parametrize(
    ("text", "name", "is_meant"),
    [
        ("My cousin Zoë, please", "Zoe Marsh", True),
        ("not with o'neill", "Seán O’Neill", True),
        ("MARSH", "Zoe Marsh", True),
        ("Marshall", "Zoe Marsh", False),
        ("anyone but Z", "Z Marsh", False),
        ("", "Zoe Marsh", False),
        ("لا أريد ليلى", "ليلى حداد", True),
        ("I will say it when we meet, and may ring", "Will May Marsh", True),
        ("I will say it when we meet", "Will Marsh", False),
        ("Will you ask me first? A friend is fine", "Will Friend", True),
        ("Will you ask me first?", "Will Marsh", False),
        ("not with Will", "Will Marsh", True),
        ("will", "Will Marsh", True),
        ("will marsh", "Will Marsh", True),
        ("Nobody from my ward", "Anna Ward", False),
        ("Nobody. Except Ward!", "Anna Ward", True),
        ("Dr Patel", "Dr Ada Birch", False),
        ("Dr Patel", "Dr Anil Patel", True),
        ("Please not Mrs Jones", "Mrs Oriel Marsh", False),
        ("Maria de Souza", "Ana de Lima", False),
        ("Maria de Souza", "João de Souza", True),
        ("Mr van Dijk", "Joost van Gogh", False),
        ("Ahmed al Rashid", "Noor al Farsi", False),
        ("nobody from St Mary's", "Jo St Clair", False),
        ("My sister, and my old boss", "My Nguyen", False),
        ("An old friend", "An Li", False),
        ("not An Li", "An Li", True),
    ],
)
def test_a_name_in_ones_private_list_forbids_the_couple(text: str, name: str, *, is_meant: bool) -> None:
    one, other = professional(never_with=text), partner(name=name)
    wanted = Against.NEVER_WITH if is_meant else Against.NOTHING

    assert bool(names(text, [other])) is is_meant
    assert against([one], [other], YEAR)[0, 0] == wanted
    assert against([professional(name=name)], [partner(never_with=text)], YEAR)[0, 0] == wanted


def test_a_local_system_is_the_same_however_it_is_written() -> None:
    assert plain_words("The Saltmarsh & Fenby ") == plain_words("saltmarsh and  FENBY") == "saltmarsh and fenby"
    one, other = professional(local_system="SMH"), partner(local_system="Saltmarsh")
    told = Terms(
        YEAR.starts_on, YEAR.ends_on, same_systems=(("Saltmarsh", "Saltmarsh Health"), ("smh", "Saltmarsh health"))
    )

    assert against([one], [other], YEAR)[0, 0] == Against.SYSTEM
    assert against([one], [other], told)[0, 0] == Against.NOTHING
    assert against([professional(local_system="")], [partner(local_system="")], YEAR)[0, 0] == Against.SYSTEM


@pytest.mark.parametrize(
    ("seekers", "why"),
    [
        ([professional(1)], Alone.NOBODY),
        ([professional(1), partner(2, local_system="Fenby")], Alone.SYSTEM),
        ([professional(1, languages=frozenset({"Urdu"})), partner(2, languages=frozenset({"Welsh"}))], Alone.LANGUAGE),
        ([professional(1, name="Bram", never_with="Nell"), partner(2, name="Nell")], Alone.APART),
        ([professional(1), professional(3), partner(2)], Alone.PLACED),
    ],
)
def test_whoever_is_left_is_told_the_reason(seekers: list[Seeker], why: Alone) -> None:
    left = assign(seekers, YEAR).alone

    assert left
    assert set(left.values()) == {why}


def test_whoever_could_only_meet_somebody_already_locked_is_not_told_there_is_nobody() -> None:
    seekers = [professional(1), professional(3), partner(2)]
    locked = Terms(YEAR.starts_on, YEAR.ends_on, together=frozenset({(1, 2)}))

    assert assign(seekers, locked).alone == {3: Alone.PLACED}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, Alone.PLACED),
        ({"never_with": "Nell"}, Alone.APART),
        ({"languages": frozenset({"Urdu"})}, Alone.LANGUAGE),
        ({"local_system": "Fenby"}, Alone.SYSTEM),
    ],
)
def test_the_reason_counts_those_who_are_kept_together_as_well(fields: dict[str, Any], why: Alone) -> None:
    nell = partner(2, name="Nell", languages=frozenset({"Welsh"}))
    bram = partner(4, name="Bram")
    apart = frozenset({(3, 4)} if why != Alone.LANGUAGE else set())
    people = [professional(1), nell, professional(3, **fields)]
    locked = Terms(YEAR.starts_on, YEAR.ends_on, together=frozenset({(1, 2)}), apart=apart)

    assert assign(people, locked).alone == {3: why}
    if why == Alone.PLACED:
        assert assign([*people, bram], locked).alone == {3: Alone.PLACED, 4: Alone.PLACED}


@pytest.mark.parametrize("zones", [("Europe/London", "America/New_York"), ("Europe/London", "Australia/Adelaide")])
def test_minutes_in_common_are_those_of_the_calendar_over_every_change_of_the_clocks(zones: tuple[str, str]) -> None:
    def moments(zone: str, first: date, last: date) -> list[tuple[str, datetime, datetime]]:
        days = [first + timedelta(days=number) for number in range(-1, (last - first).days + 2)]
        return [
            (
                f"{DAYS[day.weekday()]}-{part}",
                datetime(day.year, day.month, day.day, start, tzinfo=ZoneInfo(zone)).astimezone(UTC),
                datetime(day.year, day.month, day.day, end, tzinfo=ZoneInfo(zone)).astimezone(UTC),
            )
            for day in days
            for part, (start, end) in PARTS_OF_DAY.items()
        ]

    first, last = date(2026, 9, 28), date(2026, 11, 15)
    counted = dict.fromkeys(itertools.product(TIMES_OF_THE_WEEK, TIMES_OF_THE_WEEK), 0.0)
    for time, start, end in moments(zones[0], first, last):
        if first <= start.astimezone(ZoneInfo(zones[0])).date() <= last:
            for other, starts, ends in moments(zones[1], first, last):
                counted[time, other] += max(0.0, (min(end, ends) - max(start, starts)).total_seconds() / 60)

    found = common_minutes(*zones, first, last)

    assert [found[row, column] for row in range(21) for column in range(21)] == list(counted.values())


def test_no_couple_fits_better_than_the_best() -> None:
    everything = {
        "interests": frozenset(TOPICS),
        "times": frozenset(TIMES_OF_THE_WEEK),
        "travel": TRAVEL[0],
        "languages": frozenset(LANGUAGES),
    }

    assert scores([professional(**everything)], [partner(**everything)], YEAR)[0, 0] == BEST


def test_access_needs_are_something_to_arrange_and_never_count_against_anybody() -> None:
    plain, needing = partner(2, name="Nell"), partner(2, name="Nell", access="A step-free room")

    assert scores([professional()], [plain], YEAR)[0, 0] == scores([professional()], [needing], YEAR)[0, 0]
    told = reasons(professional(), needing, YEAR)
    assert told.ask_about == ("Before they meet, arrange with \u2068Nell\u2069: “A step-free room”",)
    assert told.speaks_for == ("Both are part of Saltmarsh.",)


def test_two_from_one_workplace_are_asked_about_and_two_with_everybodys_mail_are_not() -> None:
    def asked(domain: str) -> tuple[str, ...]:
        return reasons(professional(mail_domain=domain), partner(mail_domain=domain), YEAR).ask_about

    assert asked("saltmarsh.example") == ("Both write from saltmarsh.example. Ask whether they know each other.",)
    assert asked("gmail.com") == asked("virginmedia.com") == ()
