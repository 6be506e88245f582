"""Short ways to applications in any state, made by rows where no action is under test."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import cohorts.actions
from accounts.models import Role, User
from applications.models import Answer, Applicant, Application, Question, QuestionSet
from applications.starter import STARTER
from cohorts.models import Cohort
from tests.accounts.factories import make_person, make_staff

Side = Applicant.Side


def make_open_cohort(*, places: int = 3, manager: User | None = None, name: str = "Fenby", **fields: Any) -> Cohort:
    """A cohort open to applications, with the starter's questions published."""
    manager = manager or make_staff(Role.MANAGER)
    today = timezone.now().date()
    programme = cohorts.actions.create_programme(
        by=manager, name=f"Pairs of {name}", charity="The Larkmoor Fund", contact_phone="01632 960 001"
    )
    cohort = cohorts.actions.create_cohort(
        programme=programme,
        by=manager,
        name=name,
        places=places,
        starts_on=today + timedelta(days=90),
        ends_on=today + timedelta(days=400),
    )
    make_questions(cohort)
    cohorts.actions.move_cohort(cohort=cohort, to=Cohort.State.OPEN, by=manager)
    if fields:
        Cohort.objects.filter(pk=cohort.pk).update(**fields)
    cohort.refresh_from_db()
    return cohort


def make_questions(cohort: Cohort) -> QuestionSet:
    """The starter's questions, published, unless the cohort has a set."""
    now = timezone.now()
    questions, is_new = QuestionSet.objects.get_or_create(
        cohort=cohort, number=1, defaults={"made_at": now, "published_at": now}
    )
    if is_new:
        Question.objects.bulk_create(
            Question(question_set=questions, position=position, **one) for position, one in enumerate(STARTER, 1)
        )
    return questions


def make_application(
    cohort: Cohort,
    *,
    professional: User | None = None,
    partner: User | None = None,
    state: str = Application.State.SENT,
    challenge: str = "Going home on a Friday",
    local_system: str = "Saltmarsh",
    answers: dict[str, dict[str, Any]] | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Application:
    """An application of two people, or of one who looks for a partner when only one is named; neither: two new people.

    `answers` are values by side (or "together") and by key.
    """
    at = at or timezone.now()
    if professional is None and partner is None:
        professional, partner = make_person(), make_person()
    people = {Side.PROFESSIONAL: professional, Side.PARTNER: partner}
    live = {side: user for side, user in people.items() if user is not None}
    counts = state in Application.COUNTED_STATES
    if state == Application.State.RESERVE:
        fields.setdefault("reserve_rank", 1)
    application = Application.objects.create(
        cohort=cohort,
        question_set=make_questions(cohort),
        reference=f"T{Application.objects.count() + 1:05d}",
        kind=Application.Kind.PAIR if len(live) == 2 else Application.Kind.SEEKING,
        challenge=challenge if len(live) == 2 else "",
        local_system=local_system,
        state=state,
        started_by=next(iter(live.values())),
        started_at=at,
        sent_at=None if state == Application.State.DRAFT else at,
        **fields,
    )
    for side, user in live.items():
        Applicant.objects.create(
            application=application,
            cohort=cohort,
            side=side,
            name=user.name,
            email=user.email,
            user=user,
            is_counted=counts,
            joined_at=at,
            confirmed_at=at if counts else None,
        )
    for whose, values in (answers or {}).items():
        applicant = None if whose == "together" else application.applicants.get(side=whose)
        for key, value in values.items():
            Answer.objects.create(
                application=application,
                applicant=applicant,
                question=application.question_set.questions.get(key=key),
                value=value,
                saved_at=at,
            )
    return application
