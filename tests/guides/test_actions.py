from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent, Role
from guides import actions
from guides.actions import EditionText, NotReady, SectionText, StaleEdition
from guides.models import Edition, Guide
from tests.guides.factories import TEXT, draft_guide, person, published_guide

pytestmark = pytest.mark.django_db


def test_a_draft_is_for_managers_and_a_published_guide_for_everybody():
    draft, published = draft_guide(), published_guide()

    assert set(Guide.objects.visible_to(AnonymousUser())) == {published}
    assert set(Guide.objects.visible_to(person(Role.MODERATOR))) == {published}
    assert set(Guide.objects.visible_to(person(Role.MANAGER))) == {draft, published}


def test_two_guides_of_one_title_get_two_addresses():
    assert [draft_guide().slug, draft_guide().slug] == ["starting-as-equals", "starting-as-equals-2"]


def test_a_title_without_a_letter_still_gets_an_address():
    assert draft_guide(text=EditionText(title="???")).slug == "guide"


def test_a_new_edition_is_unread_until_it_is_published():
    manager = person(Role.MANAGER)
    guide = published_guide(manager)

    edition = actions.start_edition(guide=guide, by=manager)
    changed = EditionText(title="Starting again", sections=[SectionText("Only one", "Text.")])
    edition = actions.save_edition(edition=edition, version=edition.version, text=changed, by=manager)
    guide.refresh_from_db()
    before = (guide.title, guide.current_edition.number)
    guide = actions.publish_edition(
        edition=edition, version=edition.version, change_summary="Shorter.", by=manager, at=timezone.now()
    )

    assert before == ("Starting as equals", 1)
    assert (guide.title, guide.current_edition.number) == ("Starting again", 2)
    assert [section.heading for section in guide.current_edition.sections.all()] == ["Only one"]
    assert guide.editions.get(number=1).sections.count() == 2


def test_a_second_call_returns_the_draft_there_is():
    manager = person(Role.MANAGER)
    guide = published_guide(manager)

    assert actions.start_edition(guide=guide, by=manager) == actions.start_edition(guide=guide, by=manager)


def test_a_stale_save_is_refused_and_changes_nothing():
    manager = person(Role.MANAGER)
    edition = draft_guide(manager).editions.get()
    actions.save_edition(edition=edition, version=1, text=TEXT, by=manager)

    with pytest.raises(StaleEdition) as stale:
        actions.save_edition(edition=edition, version=1, text=EditionText(title="Other"), by=manager)

    assert stale.value.saved.title == "Starting as equals"
    assert Edition.objects.get().sections.count() == 2


def test_a_published_edition_is_never_changed():
    manager = person(Role.MANAGER)
    edition = published_guide(manager).current_edition

    with pytest.raises(StaleEdition):
        actions.save_edition(edition=edition, version=edition.version, text=EditionText(title="Other"), by=manager)


def test_an_empty_edition_is_not_published():
    manager = person(Role.MANAGER)
    edition = draft_guide(manager, EditionText(title="Nothing yet")).editions.get()

    with pytest.raises(NotReady):
        actions.publish_edition(edition=edition, version=1, change_summary="", by=manager, at=timezone.now())


def test_every_verb_leaves_its_trail():
    manager = person(Role.MANAGER)
    guide = published_guide(manager)
    actions.set_comments(guide=guide, open_now=False, by=manager)
    actions.set_comments(guide=guide, open_now=False, by=manager)

    verbs = AuditEvent.objects.filter(actor=manager).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["guide.created", "guide.published", "guide.comments_closed"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    manager = person(Role.MANAGER)
    edition = draft_guide(manager).editions.get()

    def publish(_: int) -> bool:
        try:
            actions.publish_edition(edition=edition, version=1, change_summary="", by=manager, at=timezone.now())
        except StaleEdition:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(publish, range(8)))

    assert sorted(results) == [False] * 7 + [True]
    assert Guide.objects.get().version == 2
