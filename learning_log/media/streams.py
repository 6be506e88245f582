"""Sound and film that are a stream from the first byte: WAV, Ogg, MP3, AAC, WebM."""

import os
from collections.abc import Iterator
from typing import IO

from learning_log.media.kinds import Form

WAV = Form("sound", "audio/wav", ".wav")
OGG = Form("sound", "audio/ogg", ".ogg")
MP3 = Form("sound", "audio/mpeg", ".mp3")
AAC = Form("sound", "audio/aac", ".aac")
WEBM_SOUND = Form("sound", "audio/webm", ".webm")
WEBM_FILM = Form("film", "video/webm", ".webm")

OGG_SOUNDS = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
MP3_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # version 1, layer III, kbit/s
MP3_LOW_BIT_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # versions 2 and 2.5
MP3_SAMPLE_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
FRAMES_IN_A_ROW = 3
MOST_CHUNKS = 20

EBML, DOC_TYPE, SEGMENT, CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675
TRACKS, TRACK_ENTRY, TRACK_TYPE = 0x1654AE6B, 0xAE, 0x83
VIDEO_TRACK, AUDIO_TRACK = 1, 2
MOST_ELEMENTS = 1_000


def form_of(head: bytes, file: IO[bytes]) -> Form | None:
    """What a file that begins with `head` is, or None if it is none of these."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _wav_form(file)
    if head[:4] == b"OggS":
        return _ogg_form(head)
    if head[:4] == EBML.to_bytes(4):
        return _webm_form(file)
    return _framed_form(file, _after_id3(head))


def _wav_form(file: IO[bytes]) -> Form | None:
    """By the chunk that says how it sounds; recorders may put a few of their own before it."""
    at = 12
    for _chunk in range(MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if head[:4] == b"fmt ":
            return WAV
        at += 8 + int.from_bytes(head[4:], "little")
    return None


def _ogg_form(head: bytes) -> Form | None:
    """By the first packet, which names the codec (RFC 3533, section 6; RFC 7845, section 5.1)."""
    packet = head[27 + head[26] :] if len(head) > 27 else b""
    return OGG if packet.startswith(OGG_SOUNDS) else None


def _after_id3(head: bytes) -> int:
    """Where sound begins: behind an ID3v2 tag, whose size has seven bits a byte (id3.org, ID3v2.4, section 3.1)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _framed_form(file: IO[bytes], start: int) -> Form | None:
    """MP3 or AAC, if several frames follow each other without a gap; text that happens to look like one does not."""
    for form, length_of in ((MP3, _mp3_frame_bytes), (AAC, _aac_frame_bytes)):
        at = start
        for _frame in range(FRAMES_IN_A_ROW):
            file.seek(at)
            length = length_of(file.read(7))
            if not length:
                break
            at += length
        else:
            return form
    return None


def _mp3_frame_bytes(header: bytes) -> int:
    """Length of the MPEG layer III frame that begins with `header`; 0 if none does (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bit_rate, sample_rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in MP3_SAMPLE_RATES or bit_rate in (0, 15) or sample_rate == 3:
        return 0
    rates, factor = (MP3_BIT_RATES, 144_000) if version == 0b11 else (MP3_LOW_BIT_RATES, 72_000)
    return factor * rates[bit_rate] // MP3_SAMPLE_RATES[version][sample_rate] + (header[2] >> 1 & 1)


def _aac_frame_bytes(header: bytes) -> int:
    """Length of the ADTS frame that begins with `header`; 0 if none does (ISO/IEC 13818-7, 6.2)."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0


def _webm_form(file: IO[bytes]) -> Form | None:
    """By the types of its tracks, which a WebM file names before its first cluster (RFC 9559, section 5.1.4)."""
    doc_type, kinds = b"", set()
    for name, start, size in _elements(file):
        file.seek(start)
        if name == DOC_TYPE:
            doc_type = file.read(min(size, 16)).rstrip(b"\0")
        elif name == TRACK_TYPE:
            kinds.add(int.from_bytes(file.read(min(size, 8))))
    if doc_type != b"webm":
        return None
    if VIDEO_TRACK in kinds:
        return WEBM_FILM
    return WEBM_SOUND if AUDIO_TRACK in kinds else None


def _elements(file: IO[bytes]) -> Iterator[tuple[int, int, int]]:
    """Name, start of content and size of each element up to the first cluster, with those inside the four we enter."""
    at, end = 0, file.seek(0, os.SEEK_END)
    for _count in range(MOST_ELEMENTS):
        file.seek(at)
        head = file.read(12)
        name, name_bytes = _number(head, keeps_marker=True)
        size, size_bytes = _number(head[name_bytes:], keeps_marker=False)
        if not name_bytes or not size_bytes or name == CLUSTER:
            return
        start = at + name_bytes + size_bytes
        yield name, start, size
        at = start if name in (EBML, SEGMENT, TRACKS, TRACK_ENTRY) else start + size
        if at >= end:
            return


def _number(source: bytes, *, keeps_marker: bool) -> tuple[int, int]:
    """A number of variable length and the bytes it took; (0, 0) if there is none (RFC 8794, section 4)."""
    if not source or not source[0]:
        return 0, 0
    length = 9 - source[0].bit_length()
    if len(source) < length:
        return 0, 0
    number = int.from_bytes(source[:length])
    return (number if keeps_marker else number & ~(1 << 7 * length)), length
