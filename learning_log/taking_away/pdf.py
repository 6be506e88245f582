"""A book as tagged PDF (PDF/UA-1), set by Typst.

Everything somebody wrote reaches Typst as data (`book.json`), never as source; the template is
fixed, imports nothing, and sees a folder with nothing in it but this book.
"""

import json
import re
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

from learning_log.taking_away import pictures, prose, wording
from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookVoice

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "book.typ"
FONTS = FOLDER / "fonts"
# In the order in which a sign looks for its shape.
FAMILIES = [
    *(
        "Literata",
        "Noto Serif",
        "Noto Naskh Arabic",
        "Noto Serif Hebrew",
        "Noto Serif Bengali",
        "Noto Serif Devanagari",
    ),
    *("Noto Sans Gurmukhi", "Noto Sans Gujarati", "Noto Sans Tamil", "Noto Serif SC", "Noto Emoji"),
]
# Longer voices follow one another: two narrow columns over many pages are hard to read.
LONGEST_BESIDE = 12_000

type Json = dict[str, Any]

_UNSEEN = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_CLUSTER = re.compile(
    r"[^\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff][\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def make(book: Book) -> bytes:
    """The book as PDF. A sign that none of our fonts can draw is written as its number, and the last page says so."""
    setting = _Setting()
    data = setting.book(book)
    files = {"main.typ": TEMPLATE.read_bytes(), "book.json": json.dumps(data).encode(), **setting.pictures}
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            (Path(root) / name).write_bytes(content)
        compiler = typst.Compiler(
            Path(root) / "main.typ",
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=root,
            package_cache_path=root,
        )
        try:
            return _pdf(compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(book.made_at.timestamp())))
        except typst.TypstError:
            # A tagged PDF beats none. Nothing is logged (docs/decisions/0005).
            return _pdf(compiler.compile(format="pdf", timestamp=int(book.made_at.timestamp())))


def _pdf(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("Typst made no PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


@cache
def _drawn() -> Sequence[frozenset[int]]:
    """The signs of each font."""
    drawn = []
    for path in sorted(FONTS.glob("*Regular.ttf")):
        with TTFont(path, lazy=True) as font:
            drawn.append(frozenset(font.getBestCmap()))
    return drawn


@dataclass
class _Setting:
    """A book on its way to Typst: values as JSON, pictures as files, and the signs that could not be drawn."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    undrawn: set[str] = field(default_factory=set)

    def book(self, book: Book) -> Json:
        entries = [self.entry(entry) for entry in book.entries]
        title, owner, purpose = self.line(book.title), self.line(book.owner_name), self.line(book.purpose)
        return {
            "title": title or _("Learning log"),
            "owner": owner,
            "purpose": purpose,
            "made": self.line(wording.made(book)),
            "language": book.language,
            "families": FAMILIES,
            "contents": _("Contents"),
            "entries": entries,
            "note": self.note(),
        }

    def note(self) -> str:
        if not self.undrawn:
            return ""
        return _(
            "Some signs could not be drawn in this PDF and stand here as their number, such as %(sign)s. "
            "The Word, web and data copies hold them as they were written."
        ) % {"sign": _number(min(self.undrawn))}

    def entry(self, entry: BookEntry) -> Json:
        return {
            "number": entry.number,
            "title": self.line(entry.title) or wording.day(entry.happened_on),
            "day": wording.day(entry.happened_on),
            "themes": self.line(wording.themes(entry)),
            "audience": self.line(entry.audience),
            "is_spread": _fits_beside(entry.spread),
            "lines_up": len({tuple(part.question for part in voice.parts) for voice in entry.spread}) == 1,
            "voices": [self.voice(voice) for voice in entry.spread],
            "together": [self.voice(voice) for voice in entry.together],
            "responses_heading": wording.responses_heading(),
            "responses": [
                {"by": self.line(wording.response_by(answer)), "blocks": self.plain(answer.text)}
                for answer in entry.responses
            ],
        }

    def voice(self, voice: BookVoice) -> Json:
        return {
            "name": self.line(wording.voice_name(voice)),
            "side": voice.side,
            "role": self.line(voice.role_words),
            "version": wording.voice_version(voice),
            "next_step": self.line(wording.next_step(voice)),
            "parts": [
                {
                    "question": self.line(part.question),
                    "blocks": self.blocks(part.markdown, top_heading=4 if part.question.strip() else 3),
                }
                for part in voice.parts
            ],
            "attachments": [self.attachment(file) for file in voice.attachments],
        }

    def attachment(self, file: BookAttachment) -> Json:
        found = pictures.format_of(file.data) if file.kind == "picture" and file.data else None
        path = f"picture-{len(self.pictures)}.{found}" if found else ""
        if path and file.data:
            self.pictures[path] = file.data
        caption = self.line(wording.attachment(file))
        return {
            "path": path,
            "caption": caption,
            "words": self.plain(file.words),
            "alt": self.line(file.words) or caption,
        }

    def blocks(self, text: str, *, top_heading: int) -> list[Json]:
        return [self.node(node) for node in prose.blocks(text, top_heading=top_heading)]

    def plain(self, text: str) -> list[Json]:
        return [self.node(node) for node in prose.as_typed(text)]

    def node(self, node: prose.Node) -> Json:
        return {
            "kind": node.kind,
            "text": self.drawable(node.text),
            "href": node.href,
            "level": node.level,
            "start": node.start,
            "is_rtl": node.is_rtl,
            "children": [self.node(child) for child in node.children],
        }

    def line(self, text: str) -> str:
        """`text` as one line."""
        return " ".join(self.drawable(prose.readable_text(text)).split())

    def drawable(self, text: str) -> str:
        """`text` with every sign that no font of ours holds as its number."""
        return "".join(self._sign(cluster) for cluster in _clusters(unicodedata.normalize("NFC", text)))

    def _sign(self, cluster: str) -> str:
        if any(_holds(font, cluster) for font in _drawn()):
            return cluster
        base = next((font for font in _drawn() if _holds(font, cluster[0])), frozenset[int]())
        missing = {sign for sign in cluster if not _holds(base, sign)}
        self.undrawn |= missing
        return "".join(_number(sign) if sign in missing else sign for sign in cluster)


def _clusters(text: str) -> list[str]:
    """`text` letter by letter, each with the accents that stand on it."""
    found, at = [], 0
    for match in _CLUSTER.finditer(text):
        found += [*text[at : match.start()], match.group()]
        at = match.end()
    return [*found, *text[at:]]


def _holds(font: frozenset[int], signs: str) -> bool:
    return all(ord(sign) in font or _has_no_shape(sign) for sign in signs)


def _has_no_shape(sign: str) -> bool:
    """Blanks, joiners, marks of direction, and selectors of a variant."""
    return sign in " \n\t" or "\ufe00" <= sign <= "\ufe0f" or bool(_UNSEEN.match(sign))


def _number(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def _fits_beside(voices: Sequence[BookVoice]) -> bool:
    lengths = [sum(len(part.markdown) for part in voice.parts) for voice in voices]
    return len(voices) == 2 and max(lengths) <= LONGEST_BESIDE
