"""The three kinds of file a log keeps, and how large each may be."""

from typing import Any, Final, Literal, NamedTuple

from django.core.files.uploadedfile import UploadedFile

type Upload = UploadedFile[Any]
Kind = Literal["picture", "sound", "film"]

MOST_BYTES: Final[dict[Kind, int]] = {"picture": 20_000_000, "sound": 60_000_000, "film": 300_000_000}
MOST_PIXELS: Final = 50_000_000


class Form(NamedTuple):
    """One form a kept file can have."""

    kind: Kind
    content_type: str
    extension: str


class NotAMedium(Exception):
    """The file is not one the log can keep. Its text is a sentence for the person who sent it."""
