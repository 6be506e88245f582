"""What staff may count: in pairs, in fives, on Mondays, and nothing from which one pair could be read."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise, product
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

import cohorts.actions
from accounts.models import Role
from cohorts.models import Cohort
from learning_log import actions, counts, disclosure
from learning_log.actions import ReleaseTerms
from learning_log.models import Release
from pairs.models import Membership, Pair
from tests.accounts.factories import make_staff
from tests.learning_log.factories import Two, make_cohort, make_pair, share, write

SMALL = range(31)


def figures(table: disclosure.Table) -> list[int]:
    shown = [table.total, *table.cells.values()]
    return [table.pairs, *(one for one in shown if one is not None)]


def test_no_two_figures_of_any_small_table_differ_by_a_group_under_five():
    for pairs in SMALL:
        for total in range(pairs + 1):
            for one, other in product(range(total + 1), repeat=2):
                shown = figures(disclosure.table(pairs=pairs, total=total, cells={"one": one, "other": other}))
                apart = {abs(first - second) for first, second in combinations(shown, 2)}
                assert not apart & {1, 2, 3, 4}, (pairs, total, one, other)


def test_no_figure_is_small_and_none_says_more_than_is_so():
    for pairs, count in product(SMALL, SMALL):
        shown = disclosure.shown(min(count, pairs), pairs=pairs)
        assert shown is None or (5 <= shown <= min(count, pairs) and shown % 5 == 0 and pairs - shown >= 5)


def test_a_figure_stays_the_same_for_most_changes_of_one_pair():
    steps = [disclosure.shown(count, pairs=30) or 0 for count in range(31)]

    assert sum(first != second for first, second in pairwise(steps)) == 5


def test_what_is_counted_changes_on_monday_in_the_cohorts_own_zone():
    auckland = ZoneInfo("Pacific/Auckland")

    found = disclosure.as_of(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), auckland)

    assert found == datetime(2026, 11, 23, 0, 0, tzinfo=auckland)


def monday() -> datetime:
    return disclosure.as_of(timezone.now(), ZoneInfo("Europe/London"))


def tell(two: Two, audience: str, *, at: datetime, approach: str = "learn", body: str = "canary") -> Release:
    """Something of the professional's, open to others from `at` on."""
    voice = share(write(two, two.professional, body, title="canary", approaches=(approach,)))
    terms = ReleaseTerms(audience=Release.Audience(audience), ends_at=timezone.now() + timedelta(days=30))
    release = actions.propose_release(
        entry=voice.entry, versions=[(voice.pk, voice.version)], terms=terms, by=two.professional, at=at
    )
    if release.needs_both:
        actions.consent_to(release=release, by=two.partner, at=at)
    return release


@pytest.fixture
def crowd() -> tuple[Cohort, list[Two]]:
    """Twelve pairs that were there before Monday."""
    cohort = make_cohort()
    pairs = [make_pair(cohort) for _number in range(12)]
    long_ago = monday() - timedelta(days=30)
    Pair.objects.filter(cohort=cohort).update(created_at=long_ago)
    Membership.objects.filter(cohort=cohort).update(joined_at=long_ago)
    return cohort, pairs


@pytest.mark.django_db
def test_pairs_are_counted_once_by_what_others_could_read_on_monday(crowd):
    cohort, pairs = crowd
    before = monday() - timedelta(hours=1)
    for two in pairs[:6]:
        tell(two, "cohort", at=before)
        tell(two, "cohort", at=before)
    tell(pairs[0], "public", at=before, approach="find")
    for two in pairs[6:]:
        share(write(two, two.professional, approaches=("find",)))
        tell(two, "link", at=before, approach="find")

    found = counts.told_by(cohort, at=timezone.now())

    assert (found.pairs, found.total) == (12, 5)
    assert found.cells == {"find": None, "invest": None, "learn": 5, "energy": None, "embed": None}


