"""Who gave no name is called by their side, and their address is read by nobody but staff who look after the pair."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import cohorts.actions
from accounts.models import Role, User
from learning_log import actions, digests
from notifications.models import LedgerRow
from tests.accounts.factories import make_staff
from tests.learning_log.factories import Two, answer, make_pair, share, text, write
from tests.learning_log.test_answering import say
from tests.learning_log.test_pages import as_, words_of
from tests.learning_log.test_releases import propose
from tests.learning_log.test_sharing_pages import as_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Two:
    """A pair of whom neither gave a name."""
    two = make_pair()
    User.objects.filter(pk__in=[two.professional.pk, two.partner.pk]).update(name="")
    two.professional.refresh_from_db()
    two.partner.refresh_from_db()
    return two


def told(two: Two) -> Any:
    voice = write(two, two.professional, "Four people before lunch.")
    entry = actions.ask_partner(voice=voice, version=1, is_sealed=False, by=two.professional)
    share(voice)
    share(actions.write_side(entry=entry, text=text("A bag and a leaflet."), by=two.partner))
    return entry


def released(two: Two, audience: str, **fields: Any) -> Any:
    release = propose(told(two), two.professional, audience, **fields)
    return actions.consent_to(release=release, by=two.partner)


def facilitator_of(two: Two) -> User:
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=two.pair.cohort, user=facilitator, by=None)
    return facilitator


def assert_called_by_their_sides(two: Two, *pages: Any, by_side: bool = True) -> None:
    for page in pages:
        assert page.status_code == 200
        source = page.content.decode()
        assert [one.email in source for one in (two.professional, two.partner)] == [False, False]
        if by_side:
            assert [word in words_of(page) for word in ("Professional", "Patient partner")] == [True, True]


def test_on_public_pages_and_in_the_feed(two):
    release = released(two, "public")
    visitor = as_visitor()

    assert_called_by_their_sides(two, visitor.get(f"/stories/{release.pk}/"))
    listed = [visitor.get(path) for path in ("/stories/", "/stories/stories.atom", "/", "/sitemap.xml")]
    assert_called_by_their_sides(two, *listed, by_side=False)


def test_to_whoever_holds_a_link(two):
    release = released(two, "link", recipient="The board")
    made = as_(two.professional).post(f"/log/{release.entry_id}/releases/{release.pk}/link/").content.decode()
    link = re.search(r'value="https?://[^"]*(/s/[^"]+)"', made)
    assert link

    assert_called_by_their_sides(two, as_visitor().get(link[1]), by_side=False)
    assert_called_by_their_sides(two, as_visitor().post(link[1]))


def test_to_readers_in_the_cohort(two):
    release = released(two, "cohort", allows_responses=True)
    answer(release.entry, two.partner, "Thank you for asking.")
    reader = make_pair(two.pair.cohort).partner
    say(two.partner, release.entry, "Come and see.", circle=str(release.pk))
    client = as_(reader)

    pages = [client.get(path) for path in (f"/log/{release.entry_id}/", "/log/", "/log/shared/", "/log/?q=leaflet")]

    assert "Come and see." in words_of(pages[0])
    assert_called_by_their_sides(two, *pages)


def test_to_their_facilitator(two):
    facilitator = facilitator_of(two)
    release = released(two, "facilitator", facilitator=facilitator)
    client = as_(facilitator)

    assert_called_by_their_sides(two, client.get(f"/log/{release.entry_id}/"), client.get("/staff/"))


def test_to_each_other(two):
    entry = told(two)
    waiting = propose(entry, two.professional, "cohort")
    client = as_(two.partner)

    for path in (f"/log/{entry.pk}/", f"/log/{entry.pk}/releases/{waiting.pk}/", "/log/", f"/log/{entry.pk}/edit/"):
        assert two.professional.email not in client.get(path).content.decode(), path


def test_in_digests_and_in_the_ledger(two):
    start = timezone.now() - timedelta(days=1)
    released(two, "cohort")
    reader = make_pair(two.pair.cohort).partner

    sections = [digests.section(one, start, timezone.now() + timedelta(minutes=1)) for one in (reader, two.partner)]

    assert all(sections)
    assert "@" not in str(sections)
    assert not [
        row for row in LedgerRow.objects.exclude(recipient__in=[two.professional, two.partner]) if "@" in str(row.ids)
    ]
