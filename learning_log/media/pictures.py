"""Pictures: told by their first bytes, measured before they are unpacked, written anew."""

import io
import re
import struct
from typing import IO, Any

from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from learning_log.media.kinds import MOST_PIXELS, Form, NotAMedium, Upload

LONGEST_SIDE = 2400
JPEG = Form("picture", "image/jpeg", ".jpg")
PNG = Form("picture", "image/png", ".png")
WEBP = Form("picture", "image/webp", ".webp")
READERS = ["JPEG", "PNG", "WEBP", "GIF", "HEIF"]  # no other of Pillow's many is ever tried
_SIZE = re.compile(rb"ispe\x00{4}(.{8})", re.DOTALL)  # ISO/IEC 23008-12, 6.5.3
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}  # ISO/IEC 23008-12; every iPhone
MOST_HEIC_PIXELS = 25_000_000  # unpacked whole, at 8 bytes a pixel
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, RuntimeError, struct.error)
TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)

register_heif_opener(thumbnails=False)


def form_of(head: bytes) -> Form | None:
    """The form a picture that begins with `head` is kept in, or None for anything else.

    A GIF is kept as PNG, a HEIC as JPEG, which every browser shows.
    """
    if head.startswith(b"\xff\xd8\xff") or (head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS):
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

    Raises NotAMedium when it is damaged or has more than 50 megapixels (a HEIC: 25).
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
    if opened.format == "HEIF" and _pixels_stated(file) > MOST_HEIC_PIXELS:
        raise _too_many_pixels(MOST_HEIC_PIXELS)
    return opened


def _pixels_stated(heic: IO[bytes]) -> int:
    """Of the largest picture in it: a small piece of a large one may be shown, and the whole is unpacked for it."""
    heic.seek(0)
    sizes = _SIZE.findall(heic.read())
    heic.seek(0)
    return max((width * height for width, height in (struct.unpack(">II", size) for size in sizes)), default=0)


def _too_many_pixels(most: int = MOST_PIXELS) -> NotAMedium:
    too_many = _("The picture is too large: it has more than %(most)d megapixels. Make it smaller and send it again.")
    return NotAMedium(too_many % {"most": most // 1_000_000})


def _damaged() -> NotAMedium:
    return NotAMedium(_("The picture is damaged or not all there. Open it on your device, save it anew and send that."))
