"""What a file is, told from its bytes, and what is kept of it."""

import io
import stat
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from PIL import Image

from learning_log.media import MOST_BYTES, NotAMedium, cleaned, examine, write
from learning_log.media.names import display_name
from tests.learning_log.recordings import (
    PLACE,
    aac,
    box,
    heic,
    mp3,
    mp4,
    ogg,
    photograph,
    picture,
    png_with_words,
    tagged_mp3,
    upload,
    wav,
    webm,
)

HTML = b"<!doctype html><script>alert(document.domain)</script>"
KNOWN = [
    (picture("JPEG"), "picture", "image/jpeg", ".jpg"),
    (picture("MPO"), "picture", "image/jpeg", ".jpg"),
    (picture("PNG"), "picture", "image/png", ".png"),
    (picture("GIF"), "picture", "image/png", ".png"),
    (picture("WEBP"), "picture", "image/webp", ".webp"),
    (mp3(), "sound", "audio/mpeg", ".mp3"),
    (tagged_mp3(), "sound", "audio/mpeg", ".mp3"),
    (aac(), "sound", "audio/aac", ".aac"),
    (ogg(), "sound", "audio/ogg", ".ogg"),
    (ogg(b"\x01vorbis"), "sound", "audio/ogg", ".ogg"),
    (wav(), "sound", "audio/wav", ".wav"),
    (wav()[:12] + b"JUNK\x04\x00\x00\x00abcd" + wav()[12:], "sound", "audio/wav", ".wav"),
    (webm(2), "sound", "audio/webm", ".webm"),
    (webm(2, 1), "film", "video/webm", ".webm"),
    (mp4(b"soun"), "sound", "audio/mp4", ".m4a"),
    (mp4(b"soun", b"vide", brand=b"M4A "), "sound", "audio/mp4", ".m4a"),
    (mp4(b"soun", b"vide"), "film", "video/mp4", ".mp4"),
    (mp4(b"vide", brand=b"qt  "), "film", "video/mp4", ".mov"),
]
REFUSED = {
    "nothing": b"",
    "a page": HTML,
    "a drawing that can run scripts": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a document": b"%PDF-1.7\n",
    "an archive": b"PK\x03\x04" + bytes(60),
    "a bitmap": picture("BMP"),
    "a TIFF": picture("TIFF"),
    "a page behind an ID3 tag": b"ID3\x04\x00\x00\x00\x00\x00\x00" + HTML,
    "a page behind one frame of sound": mp3(1) + HTML,
    "a page behind the name of a WAV": b"RIFF\xff\xff\x00\x00WAVE" + HTML * 20,
    "a page behind the name of an Ogg": b"OggS" + HTML,
    "a page behind an ftyp box": box(b"ftyp", b"isom", bytes(4)) + HTML,
    "a page behind the name of a PNG": b"\x89PNG\r\n\x1a\n" + HTML,
    "an Ogg film": ogg(b"\x80theora"),
    "a Matroska film": webm(1, doc_type=b"matroska"),
    "a WebM of subtitles": webm(17),
    "an MP4 of subtitles": mp4(b"text"),
    "an MP4 that lost its end": mp4(b"vide")[:60],
    "an MP4 of nothing but boxes": box(b"ftyp", b"isom", bytes(4)) + box(b"free") * 200_000,
    "a film name alone": b"\x1aE\xdf\xa3",
    "zeros": bytes(4096),
    "all bits": b"\xff" * 4096,
}


@pytest.mark.parametrize(("content", "kind", "content_type", "extension"), KNOWN)
def test_a_file_is_what_its_bytes_say(content, kind, content_type, extension):
    medium = examine(upload(content, "page.html", "text/html"))

    assert (medium.kind, medium.content_type, medium.extension) == (kind, content_type, extension)


@pytest.mark.parametrize("what", REFUSED)
def test_whatever_it_is_called_anything_else_is_refused_with_a_sentence(what):
    with pytest.raises(NotAMedium, match=r"^[A-Z].+\.$"):
        examine(upload(REFUSED[what], "holiday.png", "image/png"))


