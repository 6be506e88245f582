"""The queue: take an import that waits, read it or bring it in, note what came of it.

The row is the queue. A claim has a number (`attempts`) and a lease: a worker that wakes after its lease has ended
changes nothing. Bringing in is one transaction: when its worker is killed nothing of it is there, and it is done anew.
"""

import logging
import traceback
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

import cohorts.actions
from accounts import audit
from cohorts.exceptions import CohortsError
from portal.bringing_in import files, reading
from portal.bringing_in.checking import Checker, Done, Findings, Report, Verdict, WrongHead, findings, go_through
from portal.bringing_in.columns import SHEETS
from portal.bringing_in.models import Import
from portal.bringing_in.pairs import Pairs
from portal.bringing_in.people import People
from portal.bringing_in.reading import Problem
from portal.bringing_in.rows import NotATable
from portal.bringing_in.sessions import Sessions

logger = logging.getLogger(__name__)

State = Import.State
CHECKERS: dict[str, type[Checker]] = {"people": People, "pairs": Pairs, "sessions": Sessions}
# Celery ends a worker's task after 240 seconds: well before another may take its place.
LEASE = timedelta(minutes=6)
MOST_ATTEMPTS = 3
# So many at a time, whatever the number of workers, so that mail never waits behind tables.
AT_A_TIME = 1
# A file that no row names is left alone so long: its row may be on the way.
UNKNOWN_KEPT = timedelta(days=1)


class ClaimLost(Exception):
    """Another worker has this import by now."""


class NothingSaved(Exception):
    """What was right when it was read is not any more: nothing may be saved."""


def work_on_next() -> bool:
    """Read, or bring in, the import that waits longest; False when none waits or enough are worked on."""
    one = claim()
    if one is None:
        return False
    try:
        work_on(one)
    except ClaimLost:
        logger.warning("import.claim_lost", extra={"import_id": one.pk})
    except Exception as error:
        # A message could quote somebody's address: where and what kind is all that may reach a log.
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        logger.error("import.failed", extra={"import_id": one.pk, "error": type(error).__name__, "place": place})
    finally:
        give_back(one)
    return True


def work_on(one: Import) -> None:
    if one.state == State.SAVING:
        bring_in(one)
    else:
        read(one)


@transaction.atomic
def claim(at: datetime | None = None) -> Import | None:
    """Take the import that waits longest, or one whose worker was lost; None when there is none to take.

    After MOST_ATTEMPTS lost claims it has failed. Two workers never hold the same claim.
    """
    at = at or timezone.now()
    with connection.cursor() as cursor:  # one worker counts at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portal.import.claim'))")
    lost = Q(state__in=[State.READING, State.SAVING], claimed_at__lte=at - LEASE)
    Import.objects.filter(lost, attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED)
    if Import.objects.filter(state__in=[State.READING, State.SAVING], claimed_at__gt=at - LEASE).count() >= AT_A_TIME:
        return None
    queue = Import.objects.filter(Q(state__in=[State.WAITING, State.AGREED]) | lost).order_by("created_at", "pk")
    one = queue.select_for_update(of=("self",), skip_locked=True).first()
    if one is None:
        return None
    if not one.report_path:
        # The place stands in the row before there is a file, so that no file is ever left that no row knows.
        one.report_path = files.new_place(".jsonl")
    one.state = State.SAVING if one.state in (State.AGREED, State.SAVING) else State.READING
    one.claimed_at, one.attempts, one.rows_done = at, one.attempts + 1, 0
    one.save(update_fields=["state", "claimed_at", "attempts", "report_path", "rows_done"])
    return one


def claim_of(one: Import) -> QuerySet[Import]:
    """The row of an import as long as this very claim of it stands."""
    return Import.objects.filter(pk=one.pk, state=one.state, attempts=one.attempts)


def give_back(one: Import) -> None:
    """Let a claimed import that is not finished be taken up again, or give it up after MOST_ATTEMPTS."""
    waits = State.AGREED if one.state == State.SAVING else State.WAITING
    claim_of(one).update(state=Case(When(attempts__gte=MOST_ATTEMPTS, then=Value(State.FAILED)), default=Value(waits)))


# ---- Reading ----


