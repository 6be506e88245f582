"""The append-only trail: one row a verb, written inside the action's own transaction."""

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
