"""Matching: managers only, but for the two people's own page."""

from typing import Any

from tests.access.table import Row, row, staff_row


def _cohort(world: Any) -> dict[str, Any]:
    return {"slug": world.open_cohort.slug}


def _person(world: Any) -> dict[str, Any]:
    return _cohort(world) | {"applicant_id": _couple(world).professional_id}


def _two(world: Any) -> dict[str, Any]:
    return _person(world) | {"other_id": _couple(world).partner_id}


def _couple(world: Any) -> Any:
    """Two people of the open cohort who look for a partner, on the table; made once a world."""
    from accounts.models import User
    from pairs.matching.models import Introduction
    from tests.applications.factories import make_application

    found = Introduction.objects.prepared().filter(cohort=world.open_cohort).first()
    if found is None:
        one, other = (User.objects.create_user(f"seeker{side}@world.test", name="Oriel") for side in (1, 2))
        professional = make_application(world.open_cohort, professional=one).applicants.get()
        partner = make_application(world.open_cohort, partner=other).applicants.get()
        found = Introduction.objects.create(
            cohort=world.open_cohort, professional=professional, partner=partner, prepared_at=world.cohort.created_at
        )
    return found


def _asked(world: Any) -> dict[str, Any]:
    """An introduction of the person of the table called *applicant*, which was published."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from pairs.matching.models import Introduction
    from tests.applications.factories import make_application

    mine = world.applicant
    found = Introduction.objects.published().filter(partner__user=mine).first()
    if found is None:
        other = User.objects.create_user("seeker3@world.test", name="Oriel")
        now = timezone.now()
        found = Introduction.objects.create(
            cohort=world.cohort,
            professional=make_application(world.cohort, professional=other).applicants.get(),
            partner=make_application(world.cohort, partner=mine).applicants.get(),
            state=Introduction.State.PUBLISHED,
            prepared_at=now,
            published_at=now,
            answer_by=now + timedelta(days=14),
        )
    return {"introduction_id": found.pk}


def _prepared(world: Any) -> dict[str, Any]:
    return {"introduction_id": _couple(world).pk}


def _heard(world: Any) -> dict[str, Any]:
    """One that waits for its answers, in a cohort that still introduces."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from pairs.matching.models import Introduction
    from tests.applications.factories import make_application

    found = Introduction.objects.published().filter(cohort=world.open_cohort).first()
    if found is None:
        one, other = (User.objects.create_user(f"asked{side}@world.test", name="Oriel") for side in (1, 2))
        now = timezone.now()
        found = Introduction.objects.create(
            cohort=world.open_cohort,
            professional=make_application(world.open_cohort, professional=one).applicants.get(),
            partner=make_application(world.open_cohort, partner=other).applicants.get(),
            state=Introduction.State.PUBLISHED,
            prepared_at=now,
            published_at=now,
            answer_by=now + timedelta(days=14),
        )
    return {"introduction_id": found.pk, "side": "partner"}


ROWS: dict[str, Row] = {
    "pairs:introduction": row(404, visitor=302, applicant=200, kwargs=_asked),
    "pairs:introduction_yes": row(405, visitor=302, kwargs=_asked),
    "pairs:introduction_no": row(404, visitor=302, applicant=200, kwargs=_asked),
    "pairs:matching": staff_row("manager", kwargs=_cohort),
    "pairs:matching_suggest": row(405, visitor=302, kwargs=_cohort),
    "pairs:matching_couples": staff_row("manager", kwargs=_cohort),
    "pairs:matching_check": staff_row("manager", kwargs=_cohort),
    "pairs:matching_asked": staff_row("manager", kwargs=_cohort),
    "pairs:matching_rules": staff_row("manager", kwargs=_cohort),
    "pairs:matching_person": staff_row("manager", kwargs=_person),
    "pairs:matching_choose": staff_row("manager", kwargs=_two),
    "pairs:matching_forbid": staff_row("manager", kwargs=_two),
    "pairs:rule_end": row(405, visitor=302, kwargs=lambda world: {"rule_id": 1}),
    "pairs:same_system_end": row(405, visitor=302, kwargs=lambda world: {"same_id": 1}),
    "pairs:couple_keep": row(405, visitor=302, kwargs=_prepared),
    "pairs:couple_let_go": row(405, visitor=302, kwargs=_prepared),
    "pairs:couple_apart": row(405, visitor=302, kwargs=_prepared),
    "pairs:introduction_heard": staff_row("manager", kwargs=_heard),
    "pairs:introduction_call_off": staff_row("manager", kwargs=_asked),
}
