"""What leaves the pair: whose word it takes, what ends it, and what the database holds of that by itself."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import Role, User
from learning_log import actions
from learning_log.actions import ReleaseTerms
from learning_log.exceptions import (
    NotAMember,
    NothingWritten,
    NotReadByBoth,
    NotTheirs,
    ReleaseOver,
    StaleVersion,
    StillReleased,
)
from learning_log.models import Consent, Entry, Release, ReleasedVersion, ShareLink, Voice, VoiceVersion
from tests.accounts.factories import make_person, make_staff, make_superuser
from tests.learning_log.factories import (
    Two,
    join,
    leave,
    make_cohort,
    make_pair,
    now_in,
    share,
    text,
    words_read_by,
    write,
    write_and_share,
)
from tests.learning_log.test_actions import at_once

pytestmark = pytest.mark.django_db


def joint(two: Two, *, mine: str = "Nine minutes.", other: str = "A bag and a leaflet.") -> Entry:
    """A joint entry in which both have finished their sides; the professional began it."""
    voice = write(two, two.professional, mine)
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=True, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text(other), by=two.partner))
    return entry


def propose(entry: Entry, by: User, audience: str = "cohort", **terms: Any) -> Release:
    """The words as they stand put forward: what both read where both must agree, else the author's newest."""
    voices = entry.voices.all() if entry.is_joint else Voice.objects.by(by).filter(entry=entry)
    versions = [(voice.pk, voice.version) for voice in voices.order_by("pk")]
    values = {"ends_at": timezone.now() + timedelta(days=30)} | terms
    asked = ReleaseTerms(audience=Release.Audience(audience), **values)
    return actions.propose_release(entry=entry, versions=versions, terms=asked, by=by)


def facilitator_of(two: Two) -> User:
    person = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=two.pair.cohort, user=person, by=None)
    return person


def is_live(release: Release, at: datetime | None = None) -> bool:
    return Release.objects.live(at).filter(pk=release.pk).exists()


def everybody_else(two: Two) -> list[User]:
    """People of every kind whose word no release of this pair waits for."""
    others = make_pair(two.pair.cohort)
    return [
        others.professional,
        others.partner,
        make_person(),
        facilitator_of(two),
        make_staff(Role.MANAGER),
        make_staff(*Role),
        make_superuser(),
    ]


# ---- Whose word it takes ----


def test_ones_own_words_go_to_their_audience_at_once_and_to_nobody_else():
    two = make_pair()
    facilitator, colleague = facilitator_of(two), facilitator_of(two)
    entry = write(two, two.professional, "For one pair of eyes").entry

    release = propose(entry, two.professional, "facilitator", facilitator=facilitator)

    assert is_live(release)
    assert words_read_by(facilitator) == ["For one pair of eyes"]
    assert [words_read_by(person) for person in (colleague, two.partner)] == [[], []]


def test_nothing_joint_is_read_outside_before_both_have_said_yes():
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    release = propose(joint(two), two.professional)

    before = words_read_by(reader)
    actions.consent_to(release=release, by=two.partner)

    assert (before, words_read_by(reader)) == ([], ["Nine minutes.", "A bag and a leaflet."])
    assert set(Consent.objects.values_list("person", flat=True)) == {two.professional.pk, two.partner.pk}


def test_a_story_of_one_needs_both_as_well():
    two = make_pair()
    release = propose(write_and_share(two, two.professional), two.professional, "public")

    before = is_live(release)
    actions.consent_to(release=release, by=two.partner)

    assert (before, is_live(release)) == (False, True)


def test_nobody_signs_for_another():
    two = make_pair()
    release = propose(joint(two), two.professional)

    for person in [two.professional, *everybody_else(two)]:
        with pytest.raises(NotTheirs):
            actions.consent_to(release=release, by=person)

    assert not is_live(release)


def test_nobody_else_refuses_stops_or_makes_the_link():
    two = make_pair()
    waiting = propose(joint(two), two.professional)
    live = propose(write(two, two.professional).entry, two.professional, "link", recipient="The board")

    for person in everybody_else(two):
        for release in (waiting, live):
            for act in (actions.refuse_release, actions.withdraw_release, actions.renew_link):
                with pytest.raises(NotTheirs):
                    act(release=release, by=person)

    assert (is_live(live), Release.objects.get(pk=waiting.pk).is_waiting) == (True, True)


