"""Nudges: on the days their reader chose, once, in words that know nothing of what was written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import AuditEvent, Role, User
from cohorts.models import Participant
from learning_log import actions, nudges
from learning_log.models import Nudge
from notifications import delivery, kinds, outbox, planning, reasons
from notifications.models import LedgerRow, Subscription
from notifications.sink import Keeper
from tests.accounts.factories import make_person, make_staff
from tests.learning_log.factories import leave, make_pair, share, write
from tests.notifications.conftest import sink
from tests.notifications.sinks import body

pytestmark = pytest.mark.django_db

__all__ = ["sink"]  # the fixture of a mail server
LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EVERY_DAY = range(7)


def writer(*, hour: int = 9, weekdays: object = (1,), **profile: object) -> User:
    """Somebody in a pair who asked to be reminded on Tuesdays at nine."""
    two = make_pair()
    User.objects.filter(pk=two.professional.pk).update(**profile)
    two.professional.refresh_from_db()
    actions.choose_nudges(weekdays=list(weekdays), hour=hour, by=two.professional)  # type: ignore[call-overload]
    return two.professional


def planned(person: User | None = None) -> list[tuple[str, datetime]]:
    rows = LedgerRow.objects.filter(kind=nudges.KIND).order_by("due_at")
    rows = rows.filter(recipient=person) if person else rows
    return list(rows.values_list("dedupe_key", "due_at"))


def test_on_the_chosen_day_at_the_chosen_hour_of_ones_own_clock():
    london, kathmandu = writer(), writer(time_zone="Asia/Kathmandu")
    at = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    while at < datetime(2026, 11, 26, 0, 0, tzinfo=UTC):
        planning.plan_all(at)
        at += timedelta(minutes=30)

    assert planned(london) == [(f"nudge:{london.pk}:2026-11-24", TUESDAY)]
    assert planned(kathmandu) == [(f"nudge:{kathmandu.pk}:2026-11-24", datetime(2026, 11, 24, 3, 15, tzinfo=UTC))]


def test_an_hour_that_is_past_when_it_is_chosen_sends_nothing_that_day():
    person = writer(hour=9)

    nudges.plan(TUESDAY + timedelta(minutes=1))

    assert planned(person) == []


def test_any_number_of_planners_make_one_row():
    person = writer()

    for minutes in (-50, -49, -10, 0):
        nudges.plan(TUESDAY + timedelta(minutes=minutes))

    assert len(planned(person)) == 1


@pytest.mark.parametrize(
    ("day", "hour", "due_at"),
    [
        # 01:00 to 02:00 does not exist on 29 March 2026; 01:00 to 02:00 comes twice on 25 October 2026.
        (date(2026, 3, 29), 1, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), 1, datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        (date(2026, 10, 25), 9, datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
    ],
)
def test_once_on_the_day_the_clocks_change(day, hour, due_at):
    person = writer(hour=hour, weekdays=EVERY_DAY)
    at = datetime.combine(day, datetime.min.time(), tzinfo=UTC) - timedelta(hours=2)
    for _quarter in range(22 * 4):
        nudges.plan(at)
        at += timedelta(minutes=15)

    assert [found for found in planned(person) if found[0].endswith(str(day))] == [(f"nudge:{person.pk}:{day}", due_at)]


def test_each_hour_of_each_day_comes_once_in_every_zone_over_a_year_of_changes():
    for name in ("Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"):
        zone = ZoneInfo(name)
        for change in (date(2026, 3, 28), date(2026, 4, 4), date(2026, 10, 24), date(2026, 10, 31)):
            at = datetime.combine(change, datetime.min.time(), tzinfo=UTC)
            seen = set()
            for _half in range(132):
                seen |= {(day, hour) for day, hour, _due in nudges.coming(at, zone)}
                at += timedelta(minutes=30)
            whole = change + timedelta(days=1)
            assert {hour for day, hour in seen if day == whole} == set(range(24)), (name, change)


def test_nobody_who_chose_nothing_left_or_has_neither_pair_nor_log():
    make_pair()
    inactive = writer(is_active=False)
    stranger = make_person()
    actions.choose_nudges(weekdays=[1], hour=9, by=stranger)
    none = writer()
    actions.choose_nudges(weekdays=[], hour=9, by=none)

    nudges.plan(TUESDAY)

    assert planned() == []
    assert not Nudge.objects.filter(user=none).exists()
    assert Nudge.objects.filter(user=inactive).exists()


def test_who_has_left_the_pair_and_keeps_a_log_is_still_reminded():
    two = make_pair()
    write(two, two.professional)
    actions.choose_nudges(weekdays=[1], hour=9, by=two.professional)
    leave(two.pair, two.professional)

    nudges.plan(TUESDAY)

    assert len(planned(two.professional)) == 1


def sent(person: User, keeper: Keeper) -> tuple[str, str]:
    """A nudge due now: the row's state, and what its reader reads."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    local = now.astimezone(person.zone)
    actions.choose_nudges(weekdays=[local.weekday()], hour=local.hour, by=person)
    nudges.plan(now)
    delivery.deliver_due()
    return LedgerRow.objects.get(recipient=person, kind=nudges.KIND).state, body(keeper.received[-1].raw)


