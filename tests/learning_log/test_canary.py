"""A canary in every field and state, every address of the site, every kind of person: each sings only where it may.

`MAY` is the table: for each canary the people who may meet it anywhere. The walk opens every address of the site with
every object of the log filled in, so that a new page is walked the day it is written; a new kind of path parameter
fails until it is given values here. What a person meets must be exactly what the table grants: a leak fails, and so
does a canary that its own reader can no longer find.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from redis import Redis

import cohorts.actions
import pairs.actions
from accounts.models import Role, User
from cohorts.models import Cohort
from learning_log import actions, digests, media_files, personal_data
from learning_log.actions import EntryText, ReleaseTerms
from learning_log.models import (
    Attachment,
    Entry,
    ListedName,
    PromptSet,
    Release,
    Response,
    VersionAttachment,
    Voice,
    VoiceVersion,
)
from tests.accounts.factories import make_person, make_staff, make_superuser
from tests.conftest import SecureClient
from tests.learning_log.factories import Two, make_cohort, make_pair, share, text

pytestmark = pytest.mark.django_db

TWO = {"author", "partner"}
STAFF = {"facilitator", "manager", "evaluator", "every role", "superuser"}
EVERYBODY = TWO | STAFF | {"neighbour", "earlier pair", "stranger", "visitor"}
COHORT = TWO | {"neighbour", "facilitator"}
NETWORK = TWO | {"neighbour", "earlier pair"}

# Which state of an entry lets whom meet its words, title, tags, next step, file names and descriptions.
MAY: dict[str, set[str]] = {
    "draft": {"author"},
    "shared": TWO,
    "since": {"author"},  # what the author has written since sharing
    "sealed": {"author"},  # finished, while the other has not
    "moment": TWO,  # the title of that moment
    "unfinished": {"partner"},  # the other's side of it, not finished
    "bothone": TWO,
    "bothtwo": TWO,
    "together": TWO,
    "facilitator": {"author", "facilitator"},
    "cohort": COHORT,
    "agreed": COHORT,  # a joint entry, and its moment's title as it was released
    "renamed": TWO,  # what the two have called that moment since
    "network": NETWORK,
    "link": {"author"},
    "public": EVERYBODY,
    "waiting": TWO,
    "withdrawn": {"author"},
    "over": {"author"},
    "takenback": {"author"},
    "deleted": set(),
    "answer": TWO,
    "begun": {"partner"},  # an answer not sent
    "circle": COHORT,  # an answer under the release to the cohort
    "listed": TWO,  # a name the pair wants to be warned of
}
LINK_READERS = EVERYBODY


def canary(state: str, what: str = "words") -> str:
    return f"canary{state}x{what}"


def written(state: str, **fields: Any) -> EntryText:
    values = {
        "answers": (f"{canary(state)} and **more**.",),
        "title": canary(state, "title"),
        "tags": (canary(state, "tag"),),
        "next_step": canary(state, "step"),
        "approaches": ("learn",),
    }
    return text(**(values | fields))


@dataclass
class Stage:
    """One of everything the log can hold, and everybody who could be curious."""

    two: Two
    people: dict[str, Any]
    cohort: Cohort
    token: str = ""
    dead_token: str = ""
    deleted_entry: int = 0
    entries: list[int] = field(default_factory=list)


def build() -> Stage:
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    before = make_cohort()
    Cohort.objects.filter(pk=before.pk).update(programme=cohort.programme)
    earlier = make_pair(before)
    pairs.actions.end_pair(pair=earlier.pair, by=make_staff(Role.MANAGER))
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    people = {
        "author": two.professional,
        "partner": two.partner,
        "neighbour": others.professional,
        "earlier pair": earlier.professional,
        "facilitator": facilitator,
        "manager": make_staff(Role.MANAGER),
        "evaluator": make_staff(Role.EVALUATOR),
        "every role": make_staff(*Role),
        "superuser": make_superuser(),
        "stranger": make_person(),
        "visitor": None,
    }
    stage = Stage(two, people, cohort)
    _private_and_shared(stage)
    _joint(stage)
    _released(stage)
    ListedName.objects.create(pair=two.pair, name=canary("listed"))
    stage.entries = [*Entry.objects.values_list("pk", flat=True), stage.deleted_entry]
    return stage


def _begin(stage: Stage, state: str, by: User, **fields: Any) -> Voice:
    voice = actions.start_entry(
        pair=stage.two.pair, text=written(state, **fields), form_key=uuid.uuid4(), by=by, is_kept=False
    )
    _attach(voice, state)
    return voice


def _attach(voice: Voice, state: str) -> None:
    place = media_files.new_place("log", ".png")
    media_files.place_of(place).write_bytes(b"\x89PNG\r\n\x1a\n" + canary(state, "bytes").encode())
    held = Attachment.objects.create(
        voice=voice,
        kind="picture",
        content_type="image/png",
        path=place,
        name=f"{canary(state, 'file')}.png",
        size_bytes=60,
        created_at=timezone.now(),
    )
    version = VoiceVersion.objects.get(voice=voice, number=voice.version)
    VersionAttachment.objects.create(version=version, attachment=held, words=canary(state, "description"))


def _private_and_shared(stage: Stage) -> None:
    author, partner = stage.two.professional, stage.two.partner
    _begin(stage, "draft", author)
    shared = share(_begin(stage, "shared", author))
    actions.save_draft(voice=shared, version=shared.version, text=written("since"), by=author)
    for state, draft in (("answer", False), ("begun", True)):
        act = actions.draft_response if draft else actions.respond
        act(entry=shared.entry, body=canary(state), form_key=uuid.uuid4(), by=partner)
    taken = share(_begin(stage, "takenback", author))
    actions.take_back(voice=taken, by=author)
    deleted = _begin(stage, "deleted", author)
    stage.deleted_entry = deleted.entry_id
    actions.delete_draft(voice=deleted, version=deleted.version, by=author)


def _joint(stage: Stage) -> None:
    author, partner = stage.two.professional, stage.two.partner
    sealed = _begin(stage, "sealed", author, title=canary("moment", "title"))
    entry = actions.ask_partner(voice=sealed, version=sealed.version, is_sealed=True, by=author)
    share(sealed)
    side = actions.write_side(entry=entry, text=written("unfinished", title=entry.title), by=partner, is_kept=False)
    _attach(side, "unfinished")
    one = _begin(stage, "bothone", author)
    both = actions.ask_partner(voice=one, version=one.version, is_sealed=True, by=author)
    share(one)
    two = actions.write_side(entry=both, text=written("bothtwo"), by=partner, is_kept=False)
    _attach(two, "bothtwo")
    share(two)
    actions.write_together(entry=both, text=written("together"), version=0, by=partner)


def _released(stage: Stage) -> None:
    author, partner = stage.two.professional, stage.two.partner
    facilitator = stage.people["facilitator"]
    for state, audience in (
        ("facilitator", "facilitator"),
        ("cohort", "cohort"),
        ("network", "network"),
        ("link", "link"),
        ("withdrawn", "cohort"),
        ("over", "cohort"),
    ):
        voice = _begin(stage, state, author)
        release = _propose(voice, audience, facilitator=facilitator if audience == "facilitator" else None)
        if state == "cohort":
            actions.respond(
                entry=voice.entry, release=release, body=canary("circle"), form_key=uuid.uuid4(), by=facilitator
            )
        if state == "link":
            stage.dead_token = actions.renew_link(release=release, by=author)
            stage.token = actions.renew_link(release=release, by=author)
        if state == "withdrawn":
            actions.withdraw_release(release=release, by=author)
        if state == "over":
            now = timezone.now()
            Release.objects.filter(pk=release.pk).update(
                proposed_at=now - timedelta(days=9), ends_at=now - timedelta(seconds=1)
            )
    told = _begin(stage, "agreed", author)
    entry = actions.ask_partner(voice=told, version=told.version, is_sealed=False, by=author)
    share(told)
    share(actions.write_side(entry=entry, text=written("agreed"), by=partner))
    actions.consent_to(release=_propose(told, "cohort"), by=partner)
    actions.rename_moment(entry=entry, title=canary("renamed", "title"), happened_on=text().happened_on, by=partner)
    for state in ("public", "waiting"):
        voice = share(_begin(stage, state, author))
        release = _propose(voice, "public")
        if state == "public":
            actions.consent_to(release=release, by=partner)


def _propose(voice: Voice, audience: str, facilitator: User | None = None) -> Release:
    voices = Voice.objects.filter(entry=voice.entry_id).order_by("pk")
    return actions.propose_release(
        entry=Entry.objects.get(pk=voice.entry_id),
        versions=[(one.pk, one.version) for one in voices],
        terms=ReleaseTerms(
            audience=Release.Audience(audience),
            ends_at=timezone.now() + timedelta(days=30),
            facilitator=facilitator,
            allows_responses=audience in {"facilitator", "cohort", "network"},
            recipient="A board" if audience == "link" else "",
            purpose=canary("link") if audience == "link" else "",
        ),
        by=voice.author,
    )


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    """One stage for all, rolled back at the end."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield build()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def routes() -> Iterator[tuple[str, str]]:
    """Name and route of every address the site answers, Django's admin as its index."""

    def walk(resolver: URLResolver, prefix: str, route: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLResolver):
                if entry.namespace == "admin":
                    yield "admin:index", "admin/"
                else:
                    yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, here)
            elif isinstance(entry, URLPattern):
                yield f"{prefix}{entry.name}", here

    return walk(get_resolver(), "", "")


