"""The append-only trail: one row a verb, written inside the action's own transaction."""

from collections.abc import Sequence

from django.db import models

from accounts.models import AuditEvent, User


def record(*, verb: str, by: User | None, target: models.Model | None = None, **facts: int | str) -> AuditEvent:
    """Write that `by` did `verb` to `target`. `facts` hold ids and states, never a name, an address or text."""
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        facts=facts,
    )


def record_many(*, verb: str, by: User | None, targets: Sequence[models.Model], **facts: int | str) -> None:
    """Write that `by` did `verb` to each of `targets`, which are of one kind: one row each, as `record` writes it."""
    AuditEvent.objects.bulk_create(
        AuditEvent(verb=verb, actor=by, target_type=one._meta.label_lower, target_id=one.pk, facts=facts)
        for one in targets
    )