def read(one: Import, *, again: bool = False) -> bool:
    """Go through the file of a claimed import and note what it would do; whether the claim still stood.

    `again`: it was right before, and something in the cohort has changed since.
    """

    def note(done: int, total: int) -> None:
        claim_of(one).update(rows_done=done, rows_total=total)

    with files.report(one.report_path) as file:
        report = Report(file)
        found = _found(one, report, note)
    noted = found.columns | {"state": State.READ, "attempts": 0, "changed_meanwhile": again, "agreed_by": None}
    return bool(claim_of(one).update(rows_done=F("rows_total"), **noted))


def _found(one: Import, report: Report, note: Done) -> Findings:
    sheet, checker = SHEETS[one.what], CHECKERS[one.what](one.cohort)
    found = Findings()
    try:
        with reading.table(files.place_of(one.path), sheet) as table:
            found = findings(table, go_through(table, checker, report=report, on_done=note), report)
    except NotATable as error:
        report.problem(Problem(0, "", "", str(error)))
        found.problems += 1
    except WrongHead as error:
        found.problems += error.count
    if not found.problems and not found.outcomes:
        report.problem(Problem(0, "", "", _("There are no rows below the heads. Fill in the first one.")))
        found.problems = 1
    return found


# ---- Bringing in ----


def bring_in(one: Import, at: datetime | None = None) -> bool:
    """Save every new row of an import that was agreed to, or nothing at all; whether it was saved.

    Everything is asked again under the lock of the cohort, of the database as it is now. If a row is wrong by now,
    nothing is saved, and the import is back where it was, with a line for each problem. Raises ClaimLost.
    """
    try:
        with transaction.atomic():
            found = _save_all(one, at or timezone.now())
            _finish(one, found, at or timezone.now())
    except (NothingSaved, CohortsError):
        read(one, again=True)
        return False
    return True


def _save_all(one: Import, at: datetime) -> Findings:
    cohort = cohorts.actions.lock(one.cohort)
    checker = CHECKERS[one.what](cohort)
    report = Report(None)

    def note(done: int, total: int) -> None:
        cache.set(progress_key(one), (done, total), timeout=600)

    def saved(some: Iterator[list[Verdict]]) -> Iterator[Sequence[Verdict]]:
        for verdicts in some:
            if any(verdict.problems for verdict in verdicts):
                raise NothingSaved
            checker.save(verdicts, by=one.agreed_by, at=at)
            yield verdicts

    try:
        with reading.table(files.place_of(one.path), SHEETS[one.what]) as table:
            return findings(table, saved(go_through(table, checker, report=report, on_done=note)), report)
    except (NotATable, WrongHead, FileNotFoundError) as error:
        raise NothingSaved from error


def _finish(one: Import, found: Findings, at: datetime) -> None:
    """Note that it is done, in the transaction that did it, and delete its files. Raises ClaimLost."""
    finished = claim_of(one).update(
        **found.columns, state=State.DONE, done_at=at, attempts=0, path="", report_path="", file_name=""
    )
    if not finished:
        raise ClaimLost
    files.remove(one.path, one.report_path)
    audit.record(verb="import.done", by=one.agreed_by, target=one, cohort=one.cohort_id, new=found.outcomes["new"])


def progress_key(one: Import) -> str:
    """Where the progress of a transaction is told, which itself is seen by nobody until its end."""
    return f"import-progress:{one.pk}:{one.attempts}"


def progress_of(one: Import) -> tuple[int, int]:
    """Rows done, of about how many; zeros when nothing is known."""
    if one.state != State.SAVING:
        return one.rows_done, one.rows_total
    done, total = cache.get(progress_key(one)) or (0, one.rows_total)
    return done, total


# ---- Clearing ----


def clear(at: datetime | None = None) -> None:
    """Delete what nobody finished in time, its files with it. What was brought in keeps its row, which holds counts."""
    at = at or timezone.now()
    expired = Import.objects.filter(expires_at__lte=at).exclude(state=State.DONE)
    for pk in expired.values_list("pk", flat=True):
        remove(pk)
    files.remove_unknown(before=at - UNKNOWN_KEPT)


@transaction.atomic
def remove(pk: int) -> bool:
    """Delete an import that is not done, and its files; whether there was one. What is being saved loses its claim."""
    one = Import.objects.select_for_update().filter(pk=pk).exclude(state=State.DONE).first()
    if one is None:
        return False
    files.remove(one.path, one.report_path)
    one.delete()
    return True
