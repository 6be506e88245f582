import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from comments import actions
from comments.models import Comment
from guides.models import Guide
from tests.comments.factories import WORDS, held_comment, many_published, published_comment
from tests.conftest import SecureClient
from tests.guides.factories import draft_guide, person, published_guide

pytestmark = pytest.mark.django_db


def ids(page: Any) -> list[int]:
    return [int(found) for found in re.findall(r'<article id="c(\d+)"', page.content.decode())]


def older(page: Any) -> str | None:
    found = re.search(r'rel="next" href="([^"#]+)', page.content.decode())
    return found[1] if found else None


def feed_of(guide: Guide) -> str:
    return reverse("comments:feed", kwargs={"slug": guide.slug})


def test_a_visitor_s_page_sets_no_cookie_and_may_be_kept(client):
    guide = published_guide()
    published_comment(guide)

    page = client.get(guide.get_absolute_url())

    assert (page.status_code, dict(page.cookies), dict(client.cookies)) == (200, {}, {})
    assert "csrf" not in page.content.decode()
    assert page["Cache-Control"] == "public, no-cache"
    assert page["Vary"] == "Cookie"


def test_an_unchanged_page_is_not_sent_again(client):
    guide = published_guide()
    page = client.get(guide.get_absolute_url())

    again = client.get(guide.get_absolute_url(), headers={"if-none-match": page["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_signed_in_reader_gets_their_own_header_and_the_visitor_does_not_get_it(client):
    guide = published_guide()
    reader = person(name="Winifred Osgathorpe")
    client.force_login(reader)

    theirs = client.get(guide.get_absolute_url())
    visitors = SecureClient().get(guide.get_absolute_url())

    assert "private" in theirs["Cache-Control"]
    assert "Winifred" not in visitors.content.decode()
    assert "What readers say" in theirs.content.decode()


def test_the_comment_stands_under_its_guide_with_count_and_permalink(client):
    guide = published_guide()
    comment = published_comment(guide)

    page = client.get(guide.get_absolute_url()).content.decode()

    assert "1 comment<" in page
    assert comment.get_absolute_url() in page
    assert client.get(comment.get_absolute_url()).url == f"{guide.get_absolute_url()}#c{comment.pk}"
    assert "oriel@example.org" not in page


def test_a_held_comment_and_a_draft_are_not_there(client):
    guide = published_guide()
    held = held_comment(guide)

    assert ids(client.get(guide.get_absolute_url())) == []
    assert client.get(held.get_absolute_url()).status_code == 404
    assert client.get(draft_guide().get_absolute_url()).status_code == 404
    assert client.get(feed_of(draft_guide())).status_code == 404


def test_a_withdrawn_comment_is_gone_on_the_next_request(client):
    guide = published_guide()
    stays, goes = published_comment(guide), published_comment(guide, name="Bram Kettleby")
    before = (ids(client.get(guide.get_absolute_url())), client.get(feed_of(guide)).content.decode())

    actions.withdraw_comment(
        comment=goes, version=goes.version, note="Asked.", by=person(Role.MODERATOR), at=timezone.now()
    )

    assert before[0] == [goes.pk, stays.pk]
    assert "Bram Kettleby" in before[1]
    assert ids(client.get(guide.get_absolute_url())) == [stays.pk]
    assert "Bram Kettleby" not in client.get(feed_of(guide)).content.decode()
    assert client.get(goes.get_absolute_url()).status_code == 404


def test_the_feed_answers_an_etag(client):
    guide = published_guide()
    published_comment(guide)

    feed = client.get(feed_of(guide))
    again = client.get(feed_of(guide), headers={"if-none-match": feed["ETag"]})

    assert feed["Content-Type"].startswith("application/atom+xml")
    assert again.status_code == 304
    published_comment(guide)
    assert client.get(feed_of(guide), headers={"if-none-match": feed["ETag"]}).status_code == 200


def test_a_thousand_comments_of_one_moment_are_each_shown_once(client):
    guide = published_guide()
    many_published(guide, 1000, timezone.now())

    seen: list[int] = []
    address: str | None = guide.get_absolute_url()
    while address:
        page = client.get(address)
        seen += ids(page)
        address = older(page)

    assert seen == sorted(Comment.objects.values_list("pk", flat=True), reverse=True)


def test_a_permalink_leads_to_the_page_that_holds_it(client):
    guide = published_guide()
    first = published_comment(guide, at=timezone.now() - timedelta(days=1))
    many_published(guide, 120, timezone.now())

    address = client.get(first.get_absolute_url()).url
    page = client.get(address.partition("#")[0])

    assert address.endswith(f"#c{first.pk}")
    assert first.pk in ids(page)
    assert 'rel="prev"' in page.content.decode()


@pytest.mark.parametrize("wished", ["0", "99999999999", "x", "", "1e9", "²"])
def test_a_page_that_never_was_leads_to_the_first(client, wished):
    guide = published_guide()

    assert client.get(f"{guide.get_absolute_url()}?from={wished}").url == guide.get_absolute_url()


@pytest.mark.parametrize("number", [1, 500])
def test_the_page_asks_once_when_kept_and_as_often_for_many_as_for_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
):
    guide = published_guide()
    many_published(guide, number, timezone.now())
    cache.clear()

    with django_assert_num_queries(6):
        client.get(guide.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(guide.get_absolute_url())


@pytest.mark.parametrize("text", ["It worked. " * 20, 'It\'s "said" <&> ' * 250, "é" * 4000])
def test_the_page_stays_below_60_kb(client, text):
    guide = published_guide()
    many_published(guide, 500, timezone.now(), text[:4000].strip())

    page = client.get(guide.get_absolute_url())

    assert len(page.content) <= 60_000
    assert ids(page)
    assert older(page)


def test_links_of_the_public_vouch_for_nothing(client):
    guide = published_guide()
    published_comment(guide, text='See https://one.example/?a="b" and say rel="nofollow"')

    page = client.get(guide.get_absolute_url()).content.decode()

    assert '<a href="https://one.example/?a=" rel="nofollow ugc">' in page
    assert "say rel=&quot;nofollow&quot;" in page


def test_an_answer_stands_below_its_comment(client):
    guide = published_guide()
    comment = held_comment(guide)
    actions.publish_and_answer(
        comment=comment,
        version=1,
        answer="That is a good question.",
        by=person(Role.MODERATOR, name="Nerys Ashdown"),
        at=timezone.now(),
    )

    page = client.get(guide.get_absolute_url()).content.decode()

    assert page.index(WORDS["text"]) < page.index("Nerys Ashdown") < page.index("That is a good question.")
    assert "For the Alongside team" in page