def test_nobody_puts_anothers_words_forward():
    two = make_pair()
    entry = write_and_share(two, two.professional)
    voice = entry.voices.get()
    terms = ReleaseTerms(audience=Release.Audience.COHORT, ends_at=timezone.now() + timedelta(days=1))

    for person in [two.partner, *everybody_else(two)]:
        with pytest.raises(NotAMember):
            actions.propose_release(entry=entry, versions=[(voice.pk, 1)], terms=terms, by=person)

    assert Release.objects.count() == 0


def test_who_has_left_puts_nothing_forward():
    two = make_pair()
    entry = write(two, two.professional).entry
    leave(two.pair, two.professional)

    with pytest.raises(NotAMember):
        propose(entry, two.professional)


def test_a_cohort_reads_no_other_cohorts_release():
    two, elsewhere = make_pair(), make_pair(make_cohort())
    propose(write(two, two.professional).entry, two.professional)

    assert words_read_by(elsewhere.professional) == []


# ---- Exactly these words ----


def test_what_both_must_agree_to_must_first_be_read_by_both():
    two = make_pair()
    draft = write(two, two.professional).entry
    half_told = actions.ask_partner(voice=write(two, two.professional), version=1, is_sealed=False, by=two.professional)

    for entry, audience in ((draft, "public"), (half_told, "cohort")):
        with pytest.raises(NotReadByBoth):
            propose(entry, two.professional, audience)


def test_words_that_went_on_since_the_rehearsal_are_not_released():
    two = make_pair()
    voice = write(two, two.professional, "One")
    actions.save_draft(voice=voice, version=1, text=text("Two"), by=two.professional)
    terms = ReleaseTerms(audience=Release.Audience.COHORT, ends_at=timezone.now() + timedelta(days=1))

    with pytest.raises(StaleVersion):
        actions.propose_release(entry=voice.entry, versions=[(voice.pk, 1)], terms=terms, by=two.professional)


def test_no_voice_of_another_entry_comes_along():
    two = make_pair()
    mine, hidden = write(two, two.professional), write(two, two.partner, "Nobody’s business")
    terms = ReleaseTerms(audience=Release.Audience.COHORT, ends_at=timezone.now() + timedelta(days=1))

    for versions in ([(mine.pk, 1), (hidden.pk, 1)], [(hidden.pk, 1)], []):
        with pytest.raises(StaleVersion):
            actions.propose_release(entry=mine.entry, versions=versions, terms=terms, by=two.professional)


def test_an_empty_page_is_not_released():
    two = make_pair()

    with pytest.raises(NothingWritten):
        propose(write(two, two.professional, "").entry, two.professional)


def test_readers_go_on_reading_what_was_released_whatever_is_written_after():
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    entry = joint(two)
    actions.consent_to(release=propose(entry, two.professional), by=two.partner)
    voice = Voice.objects.by(two.professional).get(entry=entry)

    actions.save_draft(voice=voice, version=1, text=text("Second thoughts"), by=two.professional)
    actions.share_with_pair(voice=voice, version=2, by=two.professional)
    actions.rename_moment(entry=entry, title="Another name", happened_on=voice.saved_at.date(), by=two.partner)

    assert words_read_by(reader) == ["Nine minutes.", "A bag and a leaflet."]
    assert words_read_by(two.partner) == ["Second thoughts", "A bag and a leaflet."]
    assert Release.objects.get().title == "The ward meeting"


def test_putting_new_words_forward_replaces_what_waited():
    two = make_pair()
    entry = joint(two)
    first = propose(entry, two.professional)
    second = propose(entry, two.partner)

    with pytest.raises(ReleaseOver):
        actions.consent_to(release=first, by=two.partner)
    actions.consent_to(release=second, by=two.professional)

    assert [is_live(release) for release in (first, second)] == [False, True]


# ---- How it ends ----


@pytest.mark.parametrize("who", ["professional", "partner"])
def test_either_stops_it_alone_and_the_consents_stay_on_record(who: str):
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    release = propose(joint(two), two.professional)
    actions.consent_to(release=release, by=two.partner)

    for _click in range(2):
        actions.withdraw_release(release=release, by=getattr(two, who))

    assert words_read_by(reader) == []
    taken = [consent.person for consent in release.consents.all() if consent.withdrawn_at]
    assert (taken, release.consents.count()) == ([getattr(two, who)], 2)