def values_of(stage: Stage) -> dict[str, list[Any]]:
    """What each path parameter of the log can be. Ids that do not belong together are tried as well."""
    versions = VoiceVersion.objects.aggregate(most=Max("number"))["most"]
    return {
        "entry_id": stage.entries,
        "response_id": list(Response.objects.values_list("pk", flat=True)),
        "release_id": list(Release.objects.values_list("pk", flat=True)),
        "attachment_id": list(Attachment.objects.values_list("pk", flat=True)),
        "number": list(range(1, versions + 1)),
        "pair_id": [stage.two.pair.pk],
        "token": [stage.token, stage.dead_token],
        "set_id": list(PromptSet.objects.values_list("pk", flat=True)[:1]),
        "key": ["what"],
        "copy_id": [1],
        "slug": [stage.cohort.slug],
        "cohort_slug": [stage.cohort.slug],
    }


def addresses(stage: Stage) -> list[str]:
    """Every address of the log with everything in it, and every other page that needs no parameter or a cohort's."""
    values, found = values_of(stage), []
    for name, route in routes():
        parameters = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if not name.startswith("learning_log:") and (set(parameters) - {"slug", "pair_id"} or "guides" in name):
            continue
        missing = set(parameters) - set(values)
        assert not missing, f"give values to {missing} of {name} in values_of"
        for chosen in product(*(values[parameter] for parameter in parameters)):
            if _is_plausible(dict(zip(parameters, chosen, strict=True))):
                address = route
                for value in chosen:
                    address = re.sub(r"<[^>]+>", str(value), address, count=1)
                found.append("/" + address.replace("\\Z", "").replace("^", "").replace("$", ""))
    return [one for one in found if "logout" not in one and "(" not in one]


