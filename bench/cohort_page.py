"""A cohort's page in the console with 20, 200 and 2,000 pairs, against one query and one table by hand.

    python bench/cohort_page.py [rounds]

DESIGN §7: with 200 pairs at most 1.5 times the page by hand, which lists all of them; at most 12 queries, the same
with 20 and with 2,000 pairs.
"""

import sys
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (20, 200, 2_000)
WANTED, MOST_QUERIES = 1.5, 12
BY_HAND = """
    SELECT pair.id, pair.challenge, pair.ended_at, min(person.name), max(person.name), count(member.id),
        (SELECT count(*) FROM pairs_invitation invitation
            WHERE invitation.pair_id = pair.id AND invitation.state = 'sent')
    FROM pairs_pair pair
        LEFT JOIN pairs_membership member ON member.pair_id = pair.id AND member.ended_at IS NULL
        LEFT JOIN cohorts_participant part ON part.id = member.participant_id
        LEFT JOIN accounts_user person ON person.id = part.user_id
    WHERE pair.cohort_id = %s GROUP BY pair.id ORDER BY pair.id
"""
PAGES = (("first page", ""), ("filtered", "?q=challenge+1"), ("sorted", "?sort=challenge"))


def main(rounds: int) -> int:
    from bench.log import database

    with database():
        return measure(rounds)


def measure(rounds: int) -> int:
    from bench import pages

    client, failed, counts = pages.manager(), False, set()
    print(f"{'pairs':>6} {'page':<12} {'ours ms':>8} {'queries':>8} {'kB':>6} {'by hand ms':>11} {'ratio':>6}")
    for size in SIZES:
        cohort = seeded(size)
        heads = ["id", "challenge", "ended", "one", "other", "here", "asked"]
        limit = pages.by_hand(client, BY_HAND, [cohort.pk], heads, rounds)
        for name, query in PAGES:
            took, queries, size_bytes = pages.measured(client, f"/staff/cohorts/{cohort.slug}/{query}", rounds)
            counts.add((name, queries))
            failed |= queries > MOST_QUERIES or (size == 200 and took > WANTED * limit)
            line = f"{size:>6} {name:<12} {took:>8.1f} {queries:>8} {size_bytes / 1000:>6.0f} {limit:>11.1f}"
            print(f"{line} {took / limit:>6.2f}")
    failed |= len(counts) != len(PAGES)
    print(f"at most {WANTED} times by hand at 200, at most {MOST_QUERIES} queries, the same at each size: ", end="")
    print("TOO SLOW" if failed else "good")
    return int(failed)


def seeded(size: int) -> Any:
    """A running cohort of so many full pairs and forty sessions."""
    from datetime import time, timedelta

    from django.db import connection, transaction

    from cohorts.models import Cohort, Session
    from portal.seed import programme
    from portal.seed.rows import BASE, nothing

    programme.PAIRS_A_COHORT = size
    with transaction.atomic():
        people = programme.people(2 * size, f"cohort-{size}", nothing)
        programme.pairs(size, people, f"cohort-{size}", nothing)
        cohort = Cohort.objects.latest("pk")
        Session.objects.bulk_create(
            Session(
                cohort=cohort,
                title=f"Session {number}",
                held_on=BASE.date() + timedelta(days=7 * number + Random(number).randrange(3)),
                starts_at=time(14, 0),
                created_at=BASE,
                timed_at=BASE,
            )
            for number in range(40)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return cohort


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
