"""Random sequences of everything a pair can do, checked after every step against a second telling of the rules.

The oracle below keeps plain Python records and knows nothing of the querysets; the product must agree with it for every
person, word by word.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import Role
from cohorts.models import Cohort, StaffAssignment
from learning_log import actions
from learning_log.actions import ReleaseTerms
from learning_log.exceptions import (
    AlreadyTold,
    NobodyToShareWith,
    NotAMember,
    NothingWritten,
    NotReadByBoth,
    NotShared,
    NotTheirs,
    ReleaseOver,
    StaleVersion,
    StillReleased,
)
from learning_log.models import Entry, Release, Voice, VoiceVersion
from pairs.models import Membership
from tests.accounts.factories import make_person, make_staff
from tests.learning_log.factories import Two, make_cohort, make_pair, text

pytestmark = pytest.mark.django_db

REFUSALS = (
    AlreadyTold,
    NobodyToShareWith,
    NotAMember,
    NothingWritten,
    NotReadByBoth,
    NotShared,
    NotTheirs,
    ReleaseOver,
    StaleVersion,
    StillReleased,
    Voice.DoesNotExist,
)
WALKS, STEPS = 8, 40


@dataclass
class ToldVoice:
    """What the oracle knows of one voice. `author` is None for what the two wrote together."""

    entry: int
    author: str | None
    now: str
    shared: str | None = None


@dataclass
class ToldRelease:
    entry: int
    audience: str
    words: dict[int, str]
    consents: set[str]
    needed: set[str]
    is_over: bool = False
    released: int = 0

    @property
    def is_live(self) -> bool:
        return not self.is_over and self.needed <= self.consents


@dataclass
class Told:
    """Everything that has happened, as a person would write it down."""

    voices: dict[int, ToldVoice] = field(default_factory=dict)
    sealed: set[int] = field(default_factory=set)
    releases: dict[int, ToldRelease] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def read_by(self, name: str) -> set[str]:
        return {words for pk in self.voices if (words := self._words(pk, name)) is not None}

    def _words(self, pk: int, name: str) -> str | None:
        voice = self.voices[pk]
        if voice.author == name:
            return voice.now
        if name in {"professional", "partner"} - self.gone and self._shared_with_pair(voice, name):
            return voice.shared
        live = [one for one in self.releases.values() if one.is_live and one.entry == voice.entry]
        read = [one for one in live if self._reads(name, one)]
        return max(read, key=lambda one: one.released).words.get(pk) if read else None

    def _reads(self, name: str, release: ToldRelease) -> bool:
        return name in AUDIENCES[release.audience] and (release.audience == "public" or name not in self.gone)

    def _shared_with_pair(self, voice: ToldVoice, name: str) -> bool:
        if voice.shared is None:
            return False
        if voice.author is not None and voice.entry not in self.sealed:
            return True
        return any(one.entry == voice.entry and one.author == name and one.shared for one in self.voices.values())


# The professional and the partner are participants of the cohort too, and so of its network.
AUDIENCES = {
    "facilitator": {"facilitator"},
    "cohort": {"professional", "partner", "neighbour", "facilitator"},
    "network": {"professional", "partner", "neighbour", "earlier pair"},
    "link": set(),
    "public": {"professional", "partner", "neighbour", "earlier pair", "facilitator", "stranger", "manager", "visitor"},
}


@dataclass
class Walk:
    """One pair, everybody who could be curious, and the dice."""

    two: Two
    people: dict[str, Any]
    dice: random.Random
    told: Told = field(default_factory=Told)
    words: int = 0

    def something(self) -> str:
        return f"words {self._next()}."

    def who(self) -> str:
        return self.dice.choice(["professional", "partner"])

    def _next(self) -> int:
        """The order in which things were released."""
        self.words += 1
        return self.words

    def own(self, name: str) -> Voice | None:
        own = [pk for pk, voice in self.told.voices.items() if voice.author == name]
        return Voice.objects.select_related("entry").get(pk=self.dice.choice(own)) if own else None

    # ---- What can happen ----

    def write(self) -> None:
        name, words = self.who(), self.something()
        voice = actions.start_entry(
            pair=self.two.pair, text=text(words), form_key=uuid.uuid4(), by=self.people[name], is_kept=self._coin()
        )
        self.told.voices[voice.pk] = ToldVoice(voice.entry_id, name, words)

    def save(self) -> None:
        name, words = self.who(), self.something()
        if voice := self.own(name):
            version = voice.version - (1 if self.dice.random() < 0.1 else 0)
            actions.save_draft(
                voice=voice, version=version, text=text(words), by=self.people[name], is_kept=self._coin()
            )
            self.told.voices[voice.pk].now = words

    def share(self) -> None:
        name = self.who()
        if voice := self.own(name):
            actions.share_with_pair(voice=voice, version=voice.version, by=self.people[name])
            told = self.told.voices[voice.pk]
            told.shared = told.now

    def take_back(self) -> None:
        name = self.who()
        if voice := self.own(name):
            actions.take_back(voice=voice, by=self.people[name])
            self.told.voices[voice.pk].shared = None
            for release in self.told.releases.values():
                if voice.pk in release.words:
                    release.is_over = True

    def delete(self) -> None:
        name = self.who()
        if voice := self.own(name):
            actions.delete_draft(voice=voice, version=voice.version, by=self.people[name])
            del self.told.voices[voice.pk]
            for release in self.told.releases.values():
                release.words.pop(voice.pk, None)

    def ask(self) -> None:
        name, is_sealed = self.who(), self._coin()
        if voice := self.own(name):
            actions.ask_partner(voice=voice, version=voice.version, is_sealed=is_sealed, by=self.people[name])
            if is_sealed:
                self.told.sealed.add(voice.entry_id)

    def tell_side(self) -> None:
        name, words = self.who(), self.something()
        if entry := Entry.objects.waiting_for(self.people[name]).order_by("?").first():
            voice = actions.write_side(entry=entry, text=text(words), by=self.people[name])
            self.told.voices[voice.pk] = ToldVoice(entry.pk, name, words)

    def write_together(self) -> None:
        name, words = self.who(), self.something()
        entry = Entry.objects.filter(is_joint=True).order_by("?").first()
        if entry is None:
            return
        standing = Voice.objects.filter(entry=entry, author=None).first()
        voice = actions.write_together(
            entry=entry, text=text(words), version=standing.version if standing else 0, by=self.people[name]
        )
        self.told.voices[voice.pk] = ToldVoice(entry.pk, None, words, shared=words)

    def propose(self) -> None:
        name = self.who()
        audience = self.dice.choice(list(Release.Audience))
        voice = self.own(name)
        if voice is None:
            return
        entry = Entry.objects.get(pk=voice.entry_id)
        of_entry = {pk: one for pk, one in self.told.voices.items() if one.entry == entry.pk}
        needs_both = entry.is_joint or audience == "public"
        chosen = of_entry if entry.is_joint else {voice.pk: of_entry[voice.pk]}
        numbers = {one.pk: one for one in Voice.objects.filter(pk__in=chosen)}
        versions = [(pk, (one.shared_version if needs_both else one.version) or 0) for pk, one in numbers.items()]
        terms = ReleaseTerms(
            audience=audience,
            ends_at=timezone.now() + timedelta(days=30),
            facilitator=self.people["facilitator"] if audience == "facilitator" else None,
            recipient="The board" if audience == "link" else "",
        )
        release = actions.propose_release(entry=entry, versions=versions, terms=terms, by=self.people[name])
        if audience != "link":
            for told in self.told.releases.values():
                if told.entry == entry.pk and told.audience == audience and not told.is_live:
                    told.is_over = True
        words = {pk: (one.shared if needs_both else one.now) or "" for pk, one in chosen.items()}
        needed = {"professional", "partner"} if needs_both else {name}
        self.told.releases[release.pk] = ToldRelease(entry.pk, audience, words, {name}, needed, released=self._next())

    def _release(self) -> Release | None:
        return Release.objects.order_by("?").first()

    def consent(self) -> None:
        name = self.who()
        if release := self._release():
            actions.consent_to(release=release, by=self.people[name])
            told = self.told.releases[release.pk]
            if name not in told.consents:
                told.consents.add(name)
                told.released = self._next()

    def refuse(self) -> None:
        name = self.who()
        if release := self._release():
            was_over = release.ended_at is not None
            actions.refuse_release(release=release, by=self.people[name])
            assert was_over or self.told.releases[release.pk].needed > self.told.releases[release.pk].consents
            self.told.releases[release.pk].is_over = True

    def withdraw(self) -> None:
        name = self.who()
        if release := self._release():
            actions.withdraw_release(release=release, by=self.people[name])
            self.told.releases[release.pk].is_over = True

    def run_out(self) -> None:
        if release := self._release():
            now = timezone.now()
            Release.objects.filter(pk=release.pk).update(
                proposed_at=now - timedelta(days=9), ends_at=now - timedelta(seconds=1)
            )
            self.told.releases[release.pk].is_over = True

    def somebody_leaves(self) -> None:
        if self.dice.random() > 0.1:
            return
        name = self.dice.choice(["professional", "partner", "neighbour", "facilitator"])
        person = self.people[name]
        if name == "facilitator":
            StaffAssignment.objects.filter(user=person).update(ended_at=timezone.now())
        else:
            membership = Membership.objects.live().of(person).first()
            if membership is None:
                return
            pairs.actions.end_membership(membership=membership, by=person, reason=Membership.EndReason.LEFT)
        for release in self.told.releases.values():
            if name in release.consents:
                release.is_over = True
        self.told.gone.add(name)

    def _coin(self) -> bool:
        return self.dice.random() < 0.5

    def step(self) -> str:
        acts: list[Callable[[], None]] = [
            *(self.write, self.save, self.save, self.share, self.share, self.take_back, self.delete, self.ask),
            *(self.tell_side, self.tell_side, self.write_together, self.propose, self.propose, self.propose),
            *(self.consent, self.consent, self.refuse, self.withdraw, self.run_out, self.somebody_leaves),
        ]
        act = self.dice.choice(acts)
        try:
            act()
        except REFUSALS as refusal:
            return f"{act.__name__} was refused: {refusal!r}"
        return act.__name__


def begin(seed: int) -> Walk:
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    before = make_cohort()
    Cohort.objects.filter(pk=before.pk).update(programme=cohort.programme)
    earlier = make_pair(before)
    pairs.actions.end_pair(pair=earlier.pair, by=make_staff(Role.MANAGER))
    people = {
        "professional": two.professional,
        "partner": two.partner,
        "neighbour": others.professional,
        "earlier pair": earlier.partner,
        "facilitator": facilitator,
        "stranger": make_person(),
        "manager": make_staff(Role.MANAGER),
        "visitor": AnonymousUser(),
    }
    return Walk(two, people, random.Random(seed))


@pytest.mark.parametrize("seed", range(WALKS))
def test_after_any_sequence_everybody_reads_exactly_what_the_rules_say(seed: int):
    walk, taken = begin(seed), []

    for _step in range(STEPS):
        taken.append(walk.step())
        read = {
            name: {version.body for version in VoiceVersion.objects.read_by(person)}
            for name, person in walk.people.items()
        }
        seen = {name: walk.told.read_by(name) for name in walk.people}
        assert read == seen, taken