@pytest.mark.parametrize("brand", [b"avif", b"msf1"])
def test_a_picture_we_cannot_open_is_refused_with_the_way_to_send_it(brand: bytes):
    with pytest.raises(NotAMedium, match="JPEG"):
        examine(upload(box(b"ftyp", brand, bytes(4), b"mif1") + bytes(200), "IMG_1.AVIF", "image/avif"))


def test_a_picture_of_an_iphone_is_kept_as_jpeg_upright_and_without_what_the_camera_noted():
    sent = upload(heic(), "IMG_1.HEIC", "image/heic")

    found = examine(sent)
    kept = cleaned(sent)

    assert (found.kind, found.content_type, found.extension, found.name) == (
        "picture",
        "image/jpeg",
        ".jpg",
        "IMG_1.HEIC.jpg",
    )
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (48, 64), {})
        above, below = picture.getpixel((24, 8)), picture.getpixel((24, 56))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 150 > below[0]
    assert b"canary" in heic()
    assert b"canary" not in kept


def kept_of(sent: Any) -> bytes:
    examine(sent)
    return cleaned(sent)


@pytest.mark.parametrize("end", [20, 40, 200, 500])
def test_a_damaged_heic_picture_is_refused_with_a_sentence(end: int):
    for damaged in (heic()[:end], heic()[:end] + bytes(len(heic()) - end)):
        sent = upload(damaged, "IMG_1.HEIC", "image/heic")
        with pytest.raises(NotAMedium, match="damaged"):
            kept_of(sent)


def test_a_heic_picture_that_says_it_is_larger_than_we_unpack_is_refused_before_that():
    size, larger = struct.pack(">II", 64, 64), struct.pack(">II", 6_000, 4_500)
    stated = b"ispe" + bytes(4)
    assert heic().count(stated + size) == 1

    with pytest.raises(NotAMedium, match="more than 25 megapixels"):
        examine(upload(heic().replace(stated + size, stated + larger), "IMG_1.HEIC"))


@pytest.mark.parametrize(("content", "kind"), [(picture(), "picture"), (mp3(), "sound"), (webm(1), "film")])
def test_each_kind_has_its_own_most(content, kind):
    def of_size(size):
        return InMemoryUploadedFile(io.BytesIO(content), "file", "name", "", size, None)

    assert examine(of_size(MOST_BYTES[kind])).kind == kind
    with pytest.raises(NotAMedium, match=f"the most we can keep is {MOST_BYTES[kind] // 1_000_000} MB"):
        examine(of_size(MOST_BYTES[kind] + 1))


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack to width x height."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(side):
    bomb = upload(png_that_claims(side, side))

    for read in (examine, cleaned):
        with pytest.raises(NotAMedium, match="50 megapixels"):
            read(bomb)


def test_a_picture_that_breaks_off_is_refused_when_it_is_opened():
    broken = upload(picture(size=(600, 400))[:900])

    assert examine(broken).kind == "picture"
    with pytest.raises(NotAMedium, match="damaged"):
        cleaned(broken)


@pytest.mark.parametrize("content", [photograph(), png_with_words()], ids=["JPEG", "PNG"])
def test_place_maker_remark_and_profile_of_a_picture_are_gone(content):
    assert b"CANARY" in content

    kept = cleaned(upload(content))

    assert b"CANARY" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert not set(image.info) & {"exif", "icc_profile", "comment", "xmp", "XML:com.adobe.xmp", "Comment"}


def test_what_hides_behind_the_end_of_a_picture_is_gone():
    assert HTML not in cleaned(upload(picture("PNG") + HTML))


def test_a_picture_stands_upright_without_the_note_that_said_so():
    with Image.open(io.BytesIO(cleaned(upload(photograph(orientation=6))))) as kept:
        assert kept.size == (40, 60)
        pixels: Any = kept.load()
        top, bottom = pixels[20, 8], pixels[20, 52]

    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(("form", "kept_form"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("GIF", "PNG")])
