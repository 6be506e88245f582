"""Small real files: pictures by Pillow, WAV by `wave`, the containers of sound and film box by box."""

import base64
import io
import wave

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

PLACE = b"+51.5007-000.1246/"


def upload(content: bytes, name: str = "file", claimed: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **saved_with: object) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    written = io.BytesIO()
    image.save(written, form, **saved_with)
    return written.getvalue()


def photograph(orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it: with a place, a maker, a remark, a profile and XMP."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CANARY maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.5), 29: "CANARY:11:22"})
    return picture(exif=exif, comment=b"CANARY remark", icc_profile=b"CANARY profile" * 10, xmp=b"<x>CANARY</x>")


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", "<x>CANARY</x>")
    words.add_text("Comment", "CANARY remark")
    return picture("PNG", pnginfo=words)


def wav(seconds: float = 0.1) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(16_000 * seconds)))
    return written.getvalue()


def mp3(frames: int = 4) -> bytes:
    """MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def tagged_mp3() -> bytes:
    """As most are: an ID3 tag of 200 bytes (1 · 128 + 72) before the first frame."""
    return b"ID3\x04\x00\x00\x00\x00\x01\x48" + bytes(200) + mp3()


def aac(frames: int = 4) -> bytes:
    length = 32
    header = bytes([0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC])
    return (header + bytes(length - 7)) * frames


def ogg(packet: bytes = b"OpusHead") -> bytes:
    body = packet + bytes(11)
    return b"OggS\x00\x02" + bytes(20) + bytes([1, len(body)]) + body


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4) + kind + body


def track(handler: bytes, *more: bytes) -> bytes:
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))), *more)


def mp4(*handlers: bytes, brand: bytes = b"isom") -> bytes:
    """A film as a telephone keeps it: its place in `©xyz` and in a `meta` box, XMP in a `uuid` box at the end."""
    place = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7", PLACE))
    keys = box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", PLACE))
    tracks = [track(handler, place) for handler in handlers]
    return (
        box(b"ftyp", brand, bytes(4), b"isommp42")
        + box(b"mdat", b"sound and light")
        + box(b"moov", box(b"mvhd", bytes(100)), *tracks, place, keys)
        + box(b"uuid", bytes(16), b"<x>", PLACE, b"</x>")
    )


def element(name: int, *content: bytes, open_ended: bool = False) -> bytes:
    body = b"".join(content)
    size = b"\x01" + b"\xff" * 7 if open_ended else (1 << 28 | len(body)).to_bytes(4)
    return name.to_bytes((name.bit_length() + 7) // 8) + size + body


def webm(*track_types: int, doc_type: bytes = b"webm") -> bytes:
    """As a browser records it: a segment of unknown size, its tracks, then a cluster of unknown size."""
    tracks = [element(0xAE, element(0xD7, b"\x01"), element(0x83, bytes([kind]))) for kind in track_types]
    return (
        element(0x1A45DFA3, element(0x4282, doc_type))
        + element(0x18538067, open_ended=True)
        + element(0x1549A966, bytes(10))
        + element(0x1654AE6B, *tracks)
        + element(0x1F43B675, open_ended=True)
        + bytes(50)
    )


def heic() -> bytes:
    """48 by 64 pixels once upright (stored lying, to be turned), ochre above and teal below; its EXIF names a maker."""
    return base64.b64decode(_HEIC)


_HEIC = """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA
AAAERAAAIAAQAAAAAB7AABAAAAAAAAAJAAAgAAAAACfAABAAAAAAAAAHYAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp
bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE
ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA
AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH
BpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAQ5tZGF0AAAA
jCgBrwngOSMkvr/Zo///vyL5D79jHBf/8Nal9/HxJ//m2/URjWLKvFRj+UwzgW8g1nOKsRjmOqfMSLD+PncHqJVOFeSCT2emqyjf5dCDTpIi+T
oCHRKjNRfI/TKHajy6uHJbjYqZ72DvZLnolY2FR3GsYdTrsZ/YYNBsNNerIYf5qnisBvna51LhHH4YAAAABkV4aWYAAE1NACoAAAAIAAQBDgAC
AAAADgAAAD4BDwACAAAADQAAAEwBEgADAAAAAQAGAACIJQAEAAAAAQAAAFoAAAAAY2FuYXJ5LXJlbWFyawBjYW5hcnktbWFrZXIAAAABAAEAAg
AAAAJOAAAAAAAAAA==
"""
