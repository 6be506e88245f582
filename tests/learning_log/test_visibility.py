"""People × states: who may read an entry, its words, an answer. Asked of the querysets that every surface uses."""

import ast
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Role
from learning_log import actions
from learning_log.models import Entry, Response
from tests.accounts.factories import make_person, make_staff, make_superuser
from tests.learning_log.factories import (
    answer,
    join,
    leave,
    make_cohort,
    make_pair,
    share,
    text,
    words_read_by,
    write,
    write_and_share,
)

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parents[2] / "learning_log"


def readers(entry: Entry, people: dict[str, object]) -> set[str]:
    return {name for name, person in people.items() if Entry.objects.visible_to(person).filter(pk=entry.pk).exists()}


@pytest.fixture
def cast() -> dict[str, object]:
    """Everybody who could be curious, with the pair they are curious about."""
    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    facilitator = make_staff(Role.FACILITATOR)
    import cohorts.actions

    cohorts.actions.assign_facilitator(cohort=cohort, user=facilitator, by=None)
    return {
        "two": two,
        "author": two.professional,
        "partner": two.partner,
        "other pair": others.professional,
        "stranger": make_person(),
        "facilitator": facilitator,
        "manager": make_staff(Role.MANAGER),
        "every role": make_staff(*Role),
        "superuser": make_superuser(),
        "visitor": AnonymousUser(),
    }


def test_who_may_read_an_entry_in_each_state(cast):
    two = cast.pop("two")
    draft = write(two, two.professional)
    shared = share(write(two, two.professional))
    changed = share(write(two, two.professional))
    actions.save_draft(voice=changed, version=1, text=text("New"), by=two.professional)
    taken_back = share(write(two, two.professional))
    actions.take_back(voice=taken_back, by=two.professional)
    deleted = write(two, two.professional)
    deleted_entry = deleted.entry
    actions.delete_draft(voice=deleted, version=1, by=two.professional)

    found = {
        "draft": readers(draft.entry, cast),
        "shared": readers(shared.entry, cast),
        "changed since": readers(changed.entry, cast),
        "taken back": readers(taken_back.entry, cast),
        "deleted": readers(deleted_entry, cast),
    }

    assert found == {
        "draft": {"author"},
        "shared": {"author", "partner"},
        "changed since": {"author", "partner"},
        "taken back": {"author"},
        "deleted": set(),
    }


def test_who_may_read_an_answer(cast):
    two = cast.pop("two")
    response = answer(write_and_share(two, two.professional), two.partner)

    found = {name for name, person in cast.items() if Response.objects.visible_to(person).exists()}

    assert (found, response.author) == ({"author", "partner"}, two.partner)


def test_each_reads_the_words_that_are_theirs_to_read(cast):
    two = cast.pop("two")
    voice = share(write(two, two.professional, "Shared words"))
    actions.save_draft(voice=voice, version=1, text=text("Words since"), by=two.professional)

    found = {name: words_read_by(person) for name, person in cast.items()}

    assert {name: words for name, words in found.items() if words} == {
        "author": ["Words since"],
        "partner": ["Shared words"],
    }


def test_who_has_left_keeps_their_own_and_reads_no_more_of_the_others():
    two = make_pair()
    own, theirs = write_and_share(two, two.professional), write_and_share(two, two.partner)
    early = answer(own, two.partner, "Before")
    leave(two.pair, two.professional)
    late = answer(own, two.partner, "After")

    assert set(Entry.objects.visible_to(two.professional)) == {own}
    assert set(Response.objects.visible_to(two.professional)) == {early}
    assert set(Entry.objects.visible_to(two.partner)) == {own, theirs}
    assert set(Response.objects.visible_to(two.partner)) == {early, late}


def test_who_takes_the_place_later_reads_only_what_is_shared_from_then_on():
    import pairs.actions

    two = make_pair()
    before = write_and_share(two, two.professional)
    answer(before, two.partner)
    leave(two.pair, two.partner)
    newcomer = make_person()
    pairs.actions.invite_to_pair(pair=two.pair, side="partner", email=newcomer.email, by=None)
    join(two, "partner", newcomer)
    after = write_and_share(two, two.professional)

    assert set(Entry.objects.visible_to(newcomer)) == {after}
    assert set(Response.objects.visible_to(newcomer)) == set()


def test_the_answer_does_not_depend_on_who_else_asked_before():
    two = make_pair()
    entry = write(two, two.professional).entry

    asked = [readers(entry, {"author": two.professional, "partner": two.partner}) for _time in range(2)]
    turned = readers(entry, {"partner": two.partner, "author": two.professional})

    assert [*asked, turned] == [{"author"}] * 3


def test_no_way_leads_from_a_person_or_a_pair_to_what_they_write():
    from accounts.models import User
    from pairs.models import Pair

    ways = {
        relation.related_model._meta.app_label
        for model in (User, Pair)
        for relation in model._meta.related_objects
        if relation.get_accessor_name()
    }

    assert "learning_log" not in ways


