import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from comments.models import Comment, Decision
from notifications.models import LedgerRow
from tests.comments.factories import WORDS, held_comment, published_comment
from tests.guides.factories import person, published_guide

pytestmark = pytest.mark.django_db

QUEUE = "/staff/moderation/"


@pytest.fixture
def moderator(client: Client) -> Client:
    client.force_login(person(Role.MODERATOR, name="Nerys Ashdown"))
    return client


def shown(page: Any) -> list[int]:
    return [int(found) for found in re.findall(r'aria-labelledby="m-(\d+)"', page.content.decode())]


def address(verb: str, comment: Comment) -> str:
    return reverse(f"comments:{verb}", kwargs={"comment_id": comment.pk})


def test_the_longest_waiting_comment_comes_first(moderator):
    guide, now = published_guide(), timezone.now()
    late, early = held_comment(guide, at=now), held_comment(guide, at=now - timedelta(days=1))
    published_comment(guide)

    page = moderator.get(QUEUE)

    assert shown(page) == [early.pk, late.pk]
    assert "Moderation, 2 waiting" in page.content.decode()


def test_filters_stand_in_the_address(moderator):
    one, other = published_guide(), published_guide()
    links, plain = held_comment(one, reasons=("links",)), held_comment(other)
    public = published_comment(one)

    asked = [
        "?reason=links",
        f"?guide={other.pk}",
        "?state=published",
        "?state=nonsense&guide=x&reason=y&after=z&done=q",
    ]

    assert [shown(moderator.get(QUEUE + filters)) for filters in asked] == [
        [links.pk],
        [plain.pk],
        [public.pk],
        [links.pk, plain.pk],
    ]


def test_a_thousand_comments_of_one_moment_are_each_offered_once_while_others_are_decided(moderator):
    guide, at = published_guide(), timezone.now()
    edition = guide.current_edition
    Comment.objects.bulk_create(
        Comment(guide=guide, edition=edition, name=f"N{n}", role="Carer", text="Words.", created_at=at)
        for n in range(1000)
    )
    everyone = sorted(Comment.objects.values_list("pk", flat=True))

    seen: list[int] = []
    link: str | None = QUEUE
    while link:
        page = moderator.get(link)
        found = shown(page)
        seen += found
        moderator.post(address("publish", Comment.objects.get(pk=found[0])), {"version": 1})
        further = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        link = QUEUE + further[1].replace("&amp;", "&") if further else None

    assert seen == everyone


@pytest.mark.parametrize("number", [1, 60])
def test_the_queue_asks_as_often_for_many_as_for_one(
    moderator: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
):
    guide = published_guide()
    for n in range(number):
        held_comment(guide, email=f"w{n}@example.org")

    moderator.get(QUEUE)  # the first page of a session notes its second factor

    with django_assert_num_queries(7):
        moderator.get(QUEUE)


def test_one_click_publishes_and_the_next_one_undoes(moderator):
    comment = held_comment(published_guide())

    page = moderator.post(address("publish", comment), {"version": 1, "back": "reason=links&x=1"}, follow=True)
    undone = moderator.post(address("undo", comment), {"version": 2}, follow=True)

    assert page.redirect_chain[0][0] == f"{QUEUE}?reason=links&done={comment.pk}"
    assert "Undo" in page.content.decode()
    assert "Back in the queue: Oriel Tamblyn" in undone.content.decode()
    comment.refresh_from_db()
    assert (comment.state, comment.version) == ("held", 3)


def test_who_comes_second_reads_who_was_first_and_keeps_their_words(moderator):
    comment = held_comment(published_guide())
    first = person(Role.MODERATOR, name="Hollis Merrow")
    published = moderator.get(address("answer", comment))
    Comment.objects.filter(pk=comment.pk).update(version=2, state="refused")
    Decision.objects.create(comment=comment, comment_version=1, verb="refused", by=first, at=timezone.now())

    late = moderator.post(address("answer", comment), {"version": 1, "answer": "My long answer."})

    assert published.status_code == 200
    assert late.status_code == 409
    for words in ("Hollis Merrow refused it", "My long answer."):
        assert words in late.content.decode()
    assert not LedgerRow.objects.exists()


@pytest.mark.parametrize("version", ["", "0", "7", "x", "²", "9" * 30])
def test_a_decision_names_the_version_it_saw(moderator, version):
    comment = held_comment(published_guide())

    assert moderator.post(address("publish", comment), {"version": version}).status_code == 409
    assert not Decision.objects.exists()


def test_refusing_asks_for_a_reason_and_shows_the_mail(moderator):
    comment = held_comment(published_guide())

    without = moderator.post(address("refuse", comment), {"version": 1})
    other = moderator.post(address("refuse", comment), {"version": 1, "reason": "other"})
    look = moderator.post(address("refuse", comment), {"version": 1, "reason": "advert", "note": "Sorry.", "look": 1})
    state_before = Comment.objects.get().state
    done = moderator.post(address("refuse", comment), {"version": 1, "reason": "advert", "note": "Sorry."})

    assert "Choose why it is not published" in without.content.decode()
    assert "Say in your own words" in other.content.decode()
    assert "It reads as an advertisement." in look.content.decode()
    assert (state_before, done.status_code, Comment.objects.get().state) == ("held", 302, "refused")


def test_an_answer_and_a_withdrawal(moderator):
    comment = held_comment(published_guide())

    moderator.post(address("answer", comment), {"version": 1, "answer": "Thank you."})
    form = moderator.get(address("withdraw", comment)).content.decode()
    moderator.post(address("withdraw", comment), {"version": 2, "note": "The writer asked."})

    comment.refresh_from_db()
    assert "It leaves the page and the feed at once" in form
    assert (comment.state, comment.answers.get().text) == ("withdrawn", "Thank you.")


def test_what_was_found_is_marked_beside_its_reason(moderator):
    held_comment(
        published_guide(),
        reasons=("birth_date",),
        text="Born 04/02/1951 <b>see</b> https://one.example",
        keeps_details=True,
    )

    page = moderator.get(QUEUE).content.decode()

    assert "<mark>04/02/1951</mark>" in page
    assert "&lt;b&gt;see&lt;/b&gt; <mark>https://one.example</mark>" in page
    assert "The writer was asked, and chose to keep it in" in page
    assert WORDS["email"] not in page


def test_an_answer_of_the_team_is_not_a_case(moderator):
    comment = held_comment(published_guide())
    moderator.post(address("answer", comment), {"version": 1, "answer": "Thank you."})

    assert moderator.post(address("undo", comment.answers.get()), {"version": 1}).status_code == 404
