"""One entry, with the words this reader may read."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import current_user
from learning_log import answers, audiences, pages, permissions, turns
from learning_log.answers import Answers
from learning_log.pages import ReadEntry, Said
from learning_log.views.doors import readable_entry
from pairs.models import Membership

FIRST_KEY = "log_first_side"


@require_safe
def entry_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    user, entry = current_user(request), readable_entry(request, entry_id)
    found, sides = pages.read_entry(user, entry), pages.sides_of(entry.pair_id)
    return detail_page(request, found, sides, answers.under(user, found, sides))


def detail_page(request: HttpRequest, found: ReadEntry, sides: dict[int | None, str], given: Answers) -> HttpResponse:
    """The page of one entry; `given` is what was answered, and the box with what the reader has typed into it."""
    user, entry, own = current_user(request), found.entry, found.own
    audience = audiences.of(user, found)
    voices = _in_order(request, pages.voices_said(found, sides))
    telling = {version.voice.author_id for version in found.versions}
    is_member = audience.is_member
    waits = turns.turns_of(entry, user) if is_member else []
    context = {
        "entry": entry,
        "found": found,
        "title": found.title,
        "happened_on": found.happened_on,
        "approach_names": found.filed_by.approach_names if found.versions else [],
        "voices": voices,
        "waits": [turn for turn in waits if not turn.is_you and turn.person.pk not in telling],
        "second": _second(voices),
        "own": own,
        "is_asked": audience.is_asked,
        "is_member": is_member,
        "can_ask": own is not None and not entry.is_joint and not own.voice.is_shared and bool(audience.others),
        "can_write_together": is_member and permissions.have_both_shared(entry) if entry.is_joint else False,
        "answers": given,
        "form": given.form,
        "audience": audience,
    }
    return render(request, "learning_log/entry_detail.html", context)


def _in_order(request: HttpRequest, voices: list[Said]) -> list[Said]:
    """The side the reader put first, then the other; what they wrote together last."""
    chosen = request.GET.get("first", "")
    if chosen in Membership.Side:
        request.session[FIRST_KEY] = chosen
    first = request.session.get(FIRST_KEY, "")
    return sorted(voices, key=lambda said: (not said.side, said.side != first if first else 0))


def _second(voices: Sequence[Said]) -> Said | None:
    """Whoever's voice stands second of two: theirs can be put first."""
    telling = [said for said in voices if said.side]
    return telling[1] if len(telling) > 1 else None
