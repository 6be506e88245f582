"""Where a question looks: the words that one person may read now, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import Combinable

from accounts.models import User
from learning_log.models import Entry, Release, VoiceVersion
from learning_log.querysets import ReleaseQuerySet, VoiceVersionQuerySet
from learning_log.readers import reader_of


class Line(NamedTuple):
    """What a list needs to know of one version that its reader may read now."""

    version: int
    entry: int
    pair: int
    author: int | None
    is_joint: bool
    is_shared: bool
    title: str
    day: date
    approaches: list[str]
    tags: list[str]
    session: int | None
    session_title: str | None
    has_step: bool


@dataclass(frozen=True)
class Log:
    """What one person may read in their log at this moment: asked of the database once, and all else looks in here."""

    user: User
    pairs: frozenset[int]
    lines: Sequence[Line]

    @property
    def entries(self) -> set[int]:
        return {line.entry for line in self.lines}

    @cached_property
    def tags(self) -> list[str]:
        """Those that its reader can see, each once however it is spelled."""
        found = {tag.casefold(): tag for line in self.lines for tag in line.tags}
        return sorted(found.values(), key=str.casefold)

    @cached_property
    def sessions(self) -> dict[int, str]:
        return {line.session: str(line.session_title) for line in self.lines if line.session}

    def of_partner(self) -> set[int]:
        """Entries in which its reader reads somebody else of their pair."""
        return {one.entry for one in self.lines if one.author not in (None, self.user.pk) and one.pair in self.pairs}

    def own(self) -> set[int]:
        return {line.entry for line in self.lines if line.author == self.user.pk}

    def newest_first(self) -> list[Line]:
        return sorted(self.lines, key=lambda line: (line.day, line.entry), reverse=True)


def log_of(user: User) -> Log:
    """What they may read of their own pairs, and what others opened to them; what is there for everybody is a story.

    All of it is `read_by(user)`; this only leaves out.
    """
    pairs = frozenset(reader_of(user).pairs)
    entries = list(Entry.objects.in_log_of(user).values_list("pk", flat=True))
    found = VoiceVersion.objects.read_by(user, entries).with_moment(user)
    lines = [
        Line._make(values)
        for values in found.values_list(
            "pk", "voice__entry_id", "voice__entry__pair_id", "voice__author_id", "voice__entry__is_joint",
            _either(Q(voice__shared_at__isnull=False)), "moment_title", "moment_on", "approaches", "tags", "session_id",
            "session__title", _either(~Q(next_step="")),
        )
    ]  # fmt: skip
    return Log(user, pairs, lines)


def _either(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())


def words_of(log: Log) -> VoiceVersionQuerySet:
    """The words behind its lines, ready to be shown."""
    versions = VoiceVersion.objects.filter(pk__in=[line.version for line in log.lines]).with_moment(log.user)
    shown: VoiceVersionQuerySet = versions.select_related("voice__entry__prompt_set", "voice__author")
    return shown


def releases_seen(user: User, entries: Collection[int]) -> ReleaseQuerySet:
    """Live releases of these that this person knows of: as one of the pair that gave its word, or as one they reach."""
    of_entries = Release.objects.filter(entry__in=entries)
    as_member = of_entries.of_member(user).values("pk")
    as_reader = of_entries.read_by(user).values("pk")
    return of_entries.live().filter(Q(pk__in=as_member) | Q(pk__in=as_reader))
