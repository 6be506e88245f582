"""The applications board with 50, 500 and 5,000 applications, against one query and one table by hand.

    python bench/board.py [rounds]

Ten times as many applications may cost at most twice the time of the same page, at any depth, and ask the same
queries. The page by hand is one query and a bare table of fifty rows: what the filters, boxes, states, reviews and
means of the board cost beside it is shown, not judged. The reader is a manager, who sees every review.
"""

import html
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (50, 500, 5_000)
WANTED, MOST_QUERIES, DEEP = 2.0, 12, 8
BY_HAND = """
    SELECT application.reference, application.challenge, application.state, application.local_system,
        application.sent_at, string_agg(DISTINCT applicant.name, ' and '), count(DISTINCT review.id)
    FROM (SELECT * FROM applications_application WHERE cohort_id = %s AND sent_at IS NOT NULL
            ORDER BY sent_at DESC, id DESC LIMIT 51) application
        LEFT JOIN applications_applicant applicant
            ON applicant.application_id = application.id AND applicant.left_at IS NULL
        LEFT JOIN applications_review review
            ON review.application_id = application.id AND review.submitted_at IS NOT NULL
    GROUP BY application.id, application.reference, application.challenge, application.state,
        application.local_system, application.sent_at
    ORDER BY application.sent_at DESC, application.id DESC
"""
PAGES = (
    ("first page", "?"),
    ("filtered", "?state=sent&system=System+1"),
    ("searched", "?q=Person+1"),
    ("by mean", "?sort=mean"),
    ("by challenge", "?sort=challenge"),
)


def main(rounds: int) -> int:
    from bench.log import database

    with database():
        return measure(rounds)


def measure(rounds: int) -> int:
    from bench import pages

    client, failed = pages.manager(), False
    asked: dict[str, set[int]] = {}
    before: dict[str, float] = {}
    print(
        f"{'sent':>6} {'page':<14} {'ours ms':>8} {'queries':>8} {'kB':>6} {'by hand ms':>11} {'ratio':>6} {'grown':>6}"
    )
    for size in SIZES:
        cohort = seeded(size)
        path = f"/staff/cohorts/{cohort.slug}/applications/"
        heads = ["reference", "challenge", "state", "system", "sent", "people", "reviews"]
        limit = pages.by_hand(client, BY_HAND, [cohort.pk], heads, rounds)
        for name, query in [*PAGES, *deep(client, path)]:
            took, queries, size_bytes = pages.measured(client, path + query, rounds)
            if size > SIZES[0]:
                asked.setdefault(name, set()).add(queries)
            # From 50 a page fills up as well, so growth is told from 500 on.
            grown = took / before[name] if size > SIZES[1] else 0
            before[name] = took
            failed |= queries > MOST_QUERIES or grown > WANTED
            line = f"{size:>6} {name:<14} {took:>8.1f} {queries:>8} {size_bytes / 1000:>6.0f} {limit:>11.1f}"
            print(f"{line} {took / limit:>6.2f} {f'{grown:.2f}' if grown else '–':>6}")
    failed |= any(len(counts) != 1 for counts in asked.values())
    print(f"at most {WANTED} times the time at ten times as many, at most {MOST_QUERIES} queries, the same: ", end="")
    print("TOO SLOW" if failed else "good")
    return int(failed)


def deep(client: Any, path: str) -> list[tuple[str, str]]:
    """The second page, and one far down, where there are as many."""
    found, query = [], "?"
    for number in range(1, DEEP + 1):
        onward = re.search(r'rel="next" href="([^"]+)"', client.get(path + query).content.decode())
        if onward is None:
            break
        query = html.unescape(onward[1])
        if number in (1, DEEP):
            found.append((f"page {number + 1}", query))
    return found


def seeded(size: int) -> Any:
    """A cohort with so many applications."""
    from django.db import connection, transaction

    from portal.seed import applications
    from portal.seed.rows import nothing

    with transaction.atomic():
        cohort = applications.applications(size, f"bench-{size}", Random(size), nothing)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return cohort


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
