"""How rows of this app are written."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from cohorts.models import Cohort, Programme


def set_fields(row: models.Model, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def save_with_slug(row: Programme | Cohort, name: str, *, fallback: str) -> None:
    """Give the row an address from its name, with a number when another has it, also when both come at once."""
    stem = slugify(name)[:60].strip("-") or fallback
    for number in range(1, 1000):
        row.slug = stem if number == 1 else f"{stem}-{number}"
        if row.slug == "new" or type(row)._default_manager.filter(slug=row.slug).exists():
            continue
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            row.pk = None
            continue
        return
    raise ValueError(f"no free address for {stem}")
