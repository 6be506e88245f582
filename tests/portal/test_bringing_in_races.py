"""Two managers at once, and workers that are killed: real threads, real processes, and the race shown without locks."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from cohorts.models import Cohort, Participant, Session
from pairs.models import Membership, Pair
from portal.bringing_in import actions, files, working
from portal.bringing_in.models import Import
from portal.tasks import work_on_imports
from tests.accounts.factories import make_staff
from tests.pairs.factories import at_once, make_cohort
from tests.portal.bringing import pair_row, pairs, people, read, send, sessions, work
from tests.unlocked import without_row_locks

pytestmark = pytest.mark.django_db(transaction=True)
State = Import.State
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def agreed(cohort: Cohort, what: str, table: Any, times: int) -> list[Import]:
    """The same table, sent, read and agreed to by so many managers, each claimed by a worker of its own."""
    return claimed([read(cohort, what, table) for _manager in range(times)])


def claimed(imports: list[Import]) -> list[Import]:
    for one in imports:
        actions.agree(one=one, by=one.owner)
        Import.objects.filter(pk=one.pk).update(state=State.SAVING, attempts=1, claimed_at=timezone.now())
        one.refresh_from_db()
    return imports


TABLES: dict[str, Any] = {
    "people": people(*([f"p{number}@in.test", f"Person {number}", "", ""] for number in range(30))),
    "pairs": pairs(*(pair_row(number) for number in range(5))),
    "sessions": sessions(["First day", "14/9/2027", "14:00", "", "", "", ""]),
}


@pytest.mark.parametrize("what", TABLES)
def test_the_same_table_at_the_same_moment_comes_in_once(what: str) -> None:
    cohort = make_cohort(places=5)
    imports = agreed(cohort, what, TABLES[what], times=6)

    told = at_once(lambda number: working.bring_in(imports[number]), threads=6)

    assert told == [True] * 6
    rows = len(TABLES[what]) - 1
    counts = sorted(Import.objects.values_list("new_count", "same_count"))
    assert counts == [(0, rows)] * 5 + [(rows, 0)]
    cohort.refresh_from_db()
    assert {
        "people": Participant.objects.count() == 30,
        "pairs": (Pair.objects.count(), Membership.objects.count(), cohort.places_taken) == (5, 10, 5),
        "sessions": Session.objects.count() == 1,
    }[what]


def test_without_the_lock_the_same_session_is_planned_twice() -> None:
    """The race is real: both look before either has written."""
    cohort = make_cohort()
    imports, both_have_looked = agreed(cohort, "sessions", TABLES["sessions"], times=2), Barrier(2)

    def unlocked(number: int) -> bool:
        looked = 'FROM "cohorts_session"'
        with without_row_locks(after=looked, then=lambda: both_have_looked.wait(timeout=30)):
            return working.bring_in(imports[number])

    assert at_once(unlocked, threads=2) == [True, True]
    assert Session.objects.count() == 2


def test_two_cohorts_at_once_make_each_account_once() -> None:
    imports = claimed([read(make_cohort(), "people", TABLES["people"]) for _cohort in range(4)])
    told = at_once(lambda number: working.bring_in(imports[number]), threads=4)
    assert told == [True] * 4
    assert User.objects.filter(email__endswith="@in.test").count() == 30
    assert Participant.objects.count() == 120


def test_eight_workers_at_once_take_it_once_and_two_clicks_agree_once() -> None:
    one = read(make_cohort(), "people", TABLES["people"])
    assert at_once(lambda _number: actions.agree(one=one, by=one.owner), threads=4) == [None] * 4
    claims = at_once(lambda _number: working.claim(), threads=8)
    assert [claim.attempts for claim in claims if claim is not None] == [1]


def test_a_worker_that_wakes_too_late_changes_nothing() -> None:
    cohort = make_cohort()
    [late] = agreed(cohort, "people", TABLES["people"], times=1)
    assert working.claim() is None
    Import.objects.update(claimed_at=timezone.now() - working.LEASE)
    again = work()
    assert (again.state, again.new_count) == (State.DONE, 30)
    with pytest.raises((working.ClaimLost, AssertionError, FileNotFoundError)):
        assert working.bring_in(late)
    assert Participant.objects.count() == 30
    again.refresh_from_db()
    assert again.state == State.DONE


def test_three_lost_workers_are_enough_and_it_can_be_tried_again() -> None:
    one = send(make_cohort(), "people", TABLES["people"])
    for _time in range(working.MOST_ATTEMPTS):
        assert working.claim() is not None
        Import.objects.update(claimed_at=timezone.now() - working.LEASE)
    assert working.claim() is None
    one.refresh_from_db()
    assert one.state == State.FAILED
    actions.try_again(one=one, by=one.owner)
    assert work().state == State.READ


def test_a_file_that_is_gone_fails_in_silence_and_saves_nothing(caplog: Any) -> None:
    one = send(make_cohort(), "people", TABLES["people"])
    files.place_of(one.path).unlink()
    for _time in range(4):
        work_on_imports()
    one.refresh_from_db()
    assert one.state == State.FAILED
    assert "in.test" not in caplog.text


KILLED = """
import django, time, os, signal
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = {media!r}
from django.db import connection
from portal.bringing_in import working

