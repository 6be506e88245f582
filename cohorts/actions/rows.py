"""How rows of this app are written."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from cohorts.exceptions import MadeBefore
from cohorts.marks import refuse_if_changed
from cohorts.models import Cohort, Programme


def set_fields(row: models.Model, fields: dict[str, Any], *, seen: str) -> bool:
    """Write the fields of a row that is held; False when it stands so already.

    `seen` is the mark (cohorts.marks) of what the page showed of them, empty for no page. Raises ChangedMeanwhile.
    """
    if not refuse_if_changed(row, fields, seen=seen):
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    return True


def as_made[Row: models.Model](there: Row, wanted: Row, names: Iterable[str]) -> Row:
    """What the same page has made already. Raises MadeBefore when it was sent with other words than now."""
    if any(getattr(there, name) != getattr(wanted, name) for name in names):
        raise MadeBefore(there)
    return there


def save_with_slug[Row: (Programme, Cohort)](row: Row, *, fallback: str) -> Row:
    """Give the row an address from its name, with a number when another has it, also when both come at once.

    Returns the row, or the one that was made before with the same `made_key`.
    """
    rows = type(row)._default_manager
    stem = slugify(row.name)[:60].strip("-") or fallback
    for number in range(1, 1000):
        if row.made_key and (there := rows.filter(made_key=row.made_key).first()):
            return there
        row.slug = stem if number == 1 else f"{stem}-{number}"
        if row.slug == "new" or rows.filter(slug=row.slug).exists():
            continue
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            row.pk = None
            continue
        return row
    raise ValueError(f"no free address for {stem}")