def test_a_no_ends_it_and_keeps_no_reason():
    two = make_pair()
    release = propose(joint(two), two.professional)

    for _click in range(2):
        actions.refuse_release(release=release, by=two.partner)

    with pytest.raises(ReleaseOver):
        actions.consent_to(release=release, by=two.partner)
    release.refresh_from_db()
    assert (release.ended_by, release.released_at) == (two.partner, None)


def test_what_is_released_is_not_refused_but_stopped():
    two = make_pair()
    release = propose(write(two, two.professional).entry, two.professional)

    with pytest.raises(ReleaseOver):
        actions.refuse_release(release=release, by=two.professional)

    assert is_live(release)


def test_it_ends_at_its_minute():
    two = make_pair()
    ends_at = timezone.now() + timedelta(days=30)
    release = propose(write(two, two.professional).entry, two.professional, ends_at=ends_at)

    edges = [is_live(release, ends_at + timedelta(microseconds=step)) for step in (-1, 0, 1)]

    assert edges == [True, False, False]


def test_an_end_that_is_past_is_no_end():
    two = make_pair()
    entry = write(two, two.professional).entry

    with pytest.raises(ReleaseOver):
        propose(entry, two.professional, ends_at=timezone.now())


def test_a_yes_after_the_end_comes_too_late():
    two = make_pair()
    release = propose(joint(two), two.professional)

    with pytest.raises(ReleaseOver):
        actions.consent_to(release=release, by=two.partner, at=release.ends_at)

    assert not is_live(release)


@pytest.mark.parametrize("who", ["professional", "partner"])
def test_leaving_the_pair_ends_what_rests_on_ones_consent(who: str):
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    release = propose(joint(two), two.professional)
    actions.consent_to(release=release, by=two.partner)

    leave(two.pair, getattr(two, who))

    assert (is_live(release), words_read_by(reader)) == (False, [])


def test_a_proposal_of_somebody_who_has_left_takes_no_yes():
    two = make_pair()
    release = propose(joint(two), two.professional)
    leave(two.pair, two.professional)

    with pytest.raises(ReleaseOver):
        actions.consent_to(release=release, by=two.partner)


def test_who_stays_to_the_end_of_the_programme_has_not_left():
    two = make_pair()
    release = propose(joint(two), two.professional, "network")
    actions.consent_to(release=release, by=two.partner)

    pairs.actions.end_pair(pair=two.pair, by=make_staff(Role.MANAGER))

    assert is_live(release)


def test_who_takes_a_place_later_is_asked_for_no_yes_of_another():
    two = make_pair()
    release = propose(joint(two), two.professional)
    leave(two.pair, two.partner)
    new = make_person()
    pairs.actions.invite_to_pair(pair=two.pair, side="partner", email=new.email, by=None)
    join(two, "partner", new)

    with pytest.raises(NotTheirs):
        actions.consent_to(release=release, by=new)


def test_the_words_of_who_has_left_are_released_by_nobody_who_came_after():
    two = make_pair()
    told, story = joint(two), write_and_share(two, two.professional)
    leave(two.pair, two.partner)
    alone = [(told, "cohort"), (told, "public"), (story, "public")]
    for entry, audience in alone:
        with pytest.raises(NotReadByBoth):
            propose(entry, two.professional, audience)
    new = make_person()
    pairs.actions.invite_to_pair(pair=two.pair, side="partner", email=new.email, by=None)
    join(two, "partner", new)

    for entry, audience in alone:
        with pytest.raises(NotReadByBoth):
            propose(entry, two.professional, audience)

    assert list(Release.objects.waiting_for(new)) == []


@pytest.mark.parametrize("who", ["professional", "partner"])
def test_taking_a_side_back_ends_every_release_that_holds_it(who: str):
    two = make_pair()
    entry = joint(two)
    live, waiting = propose(entry, two.professional), propose(entry, two.professional, "public")
    actions.consent_to(release=live, by=two.partner)

    actions.take_back(voice=Voice.objects.by(getattr(two, who)).get(entry=entry), by=getattr(two, who))

    assert not is_live(live)
    with pytest.raises(ReleaseOver):
        actions.consent_to(release=waiting, by=two.partner)


def test_an_entry_that_somebody_reads_is_not_deleted():
    two = make_pair()
    voice = write(two, two.professional)
    release = propose(voice.entry, two.professional)

    with pytest.raises(StillReleased):
        actions.delete_draft(voice=voice, version=1, by=two.professional)

    assert is_live(release)
    actions.withdraw_release(release=release, by=two.professional)
    actions.delete_draft(voice=voice, version=1, by=two.professional)
    assert not Entry.objects.exists()


