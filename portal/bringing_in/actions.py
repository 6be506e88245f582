"""What can be done with a table that somebody sent. Every action is a programme manager's; the views see to that."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from cohorts.models import Cohort
from portal.bringing_in import files, working
from portal.bringing_in.exceptions import ImportGone, NotRight, TooManyImports
from portal.bringing_in.models import Import

# What nobody finishes is deleted so long after it was sent.
KEPT = timedelta(days=7)
MOST_WAITING = 10
State = Import.State


@transaction.atomic
def send_table(
    *, cohort: Cohort, what: str, upload: "UploadedFile[bytes]", form_key: UUID, by: User, at: datetime | None = None
) -> Import:
    """Keep a table privately and have it read. A second click is the same import; another file is another.

    Raises TooManyImports, and CohortArchived.
    """
    at = at or timezone.now()
    form_key = uuid5(form_key, f"{what} {files.digest_of(upload)}")
    cohorts.actions.lock(cohort)  # so that two clicks count one after the other
    sent = Import.objects.filter(owner=by, form_key=form_key).first()
    if sent is not None:
        return sent
    if Import.objects.filter(cohort=cohort).exclude(state=State.DONE).count() >= MOST_WAITING:
        raise TooManyImports
    path = files.new_place(".table")
    files.keep(upload, path)
    one = Import.objects.create(
        cohort=cohort,
        owner=by,
        what=what,
        form_key=form_key,
        path=path,
        file_name=(upload.name or "")[:200],
        created_at=at,
        expires_at=at + KEPT,
    )
    audit.record(verb="import.sent", by=by, target=one, cohort=cohort.pk, what=what)
    _wake()
    return one


@transaction.atomic
def agree(*, one: Import, by: User, letters_are_right: bool = False, at: datetime | None = None) -> None:
    """Have a table that was read without a problem brought in. A second click changes nothing.

    Raises NotRight, and ImportGone when it was thrown away or has expired.
    """
    at = at or timezone.now()
    right = Import.objects.filter(pk=one.pk, state=State.READ, problem_count=0, new_count__gt=0)
    if not letters_are_right:
        right = right.filter(letters="")
    agreed = right.update(
        state=State.AGREED, agreed_by=by, agreed_at=at, attempts=0, changed_meanwhile=False, expires_at=at + KEPT
    )
    if agreed:
        audit.record(verb="import.agreed", by=by, target=one, cohort=one.cohort_id)
        _wake()
        return
    now = Import.objects.filter(pk=one.pk).first()
    if now is None:
        raise ImportGone
    if now.state in (State.READ, State.WAITING, State.READING):
        raise NotRight


@transaction.atomic
def try_again(*, one: Import, by: User) -> None:
    """Take up an import that could not be finished, or read one anew. A second click changes nothing."""
    failed = Import.objects.filter(pk=one.pk, state=State.FAILED)
    if not failed.exclude(agreed_by=None).update(state=State.AGREED, attempts=0):
        failed.update(state=State.WAITING, attempts=0)
    Import.objects.filter(pk=one.pk, state=State.READ).update(state=State.WAITING, attempts=0)
    _wake()


@transaction.atomic
def throw_away(*, one: Import, by: User) -> bool:
    """Delete an import that is not brought in yet, and its files. False on a second call, which changes nothing."""
    removed = working.remove(one.pk)
    if removed:
        audit.record(verb="import.thrown_away", by=by, cohort=one.cohort_id)
    return removed


def forget(_user: User) -> None:
    """When somebody is erased: any table that waits may hold them, and would bring them back. Whoever sent it sends
    it again.
    """
    for pk in Import.objects.exclude(state=State.DONE).values_list("pk", flat=True):
        working.remove(pk)


def _wake() -> None:
    from notifications import wake
    from portal.tasks import work_on_imports

    transaction.on_commit(partial(wake.publish, work_on_imports), robust=True)
