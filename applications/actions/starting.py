"""Beginning an application. Called by the person, once a code has proved their address, or by a manager for them."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.actions.questions import publish_starter
from applications.actions.states import lock_draft
from applications.exceptions import AlreadyApplying, ApplicationsClosed
from applications.models import Applicant, Application
from cohorts.models import Cohort

# Letters and figures that cannot be mistaken for one another, on paper or on the telephone.
REFERENCE_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
REFERENCE_LENGTH = 6
TRIES = 5  # for a free one


def draft_of(*, cohort: Cohort, user: User) -> Application | None:
    """What this person has begun and not sent in this cohort."""
    mine = Applicant.objects.live().of(user).filter(cohort=cohort, application__state=Application.State.DRAFT)
    found = mine.select_related("application").order_by("-pk").first()
    return found.application if found else None


def counted_of(*, cohort: Cohort, user: User) -> Application | None:
    """The application by which this person asks for a place of this cohort, once sent."""
    mine = Applicant.objects.live().of(user).filter(cohort=cohort, is_counted=True)
    found = mine.select_related("application").first()
    return found.application if found else None


@transaction.atomic
def start_application(*, cohort: Cohort, by: User, kind: str, side: str, at: datetime | None = None) -> Application:
    """Begin an application as one of its people; goes on with a draft there is.

    Raises AlreadyApplying when one of theirs is sent, ApplicationsClosed, and CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    if not locked.takes_applications(at.astimezone(locked.zone).date()):
        raise ApplicationsClosed
    if counted_of(cohort=locked, user=by):
        raise AlreadyApplying
    begun = draft_of(cohort=locked, user=by)
    if begun:
        return begun
    application = make_application(cohort=locked, kind=kind, route=Application.Route.ONLINE, by=by, at=at)
    Applicant.objects.create(
        application=application,
        cohort=locked,
        side=side,
        name=by.name,
        email=by.email,
        time_zone=by.time_zone,
        user=by,
        joined_at=at,
    )
    return application


def make_application(*, cohort: Cohort, kind: str, route: str, by: User | None, at: datetime) -> Application:
    """A draft without people, in a transaction with the cohort locked."""
    question_set = publish_starter(cohort=cohort, by=by, at=at)
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                application = Application.objects.create(
                    cohort=cohort,
                    question_set=question_set,
                    reference=new_reference(),
                    kind=kind,
                    route=route,
                    started_by=by,
                    started_at=at,
                )
        except IntegrityError:
            continue  # one in 387 million, with a reference that is taken
        audit.record(verb="application.begun", by=by, target=application, cohort=cohort.pk, kind=kind)
        return application
    raise RuntimeError("no free reference was found")


@transaction.atomic
def change_kind(*, application: Application, to: str, by: User) -> Application:
    """Apply together after all, or look for a partner after all. Called by one of its people, of a draft.

    What was answered stays; questions of the other kind are not shown. Going alone needs that nobody else has joined.
    Raises ApplicationsClosed when it is no draft, and AlreadyApplying when somebody has joined.
    """
    locked = lock_draft(application)
    live = locked.applicants.live()
    if to == Application.Kind.SEEKING:
        if live.exclude(joined_at=None).count() > 1:
            raise AlreadyApplying
        live.filter(joined_at=None).update(left_at=timezone.now(), token_hash="")
    locked.kind = to
    locked.save(update_fields=["kind"])
    live.update(confirmed_at=None)
    audit.record(verb="application.kind_changed", by=by, target=locked, kind=to)
    return locked


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH))