def test_nothing_of_the_log_is_in_the_admin_and_no_row_names_itself_by_its_words():
    two = make_pair()
    voice = write(two, two.professional, "canary", title="canary")

    assert not {model._meta.app_label for model in admin.site._registry} & {"learning_log"}
    assert "canary" not in f"{voice} {voice.entry} {voice.versions.get()} {Response(pk=1, body='canary')}"


def test_the_log_writes_no_audit_row_no_mail_and_no_log_line():
    """docs/decisions/0005: held over the source, so that a new action cannot forget it."""
    imported = set()
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}.{name.name}" for name in node.names}
            elif isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}

    trails = ("accounts.audit", "notifications.actions", "logging", "structlog", "django.contrib.admin")
    assert [name for name in imported if name.startswith(trails)] == []


def test_nothing_new_for_a_reader_who_may_not_read_it():
    from learning_log.digests import section

    two, since = make_pair(), timezone.now()
    write(two, two.professional)
    taken_back = share(write(two, two.professional))
    actions.take_back(voice=taken_back, by=two.professional)

    assert section(two.partner, since, timezone.now()) is None


def test_the_digest_counts_and_links_and_says_no_more():
    from learning_log.digests import section

    two, since = make_pair(), timezone.now()
    entry = write_and_share(two, two.professional, "canary", title="canary")
    write_and_share(two, two.professional, "canary", title="canary")
    answer(entry, two.partner, "canary")
    until = timezone.now()

    for_partner, for_author = section(two.partner, since, until), section(two.professional, since, until)

    assert for_partner is not None
    assert for_author is not None
    assert for_partner.lines == [("2 entries from your partner", "/log/")]
    assert for_author.lines == [("1 answer to read", "/log/")]
    assert section(two.partner, until, timezone.now()) is None


def test_ones_own_copy_holds_ones_own_words_and_nobody_elses():
    from learning_log.personal_data import collect

    two = make_pair()
    entry = write_and_share(two, two.professional, "My entry")
    answer(entry, two.partner, "Their answer")
    write(two, two.professional, "My draft")

    mine, theirs = str(collect(two.professional)), str(collect(two.partner))

    assert ("My entry" in mine, "My draft" in mine, "Their answer" in mine) == (True, True, False)
    assert ("My entry" in theirs, "Their answer" in theirs) == (False, True)


def test_ones_own_copy_holds_the_days_one_is_reminded_on_and_the_names_both_listed():
    from learning_log.personal_data import collect, erase

    two, others = make_pair(), make_pair()
    actions.choose_nudges(weekdays=[1, 4], hour=18, by=two.professional)
    actions.list_names(pair=two.pair, names=["Wilhelmina"], by=two.partner)

    mine, theirs, strangers = (collect(one) for one in (two.professional, two.partner, others.partner))
    erase(two.professional)

    assert (mine["reminders"], mine["listed_names"]) == ([{"weekdays": [1, 4], "hour": 18}], ["Wilhelmina"])
    assert (theirs["reminders"], theirs["listed_names"]) == ([], ["Wilhelmina"])
    assert (strangers["reminders"], strangers["listed_names"]) == ([], [])
    assert collect(two.professional)["reminders"] == []


def test_after_erasure_no_word_of_the_person_remains_and_the_others_stay():
    from django.db import connection

    from learning_log.personal_data import erase

    two = make_pair()
    entry = write_and_share(two, two.professional, "canary one", title="canary two")
    answer(entry, two.professional, "canary three")
    kept = answer(entry, two.partner, "Not mine to erase")

    erase(two.professional)

    with connection.cursor() as cursor:
        for table in ("entry", "voice", "voiceversion", "response"):  # names of our own, nobody's input
            cursor.execute(f"SELECT count(*) FROM learning_log_{table} AS t WHERE t::text LIKE '%canary%'")  # noqa: S608
            assert cursor.fetchone()[0] == 0, table
    assert list(Response.objects.filter(author=two.partner)) == [kept]
    assert not Entry.objects.visible_to(two.partner).exists()


def test_the_digest_counts_what_is_asked_put_forward_and_opened_and_never_the_two_together_as_a_partners_entry():
    from datetime import timedelta

    from learning_log.digests import section
    from tests.learning_log.test_answering import release

    cohort = make_cohort()
    two, others = make_pair(cohort), make_pair(cohort)
    since = timezone.now()
    asked = write(two, two.professional)
    actions.ask_partner(voice=asked, version=1, is_sealed=True, by=two.professional)
    share(asked)
    release(write_and_share(two, two.professional), two.professional, "public", allows_responses=False)
    release(write(two, two.professional).entry, two.professional, "cohort")

    told = {
        name: section(person, since, timezone.now() + timedelta(seconds=1))
        for name, person in (("partner", two.partner), ("neighbour", others.partner), ("author", two.professional))
    }

    assert {name: [line for line, _where in found.lines] if found else [] for name, found in told.items()} == {
        "partner": [
            "1 entry from your partner",
            "1 moment your partner asks you about",
            "1 question whether to share something",
            "1 entry opened to you",
        ],
        "neighbour": ["1 entry opened to you"],
        "author": [],
    }
