"""Monday's digest: one row a reader and week, written as it goes out, never empty, never late."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from notifications import delivery, digests, mail, planning, reasons
from notifications.digests import DigestSection
from notifications.models import LedgerRow, Subscription
from notifications.sink import Keeper
from tests.notifications.factories import make_person
from tests.notifications.sinks import body

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def news() -> Iterator[dict[str, list[tuple[str, str]]]]:
    """What is new, by address; a section of the tests' own reads it."""
    found: dict[str, list[tuple[str, str]]] = {}

    def section(user: User, since: datetime, until: datetime) -> DigestSection | None:
        return DigestSection("Your pair", found.get(user.email, []))

    others = list(digests._sections)
    digests._sections[:] = [section]
    yield found
    digests._sections[:] = others


def reader(**fields: object) -> User:
    person = make_person(**fields)
    User.objects.filter(pk=person.pk).update(joined_at=MONDAY - timedelta(days=30))
    return person


def planned() -> set[tuple[str, datetime]]:
    return set(LedgerRow.objects.values_list("dedupe_key", "due_at"))


def test_planned_once_a_week_for_each_active_reader_who_wants_it() -> None:
    wants, left, off = reader(), reader(is_active=False), reader()
    Subscription.objects.create(user=off, category="digest", is_on=False)
    assert left

    counts = [planning.plan_digests(MONDAY + timedelta(minutes=minutes)) for minutes in (-1, 0, 1, 600)]

    assert counts == [0, 1, 0, 0]
    assert planned() == {(f"digest:{wants.pk}:2026-W48", MONDAY)}


def test_eight_in_the_morning_is_the_readers_own() -> None:
    reader(time_zone="Asia/Kathmandu")
    reader(time_zone="America/St_Johns")

    counts = [planning.plan_digests(MONDAY + timedelta(hours=hours)) for hours in (-6, -5, 3, 4)]

    assert counts == [0, 1, 0, 1]


def test_a_reader_who_moves_to_another_zone_gets_no_second_one() -> None:
    person = reader(time_zone="Asia/Kathmandu")
    planning.plan_digests(MONDAY)
    User.objects.filter(pk=person.pk).update(time_zone="America/St_Johns")

    assert planning.plan_digests(MONDAY + timedelta(hours=12)) == 0


def test_after_an_outage_of_days_nothing_is_planned_late() -> None:
    reader()

    assert planning.plan_digests(MONDAY + timedelta(hours=49)) == 0


def test_somebody_who_joined_afterwards_waits_for_next_monday() -> None:
    person = make_person()
    User.objects.filter(pk=person.pk).update(joined_at=MONDAY + timedelta(minutes=1))

    assert planning.plan_digests(MONDAY + timedelta(hours=1)) == 0


def due_now(person: User) -> LedgerRow:
    """Monday's row, as it stands when Monday comes."""
    planning.plan_digests(MONDAY)
    row = LedgerRow.objects.get(recipient=person)
    now = datetime.now(UTC)
    LedgerRow.objects.filter(pk=row.pk).update(due_at=now, next_try_at=now - timedelta(minutes=1))
    return row


def test_it_says_what_is_new_with_links_and_one_click_to_stop(
    sink: Keeper, news: dict[str, list[tuple[str, str]]]
) -> None:
    person = reader()
    row = due_now(person)
    news[person.email] = [("1 new entry in your log & more", "/log/")]

    delivery.deliver_due()

    raw = sink.received[0].raw
    assert "1 new entry in your log & more\n  https://alongside.test/log/" in body(raw)
    assert '<a href="https://alongside.test/log/"' in body(raw, "html")
    assert b"\r\nList-Unsubscribe: <https://alongside.test/mail/u/" in raw
    row.refresh_from_db()
    assert (row.kind, row.state) == (mail.DIGEST.name, "sent")


def test_an_empty_digest_is_not_sent(sink: Keeper, news: dict[str, list[tuple[str, str]]]) -> None:
    row = due_now(reader())

    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.reason, sink.received) == ("skipped", reasons.NOTHING_NEW, [])


def test_two_days_late_is_too_late(sink: Keeper, news: dict[str, list[tuple[str, str]]]) -> None:
    person = reader()
    row = due_now(person)
    news[person.email] = [("x", "/log/")]
    LedgerRow.objects.filter(pk=row.pk).update(due_at=datetime.now(UTC) - timedelta(hours=49))

    delivery.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", reasons.TOO_LATE)


def test_sections_left_empty_are_left_out(news: dict[str, list[tuple[str, str]]]) -> None:
    person = make_person()

    assert digests.sections_for(person, MONDAY, MONDAY) == []
