"""Seeding in bulk: the size asked for, the same for the same seed, allowed by every constraint."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Role, User
from applications import board
from applications.board import Filters
from applications.board_page import board_page
from applications.models import Application, Review
from cohorts.models import Cohort
from comments.models import Comment, Decision
from learning_log.models import Entry, Voice
from pairs.models import Membership, Pair
from portal import seed
from portal.seed import Size
from tests.accounts.factories import make_staff

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)

SMALL = Size(people=60, pairs=25, entries=100, comments=200)


def rows() -> list[object]:
    return [
        list(Entry.objects.order_by("pk").values_list("form_key", "started_by_id")),
        list(Voice.objects.order_by("pk").values_list("version", "author_id", "shared_version")),
        list(Comment.objects.order_by("pk").values_list("text", "state", "submitted_key")),
    ]


def test_a_seeded_database_has_the_size_asked_for_and_keeps_its_promises() -> None:
    seed.fill(SMALL, seed=1)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (Pair.objects.count(), Membership.objects.live().count()) == (25, 50)
    assert (Entry.objects.count(), Comment.objects.count()) == (100, 200)
    undecided = Comment.objects.exclude(state="held").exclude(pk__in=Decision.objects.values("comment"))
    assert not undecided.exists()
    User.objects.create_user("after@seed.test")  # the sequence goes on behind the seeded rows


def test_the_same_seed_gives_the_same_rows_and_another_others() -> None:
    given = []
    for number in (7, 7, 8):
        call_command("flush", interactive=False, verbosity=0)
        seed.fill(SMALL, seed=number)
        given.append(rows())

    assert given[0] == given[1]
    assert given[0] != given[2]


def test_too_few_people_are_refused_and_nothing_is_written() -> None:
    with pytest.raises(seed.TooFewPeople):
        seed.fill(Size(people=3, pairs=2, entries=0, comments=0), seed=1)

    assert not User.objects.exists()


def test_a_real_site_is_never_seeded() -> None:
    with pytest.raises(CommandError, match="DEMO=1 or DEBUG=1"):
        call_command("seed")


def test_seeded_applications_stand_on_their_board_with_reviews() -> None:
    seed.fill(Size(people=0, pairs=0, entries=0, comments=0, applications=120), seed=1)

    cohort = Cohort.objects.get()
    assert Application.objects.filter(cohort=cohort).count() == 120
    assert Review.objects.counted().exists()
    manager = make_staff(Role.MANAGER)
    seat = board.seat_of(manager, board.cohorts_read_by(manager).get())
    page = board_page(seat, Filters(sort="mean"), None)
    assert (len(page.rows), page.found) == (50, Application.objects.sent().count())
