"""Real attacks through every field and every output. The lists lie outside this repository; without them: skipped."""

import html
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Role
from comments.forms import CommentForm
from comments.mail import refusal_words
from comments.models import Comment
from comments.views.public import _feed
from guides.models import Guide
from tests.comments.factories import WORDS
from tests.guides.factories import person, published_guide

pytestmark = pytest.mark.django_db

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
OUR_TAGS = {
    *("html", "head", "body", "article", "div", "span", "b", "small", "a", "time", "p", "br", "mark", "h2"),
}
OUR_ATTRIBUTES = {"id", "class", "aria-label", "aria-hidden", "href", "rel", "datetime", "dir"}


def strings() -> list[str]:
    if not CORPORA.exists():
        pytest.skip(f"no lists of hostile strings at {CORPORA}")
    lines = (CORPORA / "xss.txt").read_text(errors="replace").splitlines()
    naughty: list[str] = json.loads((CORPORA / "naughty_strings.json").read_text())
    return [line for line in [*lines, *naughty] if line.strip()]


def foreign(page: str) -> list[str]:
    """Tags, attributes and addresses in `page` that are not ours."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        found += [element.tag] if element.tag not in OUR_TAGS else []
        found += [f"{element.tag} {name}" for name in element.attrib if name not in OUR_ATTRIBUTES]
        address = element.attrib.get("href", "")
        if not address.startswith(("/", "http://", "https://", "mailto:")) and address:
            found.append(address)
    return found


def typed(text: str) -> dict[str, str] | None:
    """What the form lets through of `text` in every field, or None when it refuses."""
    form = CommentForm(
        {**WORDS, "name": text[:100], "role": text[:120], "organisation": text[:120], "text": text[:4000]}
    )
    if not form.is_valid():
        return None
    return {name: form.cleaned_data[name] for name in ("name", "role", "organisation", "text")}


def accepted() -> list[dict[str, str]]:
    return [words for words in map(typed, strings()) if words]


def comment_of(guide: Guide, words: dict[str, str], number: int = 1) -> Comment:
    now = timezone.now()
    return Comment(pk=number, guide=guide, created_at=now, published_at=now, **words)


def test_nothing_typed_becomes_markup_on_the_page_or_in_the_queue(rf):
    guide, request = published_guide(), rf.get("/")
    request.user = AnonymousUser()
    words = accepted()

    broken = []
    for each in words:
        comment = comment_of(guide, each)
        context: dict[str, Any] = {
            "comment": comment,
            "guide": guide,
            "answers": [comment],
            "heading_id": 1,
            "request": request,
        }
        pages = [render_to_string(f"comments/{name}.html", context) for name in ("comment", "moderation_comment")]
        if any(map(foreign, pages)):
            broken.append(each)

    assert len(words) > 1000
    assert broken == []


def test_the_check_itself_sees_an_attack():
    assert foreign("<p><img src=x onerror=alert(1)></p>") == ["img", "img src", "img onerror"]


def test_what_was_typed_is_shown_as_it_was():
    guide = published_guide()
    each = {"name": "<b>Bobby</b>", "role": "&lt;", "organisation": '"><script>', "text": "<script>alert('x')</script>"}

    page = render_to_string("comments/comment.html", {"comment": comment_of(guide, each), "guide": guide})

    for text in each.values():
        assert html.escape(text) in page


def test_the_feed_of_all_of_them_is_xml():
    guide = published_guide(person(Role.MANAGER))
    now = timezone.now()
    words = accepted()

    for start in range(0, len(words), 50):
        Comment.objects.all().delete()
        Comment.objects.bulk_create(
            Comment(
                guide=guide, edition=guide.current_edition, state="published", created_at=now, published_at=now, **each
            )
            for each in words[start : start + 50]
        )
        feed = ElementTree.fromstring(_feed(guide))  # noqa: S314  # our own feed
        entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
        assert len(entries) == len(words[start : start + 50])
        for entry in entries:
            summary = entry.find("{http://www.w3.org/2005/Atom}summary")
            assert summary is not None
            assert foreign(summary.text or "") == []


def test_no_line_break_reaches_a_subject_and_no_word_of_the_comment_a_mail():
    guide = published_guide()
    guide.title = "Title"

    for each in accepted():
        comment = comment_of(guide, each)
        context = {**refusal_words(comment, "other", each["text"]), "link": "https://alongside.test/x"}
        for kind in ("published", "answered", "refused"):
            subject = render_to_string(f"mail/comments/{kind}_subject.txt", context).strip()
            assert "\n" not in subject
            assert (
                each["name"] not in subject or each["name"] in "Your comment on “Title” is not published, has an answer"
            )


def test_one_line_fields_hold_one_line():
    assert [words for words in accepted() if set(words["name"]) & set("\r\n\x00\u2028")] == []
