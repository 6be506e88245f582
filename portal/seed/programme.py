"""People, cohorts, pairs and their entries."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Case, F, OuterRef, Subquery, When

from accounts.models import User
from cohorts.models import Cohort, Participant, Programme
from learning_log.models import Consent, Entry, Release, ReleasedVersion, Voice, VoiceVersion
from pairs.models import Membership, Pair
from portal.seed.rows import BASE, Progress, copy, first_free_id, nothing
from portal.seed.words import sentence

PAIRS_A_COHORT, COHORTS_A_PROGRAMME = 200, 10

# Of a hundred entries shared with the pair, so many go on to each of these, with everybody's consent.
RELEASED = {Release.Audience.COHORT: 10, Release.Audience.PUBLIC: 5, Release.Audience.NETWORK: 2}

# A pair as the entries need it: its id and the ids of its two people.
SeededPair = tuple[int, int, int]


def people(count: int, batch: str, progress: Progress) -> range:
    """`count` accounts that nobody can sign in to; their ids."""
    first = first_free_id(User)
    ids = range(first, first + count)
    locked = make_password(None)
    addresses = [f"seed-{batch}-{number}@seed.test" for number in ids]
    copy(
        User,
        [
            "id", "password", "is_superuser", "email", "name", "role_title", "organisation", "called", "time_zone",
            "large_text", "is_active", "is_staff", "joined_at",
        ],
        (
            (number, locked, False, address, f"Person {number}", "Nurse", "Seed Infirmary", "carer", "Europe/London",
             False, True, False, BASE)
            for number, address in zip(ids, addresses, strict=True)
        ),
        progress,
    )  # fmt: skip
    copy(
        EmailAddress,
        ["user", "email", "verified", "primary"],
        ((number, address, True, True) for number, address in zip(ids, addresses, strict=True)),
        nothing,
    )
    return ids


def pairs(count: int, people: range, batch: str, progress: Progress) -> list[SeededPair]:
    """`count` running pairs in cohorts of PAIRS_A_COHORT places."""
    if not count:
        return []
    cohort_count = (count + PAIRS_A_COHORT - 1) // PAIRS_A_COHORT
    programmes = Programme.objects.bulk_create(
        Programme(
            name=f"Seeded programme {batch} {number}",
            slug=f"seeded-{batch}-{number}",
            charity="Seed Fund",
            created_at=BASE,
        )
        for number in range((cohort_count + COHORTS_A_PROGRAMME - 1) // COHORTS_A_PROGRAMME)
    )
    cohorts = Cohort.objects.bulk_create(
        Cohort(
            programme=programmes[number // COHORTS_A_PROGRAMME],
            name=f"Seeded cohort {batch} {number}",
            slug=f"seeded-{batch}-{number}",
            places=PAIRS_A_COHORT,
            places_taken=min(PAIRS_A_COHORT, count - number * PAIRS_A_COHORT),
            starts_on=BASE.date() - timedelta(days=60),
            ends_on=BASE.date() + timedelta(days=240),
            state=Cohort.State.RUNNING,
            created_at=BASE,
        )
        for number in range(cohort_count)
    )
    first_pair, first_participant = first_free_id(Pair), first_free_id(Participant)
    made = [
        (first_pair + number, people[2 * number], people[2 * number + 1], cohorts[number // PAIRS_A_COHORT].pk)
        for number in range(count)
    ]
    copy(
        Pair,
        ["id", "cohort", "challenge", "challenge_summary", "funding", "holds_place", "created_at"],
        ((pair, cohort, f"Shared challenge {pair}", "", "", True, BASE) for pair, _one, _two, cohort in made),
        progress,
    )
    members = [
        (first_participant + 2 * number + side, cohort, user, pair, side)
        for number, (pair, one, two, cohort) in enumerate(made)
        for side, user in enumerate((one, two))
    ]
    copy(
        Participant,
        ["id", "cohort", "user", "joined_at"],
        ((participant, cohort, user, BASE) for participant, cohort, user, _pair, _side in members),
        nothing,
    )
    sides = (Membership.Side.PROFESSIONAL.value, Membership.Side.PARTNER.value)
    copy(
        Membership,
        ["pair", "participant", "cohort", "side", "joined_at", "end_reason"],
        ((pair, participant, cohort, sides[side], BASE, "") for participant, cohort, _user, pair, side in members),
        nothing,
    )
    return [(pair, one, two) for pair, one, two, _cohort in made]


def approaches(random: Random) -> list[str]:
    """One of the five, or none."""
    return random.choice([[], *([value] for value in Entry.Theme.values)])


def entries(count: int, pairs: Sequence[SeededPair], random: Random, progress: Progress) -> None:
    """`count` entries over all pairs, six in ten shared with the partner."""
    if not count:
        return
    first_entry, first_voice = first_free_id(Entry), first_free_id(Voice)
    made = []
    for number in range(count):
        pair, *members = pairs[number % len(pairs)]
        at = BASE - timedelta(minutes=random.randrange(60 * 24 * 300))
        made.append((number, pair, members[random.randrange(2)], at, sentence(random, 60), random.random() < 0.6))
    copy(
        Entry,
        ["id", "pair", "started_by", "form_key", "created_at", "title", "is_joint", "is_sealed"],
        (
            (first_entry + number, pair, author, uuid.UUID(int=random.getrandbits(128), version=4), at, "", False,
             False)
            for number, pair, author, at, _body, _shared in made
        ),
        progress,
    )  # fmt: skip
    # The composite foreign key to the shared version is checked at commit, so voices may come first.
    copy(
        Voice,
        ["id", "entry", "author", "version", "saved_at", "shared_version", "shared_at"],
        (
            (first_voice + number, first_entry + number, author, 1, at, 1 if shared else None, at if shared else None)
            for number, _pair, author, at, _body, shared in made
        ),
        nothing,
    )  # fmt: skip
    first_version = first_free_id(VoiceVersion)
    copy(
        VoiceVersion,
        [
            "id", "voice", "number", "title", "happened_on", "answers", "next_step", "approaches", "tags", "is_kept",
            "began_at", "saved_at", "saved_by",
        ],
        (
            (first_version + number, first_voice + number, 1, sentence(random, 4), at.date(), [body], "",
             approaches(random), [], True, at, at, author)
            for number, _pair, author, at, body, _shared in made
        ),
        nothing,
    )  # fmt: skip
    partner_of = {one: two for _pair, *members in pairs for one, two in (members, members[::-1])}
    releases(
        [
            (first_entry + number, first_version + number, author, partner_of[author], at)
            for number, _pair, author, at, _body, shared in made
            if shared
        ],
        random,
    )


def releases(shared: Sequence[tuple[int, int, int, int, datetime]], random: Random) -> None:
    """Some of these (entry, version, author, partner, when) go further, as RELEASED says."""
    audiences = [*RELEASED, None]
    weights = [*RELEASED.values(), 100 - sum(RELEASED.values())]
    drawn = zip(random.choices(audiences, weights, k=len(shared)), shared, strict=True)
    made = [(audience, *row) for audience, row in drawn if audience]
    first, needs_both = first_free_id(Release), Release.Audience.PUBLIC
    copy(
        Release,
        [
            "id", "entry", "entry_is_joint", "audience", "title", "happened_on", "allows_responses", "ends_at",
            "needs_both", "proposed_by", "proposed_at",
        ],
        (
            (first + number, entry, False, audience.value, "", at.date(), False, BASE + timedelta(days=365),
             audience is needs_both, author, at)
            for number, (audience, entry, _version, author, _partner, at) in enumerate(made)
        ),
        nothing,
    )  # fmt: skip
    copy(
        ReleasedVersion,
        ["release", "version"],
        ((first + number, version) for number, (_audience, _entry, version, *_rest) in enumerate(made)),
        nothing,
    )
    copy(
        Consent,
        ["release", "person", "given_at"],
        (
            (first + number, person, at)
            for number, (audience, _entry, _version, author, partner, at) in enumerate(made)
            for person in ((author, partner) if audience is needs_both else (author,))
        ),
        nothing,
    )
    given = Consent.objects.filter(release=OuterRef("pk"))
    Release.objects.filter(pk__gte=first).update(
        released_at=F("proposed_at"),
        first_consent=Subquery(given.order_by("pk").values("pk")[:1]),
        second_consent=Case(When(needs_both=True, then=Subquery(given.order_by("-pk").values("pk")[:1]))),
    )