@pytest.mark.django_db(transaction=True)
def test_the_same_words_whether_somebody_has_written_or_not(sink: Keeper):
    idle, busy = make_pair(), make_pair()
    for number in range(3):
        share(write(busy, busy.professional, f"canary {number}", title="canary", tags=("canary",)))
    write(busy, busy.professional, "canary draft")

    messages = []
    for two in (idle, busy):
        state, words = sent(two.professional, sink)
        assert state == "sent"
        token = Subscription.objects.get(user=two.professional, category="nudge").token
        messages.append(words.replace(token, "TOKEN"))

    assert messages[0] == messages[1]
    assert "canary" not in messages[1]
    assert busy.partner.name not in messages[1]


@pytest.mark.django_db(transaction=True)
def test_one_click_in_the_mail_switches_it_off(sink: Keeper, client: Client):
    two = make_pair()
    sent(two.professional, sink)
    token = Subscription.objects.get(user=two.professional, category="nudge").token
    LedgerRow.objects.all().delete()

    client.post(reverse("notifications:unsubscribe", kwargs={"token": token}))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    nudges.plan(now)
    delivery.deliver_due()

    row = LedgerRow.objects.get(kind=nudges.KIND)
    assert (row.state, row.reason) == ("skipped", reasons.SWITCHED_OFF)
    off = Subscription.objects.filter(user=two.professional, is_on=False)
    assert [one.category for one in off] == ["nudge"]  # reminders of sessions go on
    assert not AuditEvent.objects.filter(verb="mail.switched_off").exists()


def test_a_choice_made_since_holds_for_what_waits_already():
    person = writer()
    nudges.plan(TUESDAY)
    row = LedgerRow.objects.get(kind=nudges.KIND)
    kind = kinds.get(nudges.KIND)
    before = kind.still_wanted(row, TUESDAY)

    actions.choose_nudges(weekdays=[1], hour=17, by=person)

    assert (before, kind.still_wanted(row, TUESDAY)) == (None, "The reader chose otherwise since.")


def test_none_goes_during_a_break_or_under_the_radar(time_machine: Any):
    time_machine.move_to(TUESDAY, tick=False)
    two = make_pair()
    actions.choose_nudges(weekdays=[1], hour=9, by=two.professional)
    nudges.plan(TUESDAY)
    row = LedgerRow.objects.get(kind=nudges.KIND)
    kind = kinds.get(nudges.KIND)
    part = Participant.objects.get(user=two.professional)
    told = []

    cohorts.actions.take_break(participant=part, by=two.professional)
    told.append(kind.still_wanted(row, TUESDAY))
    cohorts.actions.end_break(participant=part, by=two.professional)
    told.append(kind.still_wanted(row, TUESDAY))
    asked = pairs.actions.ask_quiet(pair=two.pair, by=two.partner, review_on=timezone.localdate() + timedelta(days=30))
    told.append(kind.still_wanted(row, TUESDAY))
    pairs.actions.agree_quiet(quiet_time=asked, by=two.professional)
    told.append(kind.still_wanted(row, TUESDAY))

    chosen = "The reader chose otherwise since."
    assert told == [chosen, None, None, chosen]


def test_staff_see_that_nudges_go_and_not_to_whom(client):
    person = writer(name="Canary Person")
    LedgerRow.objects.all().delete()  # the invitation, which names them
    nudges.plan(TUESDAY)
    client.force_login(make_staff(Role.MANAGER))

    page = client.get(reverse("notifications:outbox")).text
    row = LedgerRow.objects.get(kind=nudges.KIND)
    detail = client.get(reverse("notifications:outbox_row", kwargs={"row_id": row.pk})).text
    searched = client.get(reverse("notifications:outbox"), {"person": "Canary"}).text

    assert "Reminder somebody set for themselves" in page
    assert "Canary" not in page + detail
    assert person.email not in page + detail + searched
    assert outbox.page(person="Canary").lines == []


def test_days_are_chosen_and_unchosen_on_a_page(client):
    two = make_pair()
    client.force_login(two.professional)
    first = client.get("/log/nudges/")

    client.post("/log/nudges/", {"wish": "days", "weekdays": ["1", "4"], "hour": "18"})
    chosen = Nudge.objects.get(user=two.professional)
    shown = client.get("/log/nudges/").context["form"].initial
    client.post("/log/nudges/", {"wish": "never", "weekdays": ["1"], "hour": "18"})

    assert first.context["form"].initial == {"wish": "never", "hour": 9}
    assert (chosen.weekdays, chosen.hour) == ([1, 4], 18)
    assert shown == {"wish": "days", "weekdays": [1, 4], "hour": 18}
    assert not Nudge.objects.exists()


def test_days_without_a_day_are_asked_about(client):
    two = make_pair()
    client.force_login(two.professional)

    answered = client.post("/log/nudges/", {"wish": "days", "hour": "18"})

    assert "Tick at least one day" in answered.text
    assert not Nudge.objects.exists()


def test_planning_asks_as_often_for_many_as_for_one(django_assert_max_num_queries):
    writer()
    with django_assert_max_num_queries(4):
        nudges.plan(TUESDAY - timedelta(minutes=30))
    for _number in range(5):
        writer()
    with django_assert_max_num_queries(4):
        nudges.plan(TUESDAY - timedelta(minutes=30))