@pytest.mark.django_db
def test_nothing_that_happens_in_the_week_moves_a_figure(crowd):
    cohort, pairs = crowd
    before = monday() - timedelta(hours=1)
    releases = [tell(two, "cohort", at=before) for two in pairs[:5]]
    first = counts.told_by(cohort, at=timezone.now())

    actions.withdraw_release(release=releases[0], by=pairs[0].professional)
    for two in pairs[5:]:
        tell(two, "cohort", at=timezone.now())
    Pair.objects.filter(pk=pairs[1].pair.pk).update(ended_at=timezone.now())
    second = counts.told_by(cohort, at=timezone.now())
    next_week = counts.told_by(cohort, at=monday() + timedelta(days=7, hours=1))

    assert (first.total, first) == (5, second)
    assert (next_week.pairs, next_week.total) == (11, 5)


@pytest.mark.django_db
def test_what_was_withdrawn_before_monday_is_not_counted(crowd):
    cohort, pairs = crowd
    before = monday() - timedelta(hours=2)
    for two in pairs[:5]:
        release = tell(two, "cohort", at=before)
    actions.withdraw_release(release=release, by=pairs[4].professional, at=before + timedelta(hours=1))

    assert counts.told_by(cohort, at=timezone.now()).total is None


@pytest.mark.django_db
def test_who_opens_the_page_and_that_no_word_and_no_name_is_on_it(crowd, client):
    cohort, pairs = crowd
    for two in pairs[:6]:
        tell(two, "cohort", at=monday() - timedelta(hours=1))
        write(two, two.partner, "canary", title="canary")
    facilitator, other = make_staff(Role.FACILITATOR), make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    people = [make_staff(Role.MANAGER), make_staff(Role.EVALUATOR), facilitator, other, make_staff(Role.FINANCE)]
    path = reverse("learning_log:cohort_learning", kwargs={"cohort_slug": cohort.slug})

    answered = []
    for person in people:
        client.force_login(person)
        answered.append(client.get(path))

    assert [one.status_code for one in answered] == [200, 200, 200, 404, 403]
    for page in answered[:3]:
        assert "canary" not in page.text
        assert pairs[0].professional.name not in page.text


@pytest.mark.django_db
def test_the_page_takes_no_filter(crowd, client):
    cohort, pairs = crowd
    for two in pairs[:6]:
        tell(two, "cohort", at=monday() - timedelta(hours=1))
    client.force_login(make_staff(Role.EVALUATOR))
    path = reverse("learning_log:cohort_learning", kwargs={"cohort_slug": cohort.slug})

    plain = client.get(path).context["table"]
    asked = client.get(path, {"pair": pairs[0].pair.pk, "approach": "learn", "since": "2026-01-01"}).context["table"]

    assert (plain.total, asked) == (5, plain)


@pytest.mark.django_db
def test_the_page_asks_as_often_for_many_pairs_as_for_few(crowd, client, django_assert_num_queries):
    cohort, pairs = crowd
    client.force_login(make_staff(Role.EVALUATOR))
    path = reverse("learning_log:cohort_learning", kwargs={"cohort_slug": cohort.slug})
    client.get(path)
    with django_assert_num_queries(6):
        client.get(path)
    for two in pairs:
        tell(two, "cohort", at=monday() - timedelta(hours=1))

    with django_assert_num_queries(6):
        client.get(path)


@pytest.mark.django_db
def test_a_facilitator_finds_what_was_opened_to_them_until_it_is_taken_back(client):
    two = make_pair()
    facilitator = make_staff(Role.FACILITATOR)
    cohorts.actions.assign_facilitator(cohort=two.pair.cohort, user=facilitator, by=None)
    voice = write(two, two.professional, title="Opened to one")
    write(two, two.professional, title="Kept to oneself")
    terms = ReleaseTerms(
        audience=Release.Audience.FACILITATOR, ends_at=timezone.now() + timedelta(days=30), facilitator=facilitator
    )
    release = actions.propose_release(
        entry=voice.entry, versions=[(voice.pk, voice.version)], terms=terms, by=two.professional
    )
    client.force_login(facilitator)
    page = client.get("/staff/").text

    actions.withdraw_release(release=release, by=two.professional)
    after = client.get("/staff/").text

    assert ("Opened to one" in page, "Kept to oneself" in page) == (True, False)
    assert ("Opened to one" in after, "Shared with you" in after) == (False, False)
