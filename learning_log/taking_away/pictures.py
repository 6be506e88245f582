"""Which bytes are a picture that a document can hold."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 40_000_000
FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


def format_of(data: bytes) -> str | None:
    """`png`, `jpg`, `gif` or `webp`, once the whole picture could be read; `None` for anything else."""
    try:
        with Image.open(BytesIO(data), formats=list(FORMATS)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.load()
            return FORMATS[str(picture.format)]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def as_png(data: bytes) -> bytes:
    """The picture as PNG, for readers that know no WebP."""
    made = BytesIO()
    with Image.open(BytesIO(data)) as picture:
        picture.save(made, "PNG")
    return made.getvalue()
