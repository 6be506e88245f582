from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from guides import actions
from guides.models import Edition, Guide
from tests.guides.factories import TEXT, draft_guide, person, published_guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(person(Role.MANAGER))
    return client


def address(verb: str, guide: Guide) -> str:
    return reverse(f"guides:staff_{verb}", kwargs={"slug": guide.slug})


def form(edition: Edition, *sections: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What the edit page sends with these sections and the empty one at its end."""
    rows = [*sections, {"heading": "", "body": "", "place": ""}]
    kept = edition.sections.count()
    data = {
        "title": edition.title,
        "key_messages": "\n".join(edition.key_messages),
        "version": edition.version,
        "section-TOTAL_FORMS": len(rows),
        "section-INITIAL_FORMS": kept,
    }
    for number, row in enumerate(rows):
        data |= {f"section-{number}-{name}": value for name, value in row.items()}
    return data | fields


ONE = {"heading": "Before the first meeting", "body": "Send three sentences.", "place": 1}
TWO = {"heading": "Whose room is it?", "body": "Every room tells.", "place": 2}


def headings(guide: Guide) -> list[str]:
    return [section.heading for section in guide.editions.get(published_at=None).sections.all()]


def test_a_guide_is_written_previewed_and_published_in_the_browser(manager):
    manager.post(reverse("guides:staff_new"), {"title": "Leaving well", "lede": "How to end."})
    guide = Guide.objects.get()
    edition = guide.editions.get()
    saved = manager.post(
        address("edit", guide), form(edition, add="1") | {"section-0-heading": "When", "section-0-body": "Say *when*."}
    )
    preview = manager.get(address("preview", guide)).content.decode()
    hidden = Client().get(guide.get_absolute_url(), secure=True)
    confirm = manager.get(address("publish", guide)).content.decode()
    manager.post(address("publish", guide), {"version": 2})

    assert saved.url == address("edit", guide) + "#new-section"
    assert "Say <em>when</em>." in preview
    assert hidden.status_code == 404
    assert "Publish “Leaving well”?" in confirm
    assert "Say <em>when</em>." in Client().get(guide.get_absolute_url(), secure=True).content.decode()
    assert "Leaving well" in Client().get(reverse("guides:list"), secure=True).content.decode()


def test_sections_are_added_moved_and_removed_without_javascript(manager):
    guide = draft_guide()

    def edition() -> Edition:
        return guide.editions.get()

    manager.post(
        address("edit", guide), form(edition(), ONE, TWO) | {"section-2-heading": "Third", "section-2-body": "x"}
    )
    added = headings(guide)
    three = {"heading": "Third", "body": "x", "place": 3}
    manager.post(address("edit", guide), form(edition(), {**ONE, "place": 9}, TWO, three))
    moved = headings(guide)
    manager.post(address("edit", guide), form(edition(), {**ONE, "heading": "", "remove": "on"}, TWO, three))

    assert added == ["Before the first meeting", "Whose room is it?", "Third"]
    assert moved == ["Whose room is it?", "Third", "Before the first meeting"]
    assert headings(guide) == ["Whose room is it?", "Third"]


def test_mistakes_keep_every_word_and_lead_to_their_field(manager):
    guide = draft_guide()

    page = manager.post(
        address("edit", guide), form(guide.editions.get(), ONE, {**TWO, "heading": ""}, title="", kicker="Kept words")
    ).content.decode()

    for words in (
        "<title>Error: ",
        "Give the guide a title",
        "Give this section a heading",
        "Kept words",
        "Every room tells.",
    ):
        assert words in page
    assert 'href="#id_section-1-heading"' in page
    assert headings(guide) == ["Before the first meeting", "Whose room is it?"]


def test_of_two_managers_the_later_one_keeps_their_words_and_is_told(manager):
    guide = draft_guide()
    opened = form(guide.editions.get(), {**ONE, "body": "My own sentence."}, TWO)
    actions.save_edition(edition=guide.editions.get(), version=1, text=TEXT, by=person(Role.MANAGER))

    page = manager.post(address("edit", guide), opened)

    assert page.status_code == 409
    for words in ("Somebody saved this draft while you were writing", "My own sentence."):
        assert words in page.content.decode()
    assert guide.editions.get().sections.first().body == TEXT.sections[0].body


@pytest.mark.parametrize("version", ["", "9", "x"])
def test_what_is_published_is_what_was_confirmed(manager, version):
    guide = draft_guide()

    page = manager.post(address("publish", guide), {"version": version}).content.decode()

    assert "Somebody changed this edition" in page
    assert not Guide.objects.get().is_published


def test_an_empty_guide_cannot_be_published(manager):
    manager.post(reverse("guides:staff_new"), {"title": "Nothing yet"})

    page = manager.post(address("publish", Guide.objects.get()), {"version": 1}).content.decode()

    assert "Write at least one section first" in page


def test_a_new_edition_starts_as_a_copy_and_a_second_click_makes_no_other(manager):
    guide = published_guide()

    for _ in range(2):
        manager.post(address("start_edition", guide))

    assert headings(guide) == ["Before the first meeting", "Whose room is it?"]
    assert guide.editions.count() == 2


def test_comments_are_closed_and_opened(manager):
    guide = published_guide()

    manager.post(address("close_comments", guide))
    closed = Client().get(guide.get_absolute_url(), secure=True).content.decode()
    manager.post(address("open_comments", guide))

    assert "This guide takes no new comments." in closed
    assert "Add a comment" in Client().get(guide.get_absolute_url(), secure=True).content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_the_lists_ask_as_often_for_many_as_for_one(manager, django_assert_num_queries, number):
    for _ in range(number):
        published_guide()
    manager.get(reverse("guides:staff_list"))

    with django_assert_num_queries(2):
        Client().get(reverse("guides:list"), secure=True)
    with django_assert_num_queries(4):
        manager.get(reverse("guides:staff_list"))