one = working.claim()
seen = 0

def dies(execute, sql, params, many, context):
    global seen
    done = execute(sql, params, many, context)
    if {after!r} in sql:
        print("REACHED", flush=True)
        time.sleep(60)
    return done

with connection.execute_wrapper(dies):
    working.work_on(one)
"""


@pytest.mark.parametrize(
    "after",
    [
        'INSERT INTO "accounts_user"',
        'INSERT INTO "cohorts_participant"',
        'INSERT INTO "pairs_membership"',
        '"done_at" =',
    ],
)
def test_kill_9_at_any_step_leaves_nothing_half_and_the_next_worker_does_it_once(
    after: str, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = make_cohort(places=5)
    one = read(cohort, "pairs", TABLES["pairs"])
    actions.agree(one=one, by=one.owner)
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONWARNINGS": "ignore",
    }
    script = KILLED.format(media=str(media), after=after)
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"REACHED"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    _until_it_is_rolled_back(cohort)

    assert Pair.objects.count() == 0
    assert not User.objects.filter(email__endswith="@in.test").exists()
    assert files.place_of(one.path).exists()
    assert working.claim() is None
    Import.objects.update(claimed_at=timezone.now() - working.LEASE)
    done = work()

    assert (done.state, done.new_count) == (State.DONE, 5)
    cohort.refresh_from_db()
    assert (Pair.objects.count(), Membership.objects.count(), cohort.places_taken) == (5, 10, 5)


def _until_it_is_rolled_back(cohort: Cohort) -> None:
    """PostgreSQL notices a dead client within moments: then the cohort can be locked."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()")
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("the killed worker's transaction is still open")


@pytest.mark.slow
def test_50_000_rows_come_in_and_one_bad_row_holds_them_all_back() -> None:
    cohort, manager = make_cohort(), make_staff(Role.MANAGER)
    rows = [[f"p{number}@in.test", f"Person {number}", "Nurse", "Ward"] for number in range(50_000)]
    bad = [*rows[:31_337], ["nobody", "Person", "", ""], *rows[31_338:]]
    one = read(cohort, "people", people(*bad), by=manager)
    assert (one.problem_count, one.new_count) == (1, 49_999)
    assert files.found(one, "problem")[0]["row"] == 31_339
    assert not User.objects.filter(email__endswith="@in.test").exists()

    right = read(cohort, "people", people(*rows), by=manager)
    actions.agree(one=right, by=manager)
    began = timezone.now()
    done = work()

    assert (done.state, done.new_count, Participant.objects.count()) == (State.DONE, 50_000, 50_000)
    assert timezone.now() - began < timedelta(seconds=240), "Celery ends its worker's task then"
