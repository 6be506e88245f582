"""One entry, with the words this reader may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from learning_log import answers, pages
from learning_log.answers import Answers
from learning_log.pages import ReadEntry
from learning_log.views.doors import readable_entry


@require_safe
def entry_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    user, entry = current_user(request), readable_entry(request, entry_id)
    found, sides = pages.read_entry(user, entry), pages.sides_of(entry.pair_id)
    return detail_page(request, found, sides, answers.under(user, found, sides))


def detail_page(request: HttpRequest, found: ReadEntry, sides: dict[int | None, str], given: Answers) -> HttpResponse:
    """The page of one entry; `given` is what was answered, and the box with what the reader has typed into it."""
    user, entry, own = current_user(request), found.entry, found.own
    context = {
        "entry": entry,
        "found": found,
        "voices": pages.voices_said(found, sides),
        "own": own,
        "answers": given,
        "form": given.form,
        "audience": pages.audience_of(user, entry, own.voice if own else None),
    }
    return render(request, "learning_log/entry_detail.html", context)
