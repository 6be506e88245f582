"""What a file really is, told from its bytes. The name it came with and what the browser claimed decide nothing.

No ORM and no settings here. What is kept of a file, and what goes:

- **A picture** is decoded and written anew (`cleaned`): upright, at most 2,400 pixels along its longer side, only the
  first frame. Nothing else of the file survives: no EXIF, place, XMP, thumbnail, comment or colour profile, and nothing
  hidden behind the picture's end. A HEIC, as iPhones take them, becomes a JPEG.
- **MP4, M4A and MOV**: the boxes in which phones and cameras note place, maker and titles (`udta`, `meta` and `uuid` of
  the file, of the film and of each track) are emptied where they stand. Times of recording and tracks of measurements
  (such as the position track of an action camera) stay, and so does whatever is seen or heard.
- **MP3, AAC, Ogg, WAV and WebM** are kept byte for byte, with titles, pictures and remarks that a tag may hold.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from learning_log.media import isobmff, pictures, streams
from learning_log.media.kinds import MOST_BYTES, MOST_PIXELS, Form, Kind, NotAMedium, Upload
from learning_log.media.names import display_name
from learning_log.media.pictures import cleaned

__all__ = ["MOST_BYTES", "MOST_PIXELS", "Kind", "Medium", "NotAMedium", "Upload", "cleaned", "examine", "write"]

HEAD_BYTES = 64


@dataclass(frozen=True)
class Medium:
    """What an upload will be once it is kept: content type and extension (with its dot) are those of the kept file."""

    kind: Kind
    content_type: str
    extension: str
    name: str


def examine(upload: Upload) -> Medium:
    """Tell what `upload` is. Of a picture only the head is read: `cleaned` may still find that it is damaged.

    Raises NotAMedium with a sentence to show when it is empty, too large, damaged or of no kind the log keeps.
    """
    if not upload.size:
        raise NotAMedium(_("The file is empty. Choose it again, or another one."))
    form = _form_of(_stream(upload))
    _refuse_what_is_too_large(upload.size, form.kind)
    if form.kind == "picture":
        pictures.measure(_stream(upload))
    return Medium(form.kind, form.content_type, form.extension, display_name(upload.name or "", form.extension))


def write(upload: Upload, medium: Medium, to: Path) -> int:
    """Keep `upload` at `to`, a path where nothing stands yet, readable by us alone. Returns the bytes written.

    Streams sound and film, so their size costs no memory. Raises NotAMedium for a damaged picture, FileExistsError if
    something stands there; what was begun is removed again.
    """
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(held, "r+b") as file:
            _fill(file, upload, medium)
            return file.seek(0, os.SEEK_END)
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def _fill(file: IO[bytes], upload: Upload, medium: Medium) -> None:
    if medium.kind == "picture":
        file.write(cleaned(upload))
        return
    for chunk in upload.chunks():
        file.write(chunk)
    if medium.extension in isobmff.EXTENSIONS:
        isobmff.empty_remarks(file)


def _form_of(file: IO[bytes]) -> Form:
    head = file.read(HEAD_BYTES)
    found = pictures.form_of(head) or isobmff.form_of(head, file) or streams.form_of(head, file)
    if found is None:
        raise NotAMedium(
            _(
                "We cannot tell what this file is. Send a picture as JPEG, PNG, WebP, GIF or HEIC, sound as MP3, M4A, "
                "Ogg, WAV or WebM, a film as MP4, MOV or WebM."
            )
        )
    return found


def _refuse_what_is_too_large(size: int, kind: Kind) -> None:
    most = MOST_BYTES[kind]
    if size > most:
        too_large = _(
            "The file is too large: it has %(size)d MB, and the most we can keep is %(most)d MB. "
            "Send a shorter or smaller one."
        )
        raise NotAMedium(too_large % {"size": -(-size // 1_000_000), "most": most // 1_000_000})


def _stream(upload: Upload) -> Any:
    """The upload from its first byte, as the stubs do not see it: an upload reads and seeks like its file."""
    upload.seek(0)
    return upload