def test_ones_side_of_what_was_released_is_deleted_once_it_is_over_and_the_others_stays():
    two = make_pair()
    entry = joint(two)
    release = propose(entry, two.professional)
    actions.consent_to(release=release, by=two.partner)
    own = Voice.objects.by(two.professional).get(entry=entry)

    with pytest.raises(StillReleased):
        actions.delete_draft(voice=own, version=own.version, by=two.professional)
    actions.take_back(voice=own, by=two.professional)
    actions.delete_draft(voice=own, version=own.version, by=two.professional)

    assert words_read_by(two.partner) == ["A bag and a leaflet."]
    assert [consent.person for consent in release.consents.order_by("pk")] == [two.professional, two.partner]


# ---- Links ----


def a_link(two: Two) -> Release:
    return propose(write(two, two.professional).entry, two.professional, "link", recipient="The board")


def test_only_the_newest_link_opens_and_only_its_hash_is_kept():
    two = make_pair()
    release = a_link(two)

    old = actions.renew_link(release=release, by=two.professional)
    new = actions.renew_link(release=release, by=two.professional)

    assert [actions.open_link(token=token) for token in (old, new)] == [None, release]
    assert ShareLink.objects.get().token_hash == hashlib.sha256(new.encode()).hexdigest()


def test_looking_is_not_opening_and_opening_is_noted_once():
    two = make_pair()
    release = a_link(two)
    token = actions.renew_link(release=release, by=two.professional)
    first, second = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)

    actions.find_link(token=token)
    before = ShareLink.objects.get().first_opened_at
    for at in (first, second):
        actions.open_link(token=token, at=at)

    assert (before, ShareLink.objects.get().first_opened_at) == (None, first)


def test_a_link_opens_nothing_once_it_is_over():
    two = make_pair()
    release = a_link(two)
    token = actions.renew_link(release=release, by=two.professional)

    opened = [actions.open_link(token=token, at=at) for at in (release.ends_at - timedelta(seconds=1), release.ends_at)]
    actions.withdraw_release(release=release, by=two.professional)

    assert opened == [release, None]
    assert actions.open_link(token=token) is None
    with pytest.raises(NotTheirs):
        actions.renew_link(release=release, by=two.professional)


@pytest.mark.parametrize("token", ["", "a", "a" * 21, "a" * 22, "a" * 23, "ä" * 22, "../" * 7 + "a", "a" * 21 + "\n"])
def test_a_link_that_was_never_made_opens_nothing(token: str):
    a_link(make_pair())

    assert actions.open_link(token=token) is None


# ---- What the database holds ----


def released_jointly(two: Two) -> Release:
    return actions.consent_to(release=propose(joint(two), two.professional), by=two.partner)


@pytest.mark.parametrize(
    "change",
    [
        {"second_consent": None},
        {"first_consent": None},
        {"needs_both": False},
        {"entry_is_joint": False},
        {"entry_is_joint": False, "needs_both": False},
        {"facilitator": "professional"},
        {"audience": "facilitator"},
        {"audience": "link", "allows_responses": True},
        {"audience": "public", "allows_responses": True},
        {"ended_at": "2026-11-20T12:00Z"},
        {"ended_by": "partner"},
        {"ends_at": "2001-01-01T12:00Z"},
    ],
)
def test_no_statement_makes_a_release_of_less_than_it_needs(change: dict[str, Any]):
    two = make_pair()
    release = released_jointly(two)
    people = {"professional": two.professional, "partner": two.partner}
    values = {name: people.get(value, value) for name, value in change.items()}

    with pytest.raises(IntegrityError):
        hold(lambda: Release.objects.filter(pk=release.pk).update(**values))


def test_one_consent_is_not_two_and_none_is_borrowed():
    two = make_pair()
    release, other = released_jointly(two), released_jointly(two)
    waiting = propose(joint(two), two.professional)
    now = timezone.now()

    for second in (waiting.first_consent, other.second_consent):
        with pytest.raises(IntegrityError):
            hold(
                lambda second=second: Release.objects.filter(pk=waiting.pk).update(
                    second_consent=second, released_at=now
                )
            )
    with pytest.raises(IntegrityError):
        hold(lambda: Consent.objects.create(release=release, person=two.partner, given_at=now))


