"""Programmes: what the charity offers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.actions.rows import save_with_slug, set_fields
from cohorts.models import Programme


@transaction.atomic
def create_programme(
    *,
    by: User | None,
    name: str,
    charity: str,
    summary: str = "",
    who_for: str = "",
    led_by: str = "",
    paid_for: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    made_key: UUID | None = None,
    at: datetime | None = None,
) -> Programme:
    """Start a programme. It is public once one of its cohorts is opened.

    A second call with the same `made_key` returns what the first made.
    """
    there = _made_before(made_key, by) if made_key and by else None
    if there:
        return there
    programme = Programme(
        name=name,
        charity=charity,
        summary=summary,
        who_for=who_for,
        led_by=led_by,
        paid_for=paid_for,
        contact_email=contact_email.strip().lower(),
        contact_phone=contact_phone,
        made_key=made_key,
        created_at=at or timezone.now(),
    )
    save_with_slug(programme, name, fallback="programme")
    audit.record(verb="programme.created", by=by, target=programme)
    return programme


def _made_before(made_key: UUID, by: User) -> Programme | None:
    """What this page has made already. Their row is held, so that the second of two clicks waits for the first."""
    User.objects.select_for_update().get(pk=by.pk)
    return Programme.objects.filter(made_key=made_key).first()


@transaction.atomic
def edit_programme(*, programme: Programme, by: User, **fields: str) -> Programme:
    """Put right what a programme says of itself; its address stays."""
    set_fields(programme, fields)
    audit.record(verb="programme.edited", by=by, target=programme)
    return programme
