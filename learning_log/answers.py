"""What a reader may say under an entry, to whom, and how it can begin."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from learning_log import pages, permissions
from learning_log.answer_forms import ResponseForm
from learning_log.models import Release, Response

# Encouraging, saying what one felt, and asking one question help a writer most; a judgement does not (Rozental 2021,
# Dekker 2013: field notes, 2.4). A starter is put into the box for the reader to go on from.
STARTERS = (
    gettext_lazy("Thank you for writing this. What stayed with me is "),
    gettext_lazy("Reading it, I felt "),
    gettext_lazy("I know something like it: "),
    gettext_lazy("I would like to ask: "),
    gettext_lazy("What would help you with "),
)


@dataclass(frozen=True)
class Circle:
    """Who reads an answer: the two of the pair (no release), or they and whoever reads one release."""

    release: Release | None
    label: str

    @property
    def value(self) -> str:
        return str(self.release.pk) if self.release else "pair"


@dataclass(frozen=True)
class Answers:
    """The answers one reader sees under an entry, and the box for their own."""

    said: Sequence[pages.Said]
    form: ResponseForm
    circles: Sequence[Circle]
    draft: Response | None
    is_own: bool
    starters: Sequence[Any] = STARTERS

    @property
    def can_respond(self) -> bool:
        return bool(self.circles)


def under(
    user: User,
    found: pages.ReadEntry,
    sides: dict[int | None, str],
    *,
    data: QueryDict | None = None,
    start: str = "",
) -> Answers:
    """Everything about answering for this reader of an entry, of which they read `found`. `start` numbers a starter."""
    circles = circles_of(user, found)
    visible = Response.objects.visible_to(user, [found.entry.pk]).filter(entry=found.entry)
    responses = list(visible.select_related("author", "release__facilitator"))
    draft = next((response for response in responses if response.is_draft), None)
    return Answers(
        said=pages.said([response for response in responses if not response.is_draft], sides),
        form=ResponseForm(data, circles=circles, initial=_initial(draft, start)),
        circles=circles,
        draft=draft,
        is_own=found.own is not None,
    )


def circles_of(user: User, found: pages.ReadEntry) -> list[Circle]:
    """To whom this reader can answer: the two first, as the smallest circle they are in; then each live release."""
    circles = []
    shared = sum(version.voice.is_shared for version in found.versions if not version.voice.is_together)
    if shared >= (2 if found.entry.is_sealed else 1) and permissions.is_live_member(user, found.entry.pair_id):
        circles.append(Circle(None, _("The two of you, nobody else")))
    releases = Release.objects.live() if found.own else Release.objects.read_by(user)
    answerable = releases.filter(entry=found.entry, allows_responses=True).select_related("facilitator")
    return circles + [Circle(release, circle_name(release)) for release in answerable.order_by("pk")]


def circle_name(release: Release) -> str:
    """Who reads what is said under a release."""
    if release.audience == Release.Audience.FACILITATOR:
        name = release.facilitator.name if release.facilitator else ""
        return (
            _("The pair and their facilitator, %(name)s") % {"name": name} if name else _("The pair and a facilitator")
        )
    if release.audience == Release.Audience.COHORT:
        return _("Everybody in the cohort")
    return _("All pairs of this programme, past and present")


def _initial(draft: Response | None, start: str) -> dict[str, Any]:
    if draft is not None:
        circle = str(draft.release_id) if draft.release_id else "pair"
        return {"form_key": draft.form_key, "body": draft.body, "circle": circle}
    begun = {str(number): words for number, words in enumerate(STARTERS)}.get(start, "")
    return {"form_key": uuid.uuid4(), "body": begun}
