"""Pictures: told by their first bytes, measured before they are unpacked, written anew."""

import io
import struct
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from learning_log.media.kinds import MOST_PIXELS, Form, NotAMedium, Upload

LONGEST_SIDE = 2400
JPEG = Form("picture", "image/jpeg", ".jpg")
PNG = Form("picture", "image/png", ".png")
WEBP = Form("picture", "image/webp", ".webp")
READERS = ["JPEG", "PNG", "WEBP", "GIF"]  # no other of Pillow's many is ever tried
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error)
TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def form_of(head: bytes) -> Form | None:
    """The form a picture that begins with `head` is kept in, or None for anything else. A GIF is kept as PNG."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return PNG
    return WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def measure(file: IO[bytes]) -> None:
    """Read the picture's own word for its size, before anything is unpacked. Raises NotAMedium if it is too much."""
    with _opened(file):
        pass


def cleaned(picture: Upload) -> bytes:
    """The picture alone, upright and no larger than a screen needs: nothing else of the file is left.

    Raises NotAMedium when it is damaged or has more than 50 megapixels.
    """
    picture.seek(0)
    stream: Any = picture
    form = form_of(stream.read(16))
    picture.seek(0)
    try:
        with _opened(stream) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            mode = "RGBA" if form != JPEG and opened.has_transparency_data else "RGB"
            plain = opened if opened.mode == mode else opened.convert(mode)
            plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)  # small before it is turned: memory
            return _encoded(ImageOps.exif_transpose(plain), form or PNG)
    except DAMAGED as error:
        raise _damaged() from error


def _encoded(plain: Image.Image, form: Form) -> bytes:
    plain.info.clear()  # writers take the comment and the colour profile from here
    written = io.BytesIO()
    if form == PNG:
        plain.save(written, "PNG", optimize=True)
    else:
        plain.save(written, "JPEG" if form == JPEG else "WEBP", quality=86)
    return written.getvalue()


def _opened(file: IO[bytes]) -> Image.Image:
    try:
        opened = Image.open(file, formats=READERS)
    except TOO_MANY as error:
        raise _too_many_pixels() from error
    except DAMAGED as error:
        raise _damaged() from error
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()
    return opened


def _too_many_pixels() -> NotAMedium:
    return NotAMedium(_("The picture is too large: it has more than 50 megapixels. Make it smaller and send it again."))


def _damaged() -> NotAMedium:
    return NotAMedium(_("The picture is damaged or not all there. Open it on your device, save it anew and send that."))
