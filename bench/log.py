"""The list of a log and a search in it, among 200,000 entries of 50,000 people, against one hand-written query each.

    python bench/log.py [entries]

DESIGN §7: at most twice what the database needs for the bare query. Ours is the sum over every query of the page that
touches the log (tags, filters, counts, who else reads it, and the rule itself); the bare one knows beforehand which
pair, cohort and programme its reader belongs to, and asks only for the fifty newest entries with their first words.
"""

import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.embedded import Postgres, Valkey  # noqa: E402  (found only after the line above)

ENTRIES_A_PAIR, LONG_LOG, TURNS, WANTED = 8, 400, 7, 2.0
ASKED = "kettle"

READABLE = """
    WITH readable AS (
        SELECT version.id FROM learning_log_voice voice
            JOIN learning_log_voiceversion version ON version.voice_id = voice.id AND version.number = voice.version
            WHERE voice.author_id = %(user)s
        UNION
        SELECT version.id FROM learning_log_entry entry
            JOIN learning_log_voice voice ON voice.entry_id = entry.id AND voice.author_id <> %(user)s
            JOIN learning_log_voiceversion version
                ON version.voice_id = voice.id AND version.number = voice.shared_version
            WHERE entry.pair_id = %(pair)s
        UNION
        SELECT held.version_id FROM learning_log_release release
            JOIN learning_log_entry entry ON entry.id = release.entry_id
            JOIN pairs_pair pair ON pair.id = entry.pair_id
            JOIN cohorts_cohort cohort ON cohort.id = pair.cohort_id
            JOIN learning_log_releasedversion held ON held.release_id = release.id
            WHERE release.released_at IS NOT NULL AND release.ended_at IS NULL AND release.ends_at > now()
                AND ((release.audience = 'cohort' AND cohort.id = %(cohort)s)
                    OR (release.audience = 'network' AND cohort.programme_id = %(programme)s))
                AND NOT EXISTS (SELECT FROM learning_log_consent consent
                    WHERE consent.release_id = release.id AND consent.withdrawn_at IS NOT NULL)
    )
    SELECT version.id, version.title, version.happened_on, left(array_to_string(version.answers, ' '), 540),
        version.approaches, version.tags, voice.entry_id, voice.author_id
    FROM readable JOIN learning_log_voiceversion version USING (id)
        JOIN learning_log_voice voice ON voice.id = version.voice_id
"""
BARE_LIST = READABLE + "ORDER BY version.happened_on DESC, voice.entry_id DESC LIMIT 51"
BARE_SEARCH = (
    READABLE
    + """
        JOIN learning_log_searchedwords searched ON searched.version_id = version.id
    WHERE searched.title || searched.words @@ websearch_to_tsquery('learning_log_words', '%(asked)s')
    ORDER BY version.happened_on DESC, voice.entry_id DESC LIMIT 51
"""
)


@dataclass(frozen=True)
class Cost:
    """What one run of some queries takes of the database, in milliseconds."""

    planning: float
    execution: float


@contextmanager
def database() -> Iterator[None]:
    """A PostgreSQL as in production, migrated and empty, and Django set up for it."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        here = Path(folder)
        with Postgres(here / "postgres") as postgres, Valkey(here / "valkey") as valkey:
            os.environ.update(
                DEMO="1",
                DEBUG="0",
                SECRET_KEY="only-for-the-bench-" + "x" * 50,
                DATABASE_URL=postgres.url,
                REDIS_URL=valkey.url,
                DATA_DIR=str(here / "data"),
                PORT="8000",
                DJANGO_SETTINGS_MODULE="config.settings",
            )
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            yield


def fill(entries: int) -> list[tuple[str, Any]]:
    """The readers to measure: one of a usual pair, and one whose pair has written LONG_LOG entries."""
    from django.db import connection, transaction

    from pairs.models import Membership
    from portal import seed
    from portal.seed import programme
    from portal.seed.rows import nothing

    pairs = max(2, entries // ENTRIES_A_PAIR)
    seed.fill(seed.Size(2 * pairs, pairs, entries, 0), seed=1)
    usual, busy = Membership.objects.filter(side="partner").select_related("participant__user").order_by("pk")[:2]
    one, two = Membership.objects.filter(pair=busy.pair_id).values_list("participant__user_id", flat=True)
    with transaction.atomic():
        programme.entries(LONG_LOG, [(busy.pair_id, one, two)], Random(2), nothing)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [("a usual log", usual), (f"a log of {LONG_LOG} entries", busy)]


def cost(queries: Sequence[str]) -> Cost:
    """The median of several runs of all these queries, as PostgreSQL itself measures them."""
    from django.db import connection

    turns = []
    with connection.cursor() as cursor:
        for _turn in range(TURNS):
            plans = []
            for query in queries:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}")
                found = cursor.fetchone()[0]
                plans.append((json.loads(found) if isinstance(found, str) else found)[0])
            turns.append((sum(plan["Planning Time"] for plan in plans), sum(plan["Execution Time"] for plan in plans)))
    return Cost(*(statistics.median(turn[part] for turn in turns) for part in (0, 1)))


def ours(client: Any, address: str) -> tuple[list[str], float]:
    """The queries of a page that touch the log, and the seconds a page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address, secure=True)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address, secure=True)
    assert page.status_code == 200, (address, page.status_code)
    queries = [
        one["sql"] for one in captured if one["sql"].startswith(("SELECT", "(SELECT")) and "learning_log" in one["sql"]
    ]
    began = time.perf_counter()
    for _turn in range(TURNS):
        client.get(address, secure=True)
    seconds = (time.perf_counter() - began) / TURNS
    return queries, seconds


def bare(query: str, reader: Any) -> str:
    """A limit's query for this reader, who is known by the numbers of everything they belong to."""
    pair = reader.pair
    ids = {"user": reader.participant.user_id, "pair": pair.pk, "cohort": pair.cohort_id}
    return query % (ids | {"programme": pair.cohort.programme_id, "asked": ASKED})


def main() -> int:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    failed = 0
    with database():
        from django.conf import settings
        from django.test import Client

        from learning_log.finding import log_of

        settings.ALLOWED_HOSTS = ["testserver"]
        began = time.perf_counter()
        readers = fill(entries)
        seconds = time.perf_counter() - began
        print(f"{entries:,} entries of {2 * (entries // ENTRIES_A_PAIR):,} people, written in {seconds:.0f} s")
        for name, reader in readers:
            client = Client()
            client.force_login(reader.participant.user, backend=settings.AUTHENTICATION_BACKENDS[0])
            readable = len(log_of(reader.participant.user).entries)
            for work, address, limit in (
                ("list", "/log/", BARE_LIST),
                ("search", f"/log/?q={ASKED}", BARE_SEARCH),
            ):
                queries, seconds = ours(client, address)
                our, least = cost(queries), cost([bare(limit, reader)])
                ratio = our.execution / least.execution
                failed |= ratio > WANTED
                print(
                    f"{work:<7}{name:<24}{readable:5} to read {len(queries):3} queries {our.execution:7.2f} ms"
                    f" (planned {our.planning:6.2f})  page {seconds * 1000:4.0f} ms  limit {least.execution:7.2f} ms"
                    f" (planned {least.planning:5.2f})  ratio {ratio:4.2f}  {'ok' if ratio <= WANTED else 'ABOVE'}",
                    flush=True,
                )
                if "--plans" in sys.argv:
                    explain(queries)
    return failed


def explain(queries: Sequence[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"EXPLAIN ANALYZE {query}")
            print(re.sub(r"\s+", " ", query)[:300])
            print("\n".join("    " + row[0] for row in cursor.fetchall()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
