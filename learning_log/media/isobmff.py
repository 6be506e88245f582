"""MP4, M4A, MOV and their kin: boxes within boxes (ISO/IEC 14496-12; QuickTime File Format)."""

import os
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from learning_log.media.kinds import Form, NotAMedium

SOUND = Form("sound", "audio/mp4", ".m4a")
FILM = Form("film", "video/mp4", ".mp4")
QUICKTIME = Form("film", "video/mp4", ".mov")  # the same boxes, and by this type every browser tries to play it
EXTENSIONS = frozenset(form.extension for form in (SOUND, FILM, QUICKTIME))

SOUND_BRANDS = {b"M4A ", b"M4B "}  # a cover may stand in a track of its own
PICTURE_BRANDS = {b"hevc", b"hevx", b"msf1", b"avif", b"avis"}  # those that `pictures` does not open
REMARKS = {b"udta", b"meta", b"uuid"}
HOLDERS = {b"moov", b"trak"}
MOST_BOXES = 200_000


class Box(NamedTuple):
    """One box: where it begins, where its content begins, where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


def form_of(head: bytes, file: IO[bytes]) -> Form | None:
    """What a file that begins with `head` is by its tracks, or None if it is no such file. Raises NotAMedium."""
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in PICTURE_BRANDS:
        raise NotAMedium(
            _(
                "This is an AVIF or a moving HEIC picture, which we cannot open. Save or share it as JPEG and send "
                "that, or send a screenshot of it."
            )
        )
    tracks = set(_track_kinds(file))
    if b"vide" in tracks and brand not in SOUND_BRANDS:
        return QUICKTIME if brand == b"qt  " else FILM
    if b"soun" in tracks:
        return SOUND
    raise NotAMedium(
        _("We found neither sound nor film in this file; it may not be all there. Send it again, or as MP4.")
    )


def empty_remarks(file: IO[bytes]) -> None:
    """Turn every box of remarks into free space, in place: its name becomes `free`, its content zeros. Sizes stay."""
    for box in list(_walk(file, 0, _size(file))):
        if box.kind in REMARKS:
            file.seek(box.start + 4)
            file.write(b"free")
            _write_zeros(file, box.content, box.end)


def _track_kinds(file: IO[bytes]) -> Iterator[bytes]:
    for box in _walk(file, 0, _size(file), through=HOLDERS | {b"mdia"}):
        if box.kind == b"hdlr":
            file.seek(box.content + 8)  # after version, flags and a reserved word
            yield file.read(4)


def _walk(file: IO[bytes], start: int, end: int, through: set[bytes] = HOLDERS) -> Iterator[Box]:
    """Every box from `start` to `end`, and those within boxes named in `through`. Stops at what is no box."""
    waiting = [(start, end)]
    for _count in range(MOST_BOXES):
        while waiting and waiting[-1][0] >= waiting[-1][1]:
            waiting.pop()
        if not waiting:
            return
        start, end = waiting.pop()
        box = _box_at(file, start, end)
        if box is None:
            continue
        yield box
        waiting.append((box.end, end))
        if box.kind in through:
            waiting.append((box.content, box.end))
    raise NotAMedium(_("This file is cut into too many pieces. Save it anew as MP4 and send that."))


def _box_at(file: IO[bytes], start: int, end: int) -> Box | None:
    file.seek(start)
    head = file.read(16)
    if len(head) < 8:
        return None
    size, content = int.from_bytes(head[:4]), start + 8
    if size == 1:
        size, content = int.from_bytes(head[8:16]), start + 16
    elif size == 0:  # to the end
        size = end - start
    if size < content - start or start + size > end:
        return None
    return Box(head[4:8], start, content, start + size)


def _write_zeros(file: IO[bytes], start: int, end: int) -> None:
    file.seek(start)
    for at in range(start, end, 65_536):
        file.write(bytes(min(65_536, end - at)))


def _size(file: IO[bytes]) -> int:
    return file.seek(0, os.SEEK_END)
