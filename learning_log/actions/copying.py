"""Taking away: asking for a copy, putting a portfolio together, throwing one away. All of it is its owner's alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from learning_log import media_files
from learning_log.exceptions import CopyGone, TooManyCopies
from learning_log.models import Copy

# A file goes so long after it was made; what is still being put together, so long after it was begun.
COPIES_KEPT = timedelta(hours=24)
MOST_COPIES = 10
MOST_CHOSEN = 400


@dataclass(frozen=True)
class CopyTerms:
    """What a copy is to be: its form, whose words and whether answers are in it, its title and whom it is for."""

    form: str
    with_partner: bool
    with_answers: bool
    title: str = ""
    purpose: str = ""

    @property
    def columns(self) -> dict[str, object]:
        return {
            "form": self.form,
            "with_partner": self.with_partner,
            "with_answers": self.with_answers,
            "title": self.title,
            "purpose": self.purpose,
        }


@transaction.atomic
def ask_for_copy(*, terms: CopyTerms, form_key: UUID, by: User, at: datetime | None = None) -> Copy:
    """Have a copy of everything made that `by` may take away. A second click is the same copy. Raises TooManyCopies."""
    copy = _begin(form_key=form_key, by=by, at=at, state=Copy.State.WAITING, columns=terms.columns)
    _wake()
    return copy


@transaction.atomic
def choose_entries(*, chosen: Sequence[int], form_key: UUID, by: User, at: datetime | None = None) -> Copy:
    """Begin a portfolio with these entries, in this order. A second click is the same one. Raises TooManyCopies.

    What of them is in the file is asked when it is made: an entry that `by` may not read then is not in it.
    """
    columns: dict[str, object] = {"chosen": list(chosen)[:MOST_CHOSEN]}
    return _begin(form_key=form_key, by=by, at=at, state=Copy.State.CHOOSING, columns=columns)


@transaction.atomic
def arrange_copy(*, copy: Copy, by: User, chosen: Sequence[int] | None = None, terms: CopyTerms | None = None) -> None:
    """Choose and order the entries of a portfolio anew, or say what it is to be.

    Raises CopyGone once it is being made, was thrown away or has expired.
    """
    changes = ({"chosen": list(chosen)[:MOST_CHOSEN]} if chosen is not None else {}) | (terms.columns if terms else {})
    mine = Copy.objects.visible_to(by).filter(pk=copy.pk, state=Copy.State.CHOOSING)
    if not mine.update(**changes):
        raise CopyGone


@transaction.atomic
def make_copy(*, copy: Copy, by: User, at: datetime | None = None) -> None:
    """Have a portfolio made as it stands, or a copy again that failed or whose words were withdrawn.

    A second call changes nothing. Raises CopyGone when it was thrown away or has expired.
    """
    mine = Copy.objects.visible_to(by).filter(pk=copy.pk)
    again = mine.filter(state__in=[Copy.State.CHOOSING, Copy.State.FAILED, Copy.State.WITHDRAWN])
    expires_at = (at or timezone.now()) + COPIES_KEPT
    if again.update(state=Copy.State.WAITING, attempts=0, entries_done=0, entries_total=0, expires_at=expires_at):
        _wake()
    elif not mine.exists():
        raise CopyGone


@transaction.atomic
def throw_copy_away(*, copy: Copy, by: User) -> None:
    """Delete a copy and its file, whatever state it is in. A second call changes nothing."""
    media_files.remove(Copy.objects.filter(pk=copy.pk, owner=by))


@transaction.atomic
def withdraw_copy(*, copy: Copy) -> None:
    """Delete the file of a copy: something in it is no longer shared with its owner. They can have it made again."""
    ready = Copy.objects.filter(pk=copy.pk, state=Copy.State.READY)
    if ready.update(state=Copy.State.WITHDRAWN, path="", size_bytes=0, others_versions=[], others_responses=[]):
        transaction.on_commit(partial(media_files.place_of(copy.path).unlink, missing_ok=True), robust=True)


def _begin(*, form_key: UUID, by: User, at: datetime | None, state: str, columns: dict[str, object]) -> Copy:
    at = at or timezone.now()
    User.objects.select_for_update().get(pk=by.pk)  # so that two clicks count one after the other
    begun = Copy.objects.filter(owner=by, form_key=form_key).first()
    if begun is not None:
        return begun
    if Copy.objects.visible_to(by).count() >= MOST_COPIES:
        raise TooManyCopies
    return Copy.objects.create(
        owner=by, form_key=form_key, state=state, created_at=at, expires_at=at + COPIES_KEPT, **columns
    )


def _wake() -> None:
    from learning_log.tasks import make_copies
    from notifications import wake

    transaction.on_commit(partial(wake.publish, make_copies), robust=True)
