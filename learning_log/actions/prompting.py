"""The questions that the log offers. The editions themselves, with who made them and when, are the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from learning_log.exceptions import StaleEdition
from learning_log.models import PromptSet

RESERVED_KEYS = {"new"}  # an address of its own


@dataclass(frozen=True)
class Questions:
    """What an edition says: its name, what it is good for, its place in the list, and (question, hint) in order."""

    name: str
    purpose: str
    position: int
    asked: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> dict[str, object]:
        return {
            "name": self.name,
            "purpose": self.purpose,
            "position": self.position,
            "questions": [{"question": question, "hint": hint} for question, hint in self.asked],
        }

    @classmethod
    def of(cls, edition: PromptSet) -> "Questions":
        asked = tuple((one["question"], one.get("hint", "")) for one in edition.questions)
        return cls(edition.name, edition.purpose, edition.position, asked)


@transaction.atomic
def start_prompt_set(*, questions: Questions, by: User, at: datetime | None = None) -> PromptSet:
    """Offer a new set, as its first edition. Called by a programme manager."""
    return PromptSet.objects.create(
        key=_unused_key(questions.name), number=1, created_by=by, created_at=at or timezone.now(), **questions.columns
    )


@transaction.atomic
def next_edition(*, key: str, number: int, questions: Questions, by: User, at: datetime | None = None) -> PromptSet:
    """Make the edition after `number`, offered if that one was. Entries keep the edition they began with.

    Called by a programme manager. A second click with the same questions changes nothing. Raises StaleEdition when
    `number` is not the newest, PromptSet.DoesNotExist for a key that was never used.
    """
    newest = _newest(key)
    if Questions.of(newest) == questions:
        return newest
    if newest.number != number:
        raise StaleEdition
    PromptSet.objects.filter(key=key).update(is_offered=False)
    return PromptSet.objects.create(
        key=key,
        number=number + 1,
        is_offered=newest.is_offered,
        created_by=by,
        created_at=at or timezone.now(),
        **questions.columns,
    )


@transaction.atomic
def retire_prompt_set(*, key: str) -> None:
    """Offer this set to new entries no more; those begun with it go on. A second call changes nothing."""
    _newest(key)
    PromptSet.objects.filter(key=key).update(is_offered=False)


@transaction.atomic
def offer_prompt_set(*, key: str) -> None:
    """Offer the newest edition of this set again. A second call changes nothing."""
    PromptSet.objects.filter(pk=_newest(key).pk).update(is_offered=True)


def _newest(key: str) -> PromptSet:
    """The newest edition; the set is locked until the transaction is over.

    It is asked for again once the lock is held: who waited for it must see what was made meanwhile.
    """
    editions = PromptSet.objects.filter(key=key)
    list(editions.select_for_update().order_by("pk"))
    newest = editions.order_by("-number").first()
    if newest is None:
        raise PromptSet.DoesNotExist
    return newest


def _unused_key(name: str) -> str:
    stem = slugify(name)[:50] or "questions"
    taken = RESERVED_KEYS | set(PromptSet.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)
