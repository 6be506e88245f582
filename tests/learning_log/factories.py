"""Pairs who write: made by the actions the product itself uses."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import User
from applications.actions.questions import publish_starter
from cohorts.models import Cohort
from learning_log import actions
from learning_log.actions import EntryText
from learning_log.models import Entry, Response, Voice, VoiceVersion
from pairs.models import Membership, Pair
from tests.accounts.factories import make_person

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Two:
    """A pair and its members."""

    pair: Pair
    professional: User
    partner: User


def make_cohort() -> Cohort:
    """A running cohort with many places."""
    today = timezone.localdate()
    number = next(_numbers)
    programme = cohorts.actions.create_programme(
        by=None, name=f"Programme {number}", charity="The Larkmoor Fund", contact_phone="01632 960 001"
    )
    cohort = cohorts.actions.create_cohort(
        programme=programme,
        by=None,
        name=f"Cohort {number}",
        places=50,
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    publish_starter(cohort=cohort, by=None)
    for state in (Cohort.State.OPEN, Cohort.State.SELECTING, Cohort.State.RUNNING):
        cohorts.actions.move_cohort(cohort=cohort, to=state, by=None)
    return cohort


def make_pair(cohort: Cohort | None = None, *, joined: tuple[str, ...] = ("professional", "partner")) -> Two:
    """A pair of two people; those on the sides named by `joined` have accepted."""
    professional, partner = make_person(name="Imogen Achterberg"), make_person(name="Desmond Quill")
    pair = pairs.actions.make_pair(
        cohort=cohort or make_cohort(),
        professional_email=professional.email,
        partner_email=partner.email,
        challenge="Going home on a Friday",
        by=None,
    )
    two = Two(pair, professional, partner)
    for side in joined:
        join(two, side)
    return two


def join(two: Two, side: str, user: User | None = None) -> None:
    invitation = two.pair.invitations.get(side=side, state="sent")
    pairs.actions.accept_invitation(invitation=invitation, by=user or getattr(two, side))


def leave(pair: Pair, user: User, *, at: datetime | None = None) -> None:
    Membership.objects.live().of(user).filter(pair=pair).update(ended_at=at or timezone.now(), end_reason="left")


def text(body: str = "They gave us nine minutes.", **fields: Any) -> EntryText:
    values: dict[str, Any] = {"happened_on": date(2026, 11, 20), "title": "The ward meeting", "approaches": ("learn",)}
    return EntryText(**({"answers": (body,)} | values | fields))


def write(two: Two, author: User, body: str = "They gave us nine minutes.", **fields: object) -> Voice:
    """A draft."""
    return actions.start_entry(pair=two.pair, text=text(body, **fields), form_key=uuid.uuid4(), by=author)


def share(voice: Voice, *, at: datetime | None = None) -> Voice:
    return actions.share_with_pair(voice=voice, version=voice.version, by=voice.author, at=at)


def write_and_share(two: Two, author: User, body: str = "They gave us nine minutes.", **fields: object) -> Entry:
    return share(write(two, author, body, **fields)).entry


def answer(entry: Entry, author: User, body: str = "I hoped somebody would say so.") -> Response:
    return actions.respond(entry=entry, body=body, form_key=uuid.uuid4(), by=author)


def now_in(voice: Voice) -> VoiceVersion:
    """The version its author is writing."""
    return VoiceVersion.objects.get(voice=voice, number=Voice.objects.get(pk=voice.pk).version)


def words_read_by(person: Any) -> list[str]:
    """All the words this person may read now, oldest voice first."""
    return [version.body for version in VoiceVersion.objects.read_by(person).order_by("voice")]
