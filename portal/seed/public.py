"""Guides and what the public says under them."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from psycopg.types.json import Jsonb

from accounts.models import User
from comments.models import Comment, Decision
from guides.models import Edition, Guide, Section
from portal.seed.rows import BASE, Progress, copy, first_free_id, nothing
from portal.seed.words import sentence

GUIDES = 20
STATES = (
    *[Comment.State.PUBLISHED.value] * 17,
    *[Comment.State.HELD.value] * 2,
    Comment.State.REFUSED.value,
)


def comments(count: int, batch: str, random: Random, progress: Progress) -> None:
    """`count` comments under GUIDES new guides: 85 % published, 10 % held, 5 % refused, each decision with its row."""
    if not count:
        return
    moderator = User.objects.create(email=f"seed-moderator-{batch}@seed.test", name="Seed Moderator")
    editions = [_guide(number, batch, random) for number in range(GUIDES)]
    first = first_free_id(Comment)
    states = random.choices(STATES, k=count)

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, state in enumerate(states):
            edition = editions[number % GUIDES]
            at = BASE - timedelta(seconds=number * 7)
            decided = state != Comment.State.HELD.value
            yield (
                first + number, edition.guide_id, edition.pk, f"Reader {number}", "Carer", "",
                f"reader-{number}@seed.test",
                sentence(random, 30), state, 2 if decided else 1, Jsonb([]), False,
                uuid.UUID(int=random.getrandbits(128), version=4), at,
                at + timedelta(hours=5) if state == Comment.State.PUBLISHED.value else None,
            )  # fmt: skip

    copy(
        Comment,
        [
            "id", "guide", "edition", "name", "role", "organisation", "email", "text", "state", "version",
            "held_reasons", "keeps_details", "submitted_key", "created_at", "published_at",
        ],
        rows(),
        progress,
    )  # fmt: skip
    verbs = {
        Comment.State.PUBLISHED.value: Decision.Verb.PUBLISHED.value,
        Comment.State.REFUSED.value: Decision.Verb.REFUSED.value,
    }
    copy(
        Decision,
        ["comment", "comment_version", "verb", "by", "reason", "note", "at"],
        (
            (first + number, 1, verbs[state], moderator.pk, "off_topic" if state == "refused" else "", "",
             BASE - timedelta(seconds=number * 7) + timedelta(hours=5))
            for number, state in enumerate(states)
            if state in verbs
        ),
        nothing,
    )  # fmt: skip


def _guide(number: int, batch: str, random: Random) -> Edition:
    guide = Guide.objects.create(slug=f"seeded-{batch}-{number}", title=f"Seeded guide {number}")
    edition = Edition.objects.create(guide=guide, number=1, title=guide.title, published_at=BASE)
    Section.objects.bulk_create(
        Section(
            edition=edition, position=place, heading=f"Part {place}", slug=f"part-{place}", body=sentence(random, 150)
        )
        for place in range(1, 5)
    )
    Guide.objects.filter(pk=guide.pk).update(state=Guide.State.PUBLISHED, current_edition=edition)
    return edition
