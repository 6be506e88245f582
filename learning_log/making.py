"""Making copies in the background: claim one, make its file in a process of its own, note what came of it.

The row is the queue. A claim has a number (`attempts`) and a lease: a worker that wakes after its lease has ended
changes nothing. A book with many pictures takes half a gigabyte, so it is made in a child process that gives it back.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from config.attached import attached
from learning_log import actions, copying, media_files
from learning_log.actions.copying import COPIES_KEPT
from learning_log.copying import Contents, Incomplete
from learning_log.models import Copy
from learning_log.querysets import CopyQuerySet
from learning_log.taking_away import pdf, plain_data, web, word
from learning_log.taking_away.book import Book

# A child is ended before Celery ends its worker's task (240 seconds), and well before another may take its place.
CHILD_SECONDS = 220
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
# So many at a time, whatever the number of workers: for the memory, and so that mail never waits behind books.
AT_A_TIME = 1

State = Copy.State
MAKERS: dict[str, Callable[[Book], bytes]] = {
    Copy.Form.PDF: pdf.make,
    Copy.Form.WORD: word.make,
    Copy.Form.WEB: web.make,
    Copy.Form.DATA: plain_data.make,
}


def make_next() -> bool:
    """Have the copy that waits longest made by a child process; False when none waits or enough are being made."""
    copy = claim()
    if copy is None:
        return False
    command = [sys.executable, "-m", "django", "make_copy", str(copy.pk), str(copy.attempts)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                attached(command, on_parent_death=signal.SIGKILL),
                cwd=settings.BASE_DIR,
                env=environment,
                timeout=CHILD_SECONDS,
                check=False,
            )
    finally:
        give_back(copy)
    return True


@transaction.atomic
def claim(at: datetime | None = None) -> Copy | None:
    """Take the copy that waits longest, or one whose worker was lost; None when there is none to take.

    After MOST_ATTEMPTS lost claims it has failed. Two workers never hold the same claim.
    """
    at = at or timezone.now()
    lost = Q(state=State.MAKING, claimed_at__lte=at - LEASE)
    Copy.objects.filter(lost, attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED)
    if Copy.objects.filter(state=State.MAKING, claimed_at__gt=at - LEASE).count() >= AT_A_TIME:
        return None
    queue = Copy.objects.filter(Q(state=State.WAITING) | lost).order_by("created_at", "pk")
    copy = queue.select_for_update(skip_locked=True).first()
    if copy is None:
        return None
    if copy.path:
        transaction.on_commit(partial(media_files.place_of(copy.path).unlink, missing_ok=True), robust=True)
    copy.state, copy.claimed_at, copy.attempts = State.MAKING, at, copy.attempts + 1
    # The place stands in the row before there is a file, so that no file is ever left that no row knows.
    copy.path = media_files.new_place("copies", f".{copy.form}")
    copy.entries_done = 0
    copy.save(update_fields=["state", "claimed_at", "attempts", "path", "entries_done"])
    return copy


def make(copy: Copy, at: datetime | None = None) -> bool:
    """Make the file of a copy that was claimed; whether it is ready. Not when the claim was lost or it would be empty.

    Raises Incomplete when something was taken back meanwhile: then it must be made anew.
    """
    contents = collect(copy, at or timezone.now())
    if not contents.book.entries:
        claim_of(copy).update(state=State.WITHDRAWN, path="")
        return False
    return write(copy, contents)


def collect(copy: Copy, at: datetime) -> Contents:
    """What belongs in a claimed copy; how far it is can be seen meanwhile. Raises Incomplete."""
    claimed = claim_of(copy)

    def note(done: int, total: int) -> None:
        claimed.update(entries_done=done, entries_total=total)

    return copying.contents_of(copy, at=at, on_done=note)


def write(copy: Copy, contents: Contents) -> bool:
    """Write the file and hand it over; False when the claim was lost.

    Before that it is asked once more if every word of others in it is still shared: Incomplete when one is not.
    """
    made = MAKERS[copy.form](contents.book)
    copy.others_versions, copy.others_responses = [*contents.others_versions], [*contents.others_responses]
    if not copying.is_still_shared(copy):
        raise Incomplete
    return _hand_over(copy, made, entries=len(contents.book.entries))


def claim_of(copy: Copy) -> CopyQuerySet:
    """The row of a copy as long as this very claim of it stands."""
    return Copy.objects.filter(pk=copy.pk, state=State.MAKING, attempts=copy.attempts)


def give_back(copy: Copy) -> None:
    """Let a claimed copy that is not ready be made anew, or give it up after MOST_ATTEMPTS."""
    waits = Case(When(attempts__gte=MOST_ATTEMPTS, then=Value(State.FAILED)), default=Value(State.WAITING))
    claim_of(copy).update(state=waits)


def clear(at: datetime | None = None) -> None:
    """Delete what has expired, and each file with words in it that are no longer shared with its owner."""
    at = at or timezone.now()
    with transaction.atomic():
        media_files.remove(Copy.objects.filter(expires_at__lte=at))
    held = Copy.objects.filter(state=State.READY).exclude(others_versions=[], others_responses=[])
    for copy in held.select_related("owner"):
        if not copying.is_still_shared(copy):
            actions.withdraw_copy(copy=copy)


def _hand_over(copy: Copy, made: bytes, *, entries: int) -> bool:
    place = media_files.place_of(copy.path)
    with open(place, "xb", opener=_private) as file:
        file.write(made)
    handed_over = claim_of(copy).update(
        state=State.READY,
        entries_done=entries,
        entries_total=entries,
        others_versions=copy.others_versions,
        others_responses=copy.others_responses,
        size_bytes=len(made),
        expires_at=timezone.now() + COPIES_KEPT,
    )
    if not handed_over:
        place.unlink(missing_ok=True)
    return bool(handed_over)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
