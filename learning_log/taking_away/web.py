"""A book as one web page that needs nothing else: styles, pictures and words in a single file."""

import base64
from collections.abc import Iterator, Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config import markdown
from learning_log.taking_away import pictures, wording
from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookVoice

TEMPLATE = "learning_log/taken_away_book.html"
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

type Shown = dict[str, object]


def make(book: Book) -> bytes:
    """The book as UTF-8. Words are escaped by the template or cleaned by `config.markdown`; nothing is fetched."""
    context = {
        "book": book,
        "title": book.title or _("Learning log"),
        "made": wording.made(book),
        "entries": [_entry(entry) for entry in book.entries],
    }
    return render_to_string(TEMPLATE, context).encode(errors="replace")


def _entry(entry: BookEntry) -> Shown:
    return {
        "entry": entry,
        "day": wording.day(entry.happened_on),
        "themes": wording.themes(entry),
        "voices": [_voice(voice) for voice in entry.spread],
        "rows": max((len(voice.parts) for voice in entry.spread), default=0) + 2,
        "together": [_voice(voice) for voice in entry.together],
        "responses_heading": wording.responses_heading(),
        "responses": [{"by": wording.response_by(answer), "text": answer.text} for answer in entry.responses],
    }


def _voice(voice: BookVoice) -> Shown:
    return {
        "name": wording.voice_name(voice),
        "side": voice.side,
        "role": voice.role_words,
        "parts": [
            {"question": part.question, "prose": markdown.render(part.markdown, top_heading=5 if part.question else 4)}
            for part in voice.parts
        ],
        "next_step": wording.next_step(voice),
        "attachments": list(_attachments(voice.attachments)),
        "version": wording.voice_version(voice),
    }


def _attachments(files: Sequence[BookAttachment]) -> Iterator[Shown]:
    for file in files:
        yield {"caption": wording.attachment(file), "words": file.words, "address": _address(file)}


def _address(file: BookAttachment) -> str:
    """The picture itself as an address, or nothing."""
    found = pictures.format_of(file.data) if file.kind == "picture" and file.data else None
    if not found or not file.data:
        return ""
    return f"data:{MEDIA_TYPES[found]};base64,{base64.b64encode(file.data).decode('ascii')}"
