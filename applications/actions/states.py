"""The one way an application changes its state.

Lock order everywhere: the cohort's row, then the application's. Whatever takes or frees a place holds the cohort.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from applications import leaving_hooks
from applications.exceptions import AlreadyApplying, ApplicationMoved, ApplicationsClosed
from applications.models import Applicant, Application, Decision, Letter, StateChange


@transaction.atomic
def lock(application: Application) -> Application:
    """The application's row as it stands now, held until the transaction ends."""
    return Application.objects.select_for_update().get(pk=application.pk)


@transaction.atomic
def lock_draft(application: Application) -> Application:
    """The row of a draft, held until the transaction ends.

    Raises ApplicationsClosed for what is no longer one, and in an archived cohort.
    """
    locked = lock(application)
    if not locked.is_draft or locked.cohort.is_archived:
        raise ApplicationsClosed
    return locked


@transaction.atomic
def move(*, application: Application, to: str, by: User | None, at: datetime, **fields: Any) -> Application:
    """Take one step along the application's map, and write it down.

    `application.state` is where the caller saw it: of two calls one wins, the other raises ApplicationMoved, as does a
    step the map does not have. `fields` are set in the same write. Its people count from *sent* until it comes to
    nothing; raises AlreadyApplying when one of them counts elsewhere in the cohort. A decision that was prepared about
    it as it stood before is void, and its letters are gone.
    """
    before = application.state
    if to not in Application.NEXT_STATES[before]:
        raise ApplicationMoved
    counts = to in Application.COUNTED_STATES
    if before == Application.State.RESERVE:
        fields.setdefault("reserve_rank", None)
    fields.setdefault("closed_at", None if counts else at)
    if not Application.objects.filter(pk=application.pk, state=before).update(state=to, **fields):
        raise ApplicationMoved
    try:
        with transaction.atomic():
            Applicant.objects.live().filter(application=application).update(is_counted=counts)
    except IntegrityError as error:
        raise AlreadyApplying from error
    void_prepared(application, at=at)
    StateChange.objects.create(application=application, from_state=before, to_state=to, by=by, at=at)
    audit.record(verb=f"application.{to}", by=by, target=application, cohort=application.cohort_id, was=before)
    application.refresh_from_db()
    if to not in {Application.State.SENT, Application.State.RESERVE, Application.State.PAIRED}:
        leaving_hooks.run(application, by, at)
    return application


def look_again(*, application: Application, by: User | None, at: datetime) -> Application:
    """The introduction came to nothing: who was in it looks for a partner again, unless they count elsewhere by now."""
    try:
        with transaction.atomic():
            return move(application=application, to=Application.State.SENT, by=by, at=at, became=None)
    except AlreadyApplying:
        return move(application=application, to=Application.State.WITHDRAWN, by=by, at=at, became=None)


def void_prepared(application: Application, *, at: datetime) -> bool:
    """Void the decision that waits for its release; words that nobody will read are not kept."""
    waiting = Decision.objects.filter(application=application, voided_at=None, released_at=None)
    Letter.objects.filter(decision__in=waiting).delete()
    return bool(waiting.update(voided_at=at))
