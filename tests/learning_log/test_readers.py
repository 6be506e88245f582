"""What a reader belongs to: asked once for a page that is only read, anew for everything else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

import cohorts.actions
from accounts.models import Role
from accounts.permissions import live_roles
from learning_log.middleware import one_reader_a_page
from learning_log.readers import Reader, asked_once, reader_of
from tests.accounts.factories import make_staff
from tests.learning_log.factories import leave, make_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "queries"), [("get", 1), ("head", 1), ("post", 2), ("put", 2)])
def test_a_request_that_changes_nothing_asks_once(method: str, queries: int):
    two = make_pair()
    live_roles(two.partner)  # known of a person before any page

    def page(_request: HttpRequest) -> HttpResponse:
        assert reader_of(two.partner).pairs == reader_of(two.partner).pairs == [two.pair.pk]
        return HttpResponse()

    with CaptureQueriesContext(connection) as asked:
        one_reader_a_page(page)(getattr(RequestFactory(), method)("/log/"))

    assert len(asked) == queries


def test_who_left_during_one_request_has_left_on_the_next():
    two = make_pair()

    with asked_once():
        before = reader_of(two.partner).pairs
        leave(two.pair, two.partner)
    with asked_once():
        after = reader_of(two.partner)

    assert (before, after.pairs) == ([two.pair.pk], [])
    assert [place.pair for place in after.places] == [two.pair.pk]
    assert after.programmes == frozenset()


def test_one_persons_answer_is_never_anothers():
    two, other = make_pair(), make_pair()

    with asked_once():
        found = [reader_of(person).pairs for person in (two.partner, other.partner, two.professional, two.partner)]

    assert found == [[two.pair.pk], [other.pair.pk], [two.pair.pk], [two.pair.pk]]


def test_a_visitor_belongs_to_nothing_and_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert reader_of(AnonymousUser()) == Reader()


def test_only_somebody_who_is_a_facilitator_leads():
    two = make_pair()
    facilitator, former = make_staff(Role.FACILITATOR), make_staff(Role.FACILITATOR)
    for person in (facilitator, former):
        cohorts.actions.assign_facilitator(cohort=two.pair.cohort, user=person, by=None)
    former.role_assignments.update(revoked_at=two.pair.created_at)
    former = type(former).objects.get(pk=former.pk)

    assert reader_of(facilitator).led == {two.pair.cohort_id}
    assert reader_of(former).led == frozenset()