def test_what_was_consented_to_takes_no_other_words():
    two = make_pair()
    release = propose(joint(two), two.professional)
    another = now_in(write(two, two.professional, "Something else"))

    for statement in (
        lambda: ReleasedVersion.objects.create(release=release, version=another),
        lambda: ReleasedVersion.objects.filter(release=release).update(version=another),
        lambda: VoiceVersion.objects.filter(released_in__release=release).update(answers=["Never said"]),
        lambda: VoiceVersion.objects.filter(released_in__release=release).update(title="Never called so"),
        lambda: VoiceVersion.objects.filter(released_in__release=release).update(is_kept=False),
    ):
        with pytest.raises(IntegrityError):
            hold(statement)


def test_a_consent_is_withdrawn_once_and_never_changed():
    two = make_pair()
    release, other = released_jointly(two), propose(joint(two), two.professional)
    actions.withdraw_release(release=release, by=two.partner)
    taken = Consent.objects.filter(release=release, person=two.partner)

    for change in (
        {"withdrawn_at": None},
        {"withdrawn_at": timezone.now()},
        {"person": make_person()},
        {"release": other},
        {"given_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError):
            hold(partial(taken.update, **change))


def hold(statement: Callable[[], Any]) -> None:
    """Run a statement as it would be committed: what is checked at the end is checked here."""
    with transaction.atomic():
        statement()
        connection.check_constraints()


# ---- At the same moment ----

ROUNDS = 4


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_yes_are_one_consent():
    two = make_pair()
    release = propose(joint(two), two.professional)

    results = at_once([partial(actions.consent_to, release=release, by=two.partner) for _click in range(6)])

    assert {type(result) for result in results} == {Release}
    assert (is_live(release), release.consents.count()) == (True, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["professional", "partner"])
@pytest.mark.parametrize("stop", [actions.withdraw_release, actions.refuse_release])
def test_of_yes_and_stop_at_one_moment_nothing_is_left_that_one_has_stopped(stop: Callable[..., Any], who: str):
    two = make_pair()
    for _round in range(ROUNDS):
        release = propose(joint(two), two.professional)

        said, stopped = at_once(
            [
                partial(actions.consent_to, release=release, by=two.partner),
                partial(stop, release=release, by=getattr(two, who)),
            ]
        )

        told_too_late = isinstance(stopped, ReleaseOver)  # a no to what is released: they are told to stop it instead
        assert isinstance(said, (Release, ReleaseOver))
        assert stopped is None or told_too_late
        assert is_live(release) == told_too_late


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["professional", "partner"])
def test_yes_while_a_side_is_taken_back_shows_it_to_nobody(who: str):
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    for _round in range(ROUNDS):
        entry = joint(two)
        release = propose(entry, two.professional)
        voice = Voice.objects.by(getattr(two, who)).get(entry=entry)

        at_once(
            [
                partial(actions.consent_to, release=release, by=two.partner),
                partial(actions.take_back, voice=voice, by=getattr(two, who)),
            ]
        )

        assert (is_live(release), words_read_by(reader)) == (False, [])


@pytest.mark.django_db(transaction=True)
def test_putting_forward_while_a_side_is_taken_back_leaves_nothing_of_it_waiting():
    two = make_pair()
    for _round in range(ROUNDS):
        entry = joint(two)
        voice = Voice.objects.by(two.partner).get(entry=entry)

        results = at_once(
            [partial(propose, entry, two.professional), partial(actions.take_back, voice=voice, by=two.partner)]
        )

        assert isinstance(results[0], (Release, NotReadByBoth))
        assert not Release.objects.filter(entry=entry, ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_yes_while_a_side_is_changed_releases_the_words_that_were_agreed_to():
    two = make_pair()
    reader = make_pair(two.pair.cohort).partner
    release = propose(joint(two), two.professional)
    voice = Voice.objects.by(two.professional).get(entry=release.entry)

    at_once(
        [
            partial(actions.consent_to, release=release, by=two.partner),
            partial(actions.save_draft, voice=voice, version=1, text=text("Not agreed to"), by=two.professional),
        ]
    )

    assert words_read_by(reader) == ["Nine minutes.", "A bag and a leaflet."]


@pytest.mark.django_db(transaction=True)
def test_both_putting_it_forward_at_one_moment_leaves_one_to_decide():
    two = make_pair()
    for _round in range(ROUNDS):
        entry = joint(two)

        at_once([partial(propose, entry, person) for person in (two.professional, two.partner)])

        assert Release.objects.filter(entry=entry, ended_at=None).count() == 1
