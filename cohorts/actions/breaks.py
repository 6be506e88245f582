"""A participant’s own breaks."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.actions.places import lock
from cohorts.exceptions import NotTakingPart
from cohorts.models import Break, Participant


@transaction.atomic
def take_break(*, participant: Participant, by: User, at: datetime | None = None) -> Break:
    """Begin a break. Called by the person; nobody takes one for another, and nobody is asked why.

    A second call returns the break there is. Raises NotTakingPart and CohortArchived.
    """
    lock(participant.cohort)
    # The row is held, so that a part that ends at this moment takes the break with it.
    mine = Participant.objects.select_for_update().live().of(by).filter(pk=participant.pk).first()
    if mine is None:
        raise NotTakingPart
    begun, is_new = Break.objects.get_or_create(
        participant=mine, ended_at=None, defaults={"began_at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="break.begun", by=by, target=begun, cohort=mine.cohort_id)
    return begun


@transaction.atomic
def end_break(*, participant: Participant, by: User, at: datetime | None = None) -> bool:
    """End one's own break. Called by the person; False when there is none, which changes nothing.

    Raises NotTakingPart and CohortArchived.
    """
    lock(participant.cohort)
    if participant.user_id != by.pk:
        raise NotTakingPart
    ended = Break.objects.filter(participant=participant, ended_at=None).update(ended_at=at or timezone.now())
    if ended:
        audit.record(verb="break.ended", by=by, target=participant, cohort=participant.cohort_id)
    return bool(ended)
