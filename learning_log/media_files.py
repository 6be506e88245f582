"""Private files on disk: those of voices, and copies that people take away. Only views that ask first hand them out."""

import secrets
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from learning_log.models import Attachment, Copy


def new_place(folder: str, extension: str) -> str:
    """A random path under MEDIA_ROOT that says nothing of the file, its folder made."""
    name = secrets.token_hex(16)
    place = Path(folder) / name[:2] / f"{name}{extension}"
    (Path(settings.MEDIA_ROOT) / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(place)


def place_of(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def remove(held: "QuerySet[Attachment] | QuerySet[Copy]") -> None:
    """Delete these rows, and their files once the change is sure."""
    paths = [path for path in held.values_list("path", flat=True) if path]
    held.delete()
    for path in paths:
        transaction.on_commit(partial(place_of(path).unlink, missing_ok=True), robust=True)
