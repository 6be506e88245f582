"""The private files of an import: what was sent, and what was found in it."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from portal.bringing_in.models import Import


def new_place(extension: str) -> str:
    """A random path under MEDIA_ROOT that says nothing of the file, its folder made."""
    name = secrets.token_hex(16)
    place = Path("imports") / name[:2] / f"{name}{extension}"
    (Path(settings.MEDIA_ROOT) / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(place)


def place_of(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def keep(upload: "UploadedFile[bytes]", path: str) -> None:
    with open(place_of(path), "xb", opener=_private) as file:
        for piece in upload.chunks():
            file.write(piece)


def digest_of(upload: "UploadedFile[bytes]") -> str:
    """Of what is in the file: the same file sent again has the same."""
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return digest.hexdigest()


def remove_unknown(*, before: datetime) -> None:
    """Delete files that no row names, as a worker or a request leaves them that died before its row was written."""
    known = set(Import.objects.values_list("path", flat=True)) | set(
        Import.objects.values_list("report_path", flat=True)
    )
    for file in place_of("imports").glob("*/*"):
        if str(file.relative_to(settings.MEDIA_ROOT)) not in known and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)


def remove(*paths: str) -> None:
    """Delete these files once the change is sure."""
    for path in filter(None, paths):
        transaction.on_commit(partial(place_of(path).unlink, missing_ok=True), robust=True)


# ---- What was found ----


@contextmanager
def report(path: str) -> Iterator[IO[str]]:
    """A new file for lines of JSON; what another attempt left there goes."""
    place_of(path).unlink(missing_ok=True)
    with open(place_of(path), "x", encoding="utf-8", opener=_private) as file:
        yield file


def found(one: Import, kind: str, *, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
    """Lines of one kind ("said", "sample", "problem", "difference") of a report, in the order of the file."""
    return list(islice(_lines(one, kind), first, None if most is None else first + most))


def _lines(one: Import, kind: str) -> Iterator[dict[str, Any]]:
    if not one.report_path:
        return
    try:
        with place_of(one.report_path).open(encoding="utf-8") as file:
            for line in file:
                said = json.loads(line)
                if said["kind"] == kind:
                    yield said
    except FileNotFoundError:
        return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