@pytest.fixture(scope="module")
def every_address(stage: Stage, django_db_blocker: Any) -> list[str]:
    with django_db_blocker.unblock():
        return addresses(stage)


def _is_plausible(chosen: dict[str, Any]) -> bool:
    """Ids that belong together, and the first of each kind with every entry: a forged nesting."""
    entry = chosen.get("entry_id")
    belonging = {
        "response_id": lambda pk: Response.objects.filter(pk=pk, entry=entry),
        "release_id": lambda pk: Release.objects.filter(pk=pk, entry=entry),
        "attachment_id": lambda pk: Attachment.objects.filter(pk=pk, voice__entry=entry),
    }
    if release := chosen.get("release_id"):
        entry = entry or Release.objects.values_list("entry", flat=True).get(pk=release)
    if entry is None:
        return True
    return all(
        belonging[name](value).exists() or value == _first(name) for name, value in chosen.items() if name in belonging
    )


def _first(name: str) -> int:
    model = {"response_id": Response, "release_id": Release, "attachment_id": Attachment}[name]
    return int(model._default_manager.order_by("pk").values_list("pk", flat=True)[0])


def reader(person: User | None) -> Client:
    client = SecureClient()
    if person is not None:
        client.force_login(person)
    return client


def heard(answered: Any) -> set[str]:
    """The states whose canaries sing in a whole answer: words, headers, bytes of a file."""
    body = b"".join(answered.streaming_content) if answered.streaming else answered.content
    told = body.decode("utf-8", "replace") + str(dict(answered.headers))
    return set(re.findall(r"canary([a-z]+?)x(?:words|title|tag|step|file|description|bytes)", told))


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_each_person_meets_exactly_what_is_theirs_to_read(
    stage: Stage, every_address: list[str], name: str, capfd: pytest.CaptureFixture[str]
):
    client, met = reader(stage.people[name]), set()

    for address in every_address:
        sung = heard(client.get(address))
        for state in sung:
            allowed = MAY[state] | (LINK_READERS if address.startswith("/s/") and state == "link" else set())
            assert name in allowed, f"{name} met {state} at {address}"
        met |= sung if not address.startswith("/s/") else set()

    assert met == {state for state, people in MAY.items() if name in people}
    assert "canary" not in "".join(capfd.readouterr())


def test_digest_and_own_copy_of_the_data_hold_no_more_than_the_pages(stage: Stage):
    since, until = timezone.now() - timedelta(days=7), timezone.now() + timedelta(minutes=1)

    for name, person in stage.people.items():
        if person is None:
            continue
        digest = str(digests.section(person, since, until))
        assert "canary" not in digest
        held = set(re.findall(r"canary([a-z]+?)x", str(personal_data.collect(person))))
        own = {"author": {"author"}, "partner": {"partner"}}.get(name, set())
        written_by_others = {state for state in held if not MAY[state] & own and state != "circle"}
        assert written_by_others == set(), name


def test_no_other_table_and_no_key_in_redis_knows_a_word(stage: Stage):
    known: list[Any] = [table for table in tables_with("canary") if not table.startswith("learning_log_")]
    redis = Redis.from_url(settings.REDIS_URL)
    for number in (0, 1):
        redis.select(number)
        known += [key for key in redis.scan_iter() if b"canary" in key + (redis.dump(key) or b"")]

    assert known == []


def tables_with(*words: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE ANY (%s)',  # noqa: S608  (our own names)
                [[f"%{word}%" for word in words]],
            )
            found += [table] if cursor.fetchone()[0] else []
    return found
