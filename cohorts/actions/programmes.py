"""Programmes: what the charity offers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.actions.rows import as_made, save_with_slug, set_fields
from cohorts.models import Programme

WORDS = ("name", "charity", "summary", "who_for", "led_by", "paid_for", "contact_email", "contact_phone")


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

    A second call with the same `made_key` returns what the first made; raises MadeBefore when its words were others.
    """
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
    saved = save_with_slug(programme, fallback="programme")
    if saved is not programme:
        return as_made(saved, programme, WORDS)
    audit.record(verb="programme.created", by=by, target=programme)
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, by: User, seen: str = "", **fields: str) -> Programme:
    """Put right what a programme says of itself; its address stays.

    `seen` is the mark of what the form showed. Raises ChangedMeanwhile.
    """
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    if "contact_email" in fields:
        fields["contact_email"] = fields["contact_email"].strip().lower()
    if set_fields(locked, fields, seen=seen):
        audit.record(verb="programme.edited", by=by, target=locked)
    return locked
