"""The sentences that every form of a book says in the same words."""

from datetime import date, datetime

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from learning_log.taking_away.book import Book, BookAttachment, BookEntry, BookResponse, BookVoice


def day(on: date) -> str:
    return formatted(on, "j F Y")


def moment(at: datetime) -> str:
    return formatted(at, "j F Y, H:i")


def made(book: Book) -> str:
    return _("Made for %(name)s on %(at)s (%(zone)s).") % {
        "name": book.owner_name,
        "at": moment(book.made_at),
        "zone": book.zone_name,
    }


def themes(entry: BookEntry) -> str:
    return " · ".join([*entry.approaches, *entry.tags])


def voice_name(voice: BookVoice) -> str:
    return _("What we now see together") if voice.is_together else voice.author_name


def voice_version(voice: BookVoice) -> str:
    return _("Version %(number)s, saved %(at)s") % {"number": voice.version, "at": moment(voice.saved_at)}


def next_step(voice: BookVoice) -> str:
    """The next step as one line, or nothing where none was named."""
    if voice.next_step and voice.next_step_on:
        return _("Next step: %(step)s (by %(on)s)") % {"step": voice.next_step, "on": day(voice.next_step_on)}
    return _("Next step: %(step)s") % {"step": voice.next_step} if voice.next_step else ""


def attachment(file: BookAttachment) -> str:
    kinds = {"picture": _("Picture"), "sound": _("Sound"), "film": _("Film")}
    return f"{kinds[file.kind]}: {file.file_name}"


def responses_heading() -> str:
    return _("Responses")


def response_by(response: BookResponse) -> str:
    return f"{response.author_name} · {moment(response.written_at)}"