def test_a_large_picture_is_made_as_large_as_a_screen_needs(form, kept_form):
    with Image.open(io.BytesIO(cleaned(upload(picture(form, (3000, 1500)))))) as kept:
        assert (kept.size, kept.format) == ((2400, 1200), kept_form)


def test_holes_in_a_picture_stay_holes():
    written = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(written, "PNG")

    with Image.open(io.BytesIO(cleaned(upload(written.getvalue())))) as kept:
        assert kept.getpixel((4, 4)) == (0, 0, 0, 0)


def test_a_picture_in_the_printers_colours_is_kept_in_the_screens():
    written = io.BytesIO()
    Image.new("CMYK", (9, 9)).save(written, "JPEG")

    with Image.open(io.BytesIO(cleaned(upload(written.getvalue())))) as kept:
        assert kept.mode == "RGB"


@pytest.mark.parametrize("content", [mp4(b"soun", b"vide"), mp4(b"soun")], ids=["film", "sound"])
def test_the_place_in_an_mp4_is_gone_and_everything_else_stands_where_it_stood(tmp_path, content):
    assert PLACE in content
    sent = upload(content)

    write(sent, examine(sent), tmp_path / "kept")

    kept = (tmp_path / "kept").read_bytes()
    assert PLACE not in kept
    assert len(kept) == len(content)
    assert kept.index(b"sound and light") == content.index(b"sound and light")
    assert examine(upload(kept)).kind == examine(upload(content)).kind


@pytest.mark.parametrize("content", [mp3(), aac(), ogg(), wav(), webm(2), webm(1)])
def test_other_sound_and_film_is_kept_byte_for_byte(tmp_path, content):
    sent = upload(content)

    assert write(sent, examine(sent), tmp_path / "kept") == len(content)
    assert (tmp_path / "kept").read_bytes() == content


def test_a_kept_file_can_be_read_by_us_alone_and_never_replaces_another(tmp_path):
    sent, place = upload(mp3()), tmp_path / "ab" / "kept"

    write(sent, examine(sent), place)

    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        write(sent, examine(sent), place)
    assert place.read_bytes() == mp3()


def test_nothing_is_left_of_a_picture_that_could_not_be_opened(tmp_path):
    broken = upload(picture(size=(600, 400))[:900])

    with pytest.raises(NotAMedium):
        write(broken, examine(broken), tmp_path / "kept")

    assert list(tmp_path.iterdir()) == []


def test_a_film_that_came_through_the_disk_is_kept_too(tmp_path: Path):
    with TemporaryUploadedFile("film.mp4", "video/mp4", 0, None) as sent:
        sent.write(mp4(b"vide"))
        sent.size = sent.tell()

        assert write(sent, examine(sent), tmp_path / "kept") == sent.size


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("Talk with Ama.mp3", "Talk with Ama.mp3"),
        ("نقاش الفريق.mp3", "نقاش الفريق.mp3"),
        ("👩‍⚕️ ward.mp3", "👩‍⚕️ ward.mp3"),
        ("C:\\Users\\me\\talk.mp3", "talk.mp3"),
        ("../../etc/passwd", "passwd.mp3"),
        ("invoice\u202e3pm.exe", "invoice3pm.exe.mp3"),
        ("two\r\nlines\x00\u2066\u2069.mp3", "twolines.mp3"),
        ("page.html", "page.html.mp3"),
        ("talk.WAV", "talk.mp3"),
        ("\ud800.mp3", "file.mp3"),
        ("...", "file.mp3"),
        ("", "file.mp3"),
        ("n" * 400 + ".mp3", "n" * 146 + ".mp3"),
    ],
)
def test_a_name_is_for_showing_only(claimed, shown):
    assert display_name(claimed, ".mp3") == shown
