import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from comments.models import Comment
from guides.models import Guide
from tests.comments.factories import WORDS
from tests.conftest import SecureClient
from tests.guides.factories import draft_guide, published_guide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    """A browser whose tokens are checked, as in life."""
    return SecureClient(enforce_csrf_checks=True, headers={"referer": "https://testserver/"})


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, f"no field {name}"
    return found[1]


def preview(visitor: Client, guide: Guide, **words: Any) -> Any:
    return visitor.post(reverse("comments:new", kwargs={"slug": guide.slug}), {**WORDS, **words})


def send(visitor: Client, guide: Guide, page: Any, **words: Any) -> Any:
    tokens = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "ticket")}
    return visitor.post(reverse("comments:send", kwargs={"slug": guide.slug}), {**WORDS, **tokens, **words})


def test_a_visitor_sees_how_it_will_look_sends_it_and_hears_what_happens_next(visitor):
    guide = published_guide()

    page = preview(visitor, guide)
    sent = send(visitor, guide, page)

    assert "This is how it will look" in page.content.decode()
    assert sent.url == reverse("comments:thanks", kwargs={"slug": guide.slug})
    comment = Comment.objects.get()
    assert (comment.state, comment.name, comment.email) == ("held", "Oriel Tamblyn", "oriel@example.org")
    assert WORDS["text"] not in visitor.get(guide.get_absolute_url()).content.decode()


def test_the_preview_saves_nothing(visitor):
    preview(visitor, published_guide())

    assert not Comment.objects.exists()


def test_a_second_click_is_the_same_comment(visitor):
    guide = published_guide()
    page = preview(visitor, guide)

    assert [send(visitor, guide, page).status_code for _ in range(3)] == [302, 302, 302]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("spoiled", [{"csrfmiddlewaretoken": "x" * 64}, {"ticket": "forged"}])
def test_a_wrong_token_saves_nothing_and_loses_nothing(visitor, spoiled):
    guide = published_guide()
    page = send(visitor, guide, preview(visitor, guide), **spoiled)

    assert not Comment.objects.exists()
    assert WORDS["text"] in page.content.decode()
    assert send(visitor, guide, page).status_code == 302


def test_a_form_without_the_cookie_is_not_saved(visitor):
    guide = published_guide()
    page = preview(visitor, guide)
    visitor.cookies.clear()

    again = send(visitor, guide, page)

    assert "Please send it once more" in again.content.decode()
    assert not Comment.objects.exists()


def test_mistakes_keep_every_word(visitor):
    page = preview(visitor, published_guide(), email="winifred@", name="")

    text = page.content.decode()
    assert "<title>Error: " in text
    assert "Enter your name" in text
    assert "Enter an email address in the right form, like name@example.org" in text
    assert WORDS["text"] in text
    assert 'value="winifred@"' in text


def test_personal_details_are_asked_about_then_held(visitor):
    guide = published_guide()
    text = "My mother (born 04/02/1951) was asked to join."

    page = preview(visitor, guide, text=text)
    refused = send(visitor, guide, page, text=text)
    kept = send(visitor, guide, refused, text=text, keep="on")

    assert "someone’s date of birth: 04/02/1951" in page.content.decode()
    assert "Take out the date of birth, or tick the box" in refused.content.decode()
    assert kept.status_code == 302
    comment = Comment.objects.get()
    assert ("birth_date" in comment.held_reasons, comment.keeps_details) == (True, True)


def test_a_filled_hidden_field_is_held_with_its_reason_and_never_lost(visitor):
    guide = published_guide()

    send(visitor, guide, preview(visitor, guide), hp="filled by a password manager")

    comment = Comment.objects.get()
    assert (comment.state, "hidden_field" in comment.held_reasons) == ("held", True)


def test_links_and_haste_are_reasons(visitor):
    guide = published_guide()

    send(visitor, guide, preview(visitor, guide), text="See https://one.example www.two.example three.example")

    assert Comment.objects.get().held_reasons == ["many_links", "fast"]


def test_nobody_sets_more_than_the_form_has(visitor):
    guide, other = published_guide(), published_guide()
    extra = {
        "id": 7,
        "state": "published",
        "version": 9,
        "published_at": "2026-01-01",
        "guide": other.pk,
        "answered_by": 1,
        "parent": 1,
        "created_at": "2020-01-01",
    }

    page = preview(visitor, guide)
    tokens = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "ticket")}
    visitor.post(reverse("comments:send", kwargs={"slug": guide.slug}), {**WORDS, **extra, **tokens})

    comment = Comment.objects.get()
    assert (comment.state, comment.version, comment.published_at) == ("held", 1, None)
    assert (comment.guide, comment.answered_by, comment.parent) == (guide, None, None)
    assert comment.created_at.year > 2020


def test_a_draft_is_not_there_and_a_closed_guide_says_so(visitor):
    draft, closed = draft_guide(), published_guide()
    open_page = preview(visitor, closed)
    Guide.objects.filter(pk=closed.pk).update(takes_comments=False)

    assert preview(visitor, draft).status_code == 404
    assert send(visitor, draft, open_page).status_code == 404
    answer = send(visitor, closed, open_page)
    assert answer.status_code == 403
    assert WORDS["text"] in answer.content.decode()
    assert not Comment.objects.exists()


def test_too_many_from_one_address_wait_and_keep_their_words(visitor):
    guide = published_guide()
    page = preview(visitor, guide)

    answers = [send(visitor, guide, preview(visitor, guide), text=f"Comment {n}") for n in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Comment 5" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0
    assert Comment.objects.count() == 5
    assert send(visitor, guide, page, email="other@example.org").status_code == 302


def test_a_forged_forwarded_for_does_not_move_the_limit(visitor):
    guide = published_guide()

    statuses = []
    for n in range(13):
        visitor.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.{n}.7"
        statuses.append(send(visitor, guide, preview(visitor, guide), email=f"w{n}@example.org").status_code)

    assert statuses == [302] * 12 + [429]


def test_get_of_the_saving_address_leads_to_the_form(visitor):
    guide = published_guide()

    assert visitor.get(reverse("comments:send", kwargs={"slug": guide.slug})).url == reverse(
        "comments:new", kwargs={"slug": guide.slug}
    )


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\x85"])
def test_one_line_fields_refuse_a_second_line(visitor, break_):
    page = preview(visitor, published_guide(), name=f"Oriel{break_}Bcc: all@example.org")

    assert "Write this on one line" in page.content.decode()


def test_control_characters_never_arrive(visitor):
    guide = published_guide()

    send(visitor, guide, preview(visitor, guide), text="one\x00\x07\ufffe\u202etwo\r\nthree", name="Or\x1biel")

    comment = Comment.objects.get()
    assert (comment.text, comment.name) == ("onetwo\nthree", "Oriel")
