"""A cohort made from the plan of another: what is copied, what never is, and that nobody hears of it."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import cohorts.actions
from accounts.models import Role, User
from applications.actions import deciding, reviewing
from applications.actions.questions import publish_starter, save_question
from applications.models import Application, Criterion, LetterText, Offer, Question
from cohorts.actions import CloneTerms
from cohorts.mail import plan_due_reminders
from cohorts.models import Cohort, Participant, Session, StaffAssignment
from cohorts.schedules import comes_twice, is_skipped, moment
from cohorts.shifting import days_between, moved
from notifications.models import LedgerRow
from pairs.models import Pair
from tests.applications.deciding import decide
from tests.applications.factories import make_application, make_open_cohort
from tests.pairs.factories import at_once, make_cohort, make_full_pair, make_programme, make_session, make_staff

State = Cohort.State
FIRST = date(2026, 1, 6)  # a Tuesday


def terms(**fields: Any) -> CloneTerms:
    return CloneTerms(**{"name": "Saltmarsh 2028", "starts_on": date(2027, 1, 7), "places": 4} | fields)


def clone(cohort: Cohort, by: User | None = None, *, at: datetime | None = None, **fields: Any) -> Cohort:
    return cohorts.actions.clone_cohort(
        cohort=cohort, by=by or make_staff(Role.MANAGER), terms=terms(**fields), made_key=uuid.uuid4(), at=at
    )


def plan_of(cohort: Cohort) -> list[tuple[str, date, time]]:
    return [(one.title, one.held_on, one.starts_at) for one in cohort.sessions.in_order()]


def make_planned(**fields: Any) -> Cohort:
    """A cohort of 2026 with three sessions, one of them cancelled."""
    cohort = make_cohort(starts_on=FIRST, ends_on=date(2026, 10, 6), **fields)
    for title, day in (("One", FIRST), ("Two", date(2026, 3, 31)), ("Called off", date(2026, 5, 5))):
        cohorts.actions.add_session(cohort=cohort, by=None, title=title, held_on=day, starts_at=time(14))
    called_off = cohort.sessions.get(title="Called off")
    cohorts.actions.cancel_session(session=called_off, by=make_staff(Role.MANAGER))
    return cohort


# ---- Days ----


@given(
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    to=st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    offsets=st.lists(st.integers(0, 400), max_size=8),
    clock=st.times(),
    keeps_weekdays=st.booleans(),
)
def test_moved_days_keep_their_order_their_distances_and_what_the_clock_shows(
    first: date, to: date, offsets: list[int], clock: time, keeps_weekdays: bool
) -> None:
    days = days_between(first, to, keeps_weekdays=keeps_weekdays)
    before = sorted(first + timedelta(days=offset) for offset in offsets)

    after = [moved(day, days) for day in before]

    assert [day - after[0] for day in after] == [day - before[0] for day in before]
    assert all(day >= to for day in after)
    assert (days - (to - first).days) in (range(7) if keeps_weekdays else {0})
    if keeps_weekdays:
        assert [day.weekday() for day in after] == [day.weekday() for day in before]
    for day in after:
        shown = moment(held_on=day, starts_at=clock, time_zone="Europe/London")
        if not is_skipped(held_on=day, starts_at=clock, time_zone="Europe/London"):
            assert (shown.date(), shown.time()) == (day, clock)


def test_two_in_the_afternoon_stays_so_on_both_sides_of_both_clock_changes() -> None:
    days = {date(2026, 3, 28): 0, date(2026, 3, 29): 1, date(2026, 10, 24): 1, date(2026, 10, 25): 0}

    shown = {day: moment(held_on=day, starts_at=time(14), time_zone="Europe/London") for day in days}

    assert {day: one.hour for day, one in shown.items()} == dict.fromkeys(days, 14)
    assert {day: one.astimezone(UTC).hour for day, one in shown.items()} == {
        day: 14 - hours for day, hours in days.items()
    }


@pytest.mark.parametrize(
    ("day", "clock", "skipped", "twice"),
    [
        (date(2026, 3, 29), time(1, 30), True, False),
        (date(2026, 10, 25), time(1, 30), False, True),
        (date(2026, 10, 25), time(14), False, False),
    ],
)
def test_times_the_clocks_skip_or_show_twice_are_known(day: date, clock: time, skipped: bool, twice: bool) -> None:
    place = {"held_on": day, "starts_at": clock, "time_zone": "Europe/London"}

    assert (is_skipped(**place), comes_twice(**place)) == (skipped, twice)


# ---- What is copied ----


@pytest.mark.django_db
def test_a_clone_has_the_plan_moved_by_whole_weeks_and_no_cancelled_session() -> None:
    copied = clone(make_planned())

    assert (copied.starts_on, copied.ends_on) == (date(2027, 1, 7), date(2027, 10, 12))
    assert plan_of(copied) == [("One", date(2027, 1, 12), time(14)), ("Two", date(2027, 4, 6), time(14))]


@pytest.mark.django_db
def test_a_clone_can_be_moved_by_exactly_as_many_days_as_its_first() -> None:
    copied = clone(make_planned(), keeps_weekdays=False)

    assert plan_of(copied) == [("One", date(2027, 1, 7), time(14)), ("Two", date(2027, 4, 1), time(14))]


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_a_clone_of_any_cohort_is_an_empty_draft_with_the_same_settings(state: str) -> None:
    source = make_cohort(state=state, summary="Two days a month.", time_zone="America/New_York", places=9)
    Cohort.objects.filter(pk=source.pk).update(
        apply_by=source.starts_on, opens_on=source.starts_on, offer_days=5, offers_from_reserve=False
    )

    copied = clone(source)

    assert {name: getattr(copied, name) for name in ("state", "places", "places_taken", "summary", "time_zone")} == {
        "state": "draft",
        "places": 4,
        "places_taken": 0,
        "summary": "Two days a month.",
        "time_zone": "America/New_York",
    }
    assert (copied.offer_days, copied.offers_from_reserve, copied.opens_on) == (5, False, None)
    assert copied.apply_by == copied.starts_on + timedelta(days=(copied.ends_on - copied.starts_on).days - 300)
    assert (copied.programme, copied.cloned_from) == (source.programme, source)
    assert copied.state_changes.count() == 0


@pytest.mark.django_db
def test_the_public_hears_of_a_clone_only_when_that_was_asked_for() -> None:
    source = make_cohort(state=State.DRAFT)
    Cohort.objects.filter(pk=source.pk).update(opens_on=source.starts_on)

    quiet, told = clone(source), clone(source, tells_opens_on=True)

    assert (quiet in Cohort.objects.told_of(), told in Cohort.objects.told_of()) == (False, True)


@pytest.mark.django_db
def test_questions_criteria_and_letter_texts_are_copied_as_they_stand() -> None:
    manager = make_staff(Role.MANAGER)
    source = make_cohort(state=State.DRAFT)
    publish_starter(cohort=source, by=manager)
    asked = list(source.question_sets.get().questions.values_list("key", "text", "position", "meaning"))
    kept, retired = (reviewing.add_criterion(cohort=source, by=manager, text=text) for text in ("Kind", "Old"))
    reviewing.retire_criterion(criterion=retired, by=manager)
    deciding.save_letter_text(cohort=source, verdict="offer", subject="A place for you", body="Welcome.", by=manager)
    save_question(cohort=source, by=manager, question=Question.objects.get(key="about"), text="Being edited")

    copied = clone(source, manager)

    questions = copied.question_sets.get()
    assert (questions.number, questions.published_at is not None) == (1, True)
    assert list(questions.questions.values_list("key", "text", "position", "meaning")) == asked
    assert list(Criterion.objects.filter(cohort=copied).values_list("text", flat=True)) == [kept.text]
    assert list(LetterText.objects.filter(cohort=copied).values_list("subject", "body")) == [
        ("A place for you", "Welcome.")
    ]


@pytest.mark.django_db
def test_nobody_and_nothing_they_sent_comes_with_a_clone() -> None:
    manager, facilitator = make_staff(Role.MANAGER), make_staff(Role.FACILITATOR)
    source = make_open_cohort(manager=manager)
    cohorts.actions.assign_facilitator(cohort=source, user=facilitator, by=manager)
    cohorts.actions.move_cohort(cohort=source, to=State.SELECTING, by=manager)
    decide(make_application(source), "offer", manager)
    make_full_pair(source)

    copied = clone(source, manager)

    for model in (Participant, Pair, Application, Offer, StaffAssignment):
        rows = model._default_manager
        assert rows.filter(cohort=source).exists(), model
        assert not rows.filter(cohort=copied).exists(), model


@pytest.mark.django_db
def test_the_facilitators_come_when_that_is_ticked_except_who_no_longer_is_one() -> None:
    leads, was = make_staff(Role.FACILITATOR), make_staff(Role.FACILITATOR)
    source = make_cohort()
    for user in (leads, was):
        cohorts.actions.assign_facilitator(cohort=source, user=user, by=None)
    was.role_assignments.update(revoked_at=timezone.now())

    copied = clone(source, with_facilitators=True)

    assert [one.user for one in StaffAssignment.objects.filter(cohort=copied)] == [leads]


# ---- Nobody is told ----


@pytest.mark.django_db
def test_cloning_a_running_cohort_with_reminders_due_writes_no_mail_and_the_sweep_none_for_the_clone() -> None:
    """pretix had this: a copied event fired its old rules at once (programme.md §2)."""
    source = make_cohort(starts_on=timezone.localdate() - timedelta(days=30))
    make_full_pair(source)
    for hours in (-700, -1, 1, 30, 2000):
        make_session(source, starts=timezone.now() + timedelta(hours=hours))
    before = set(LedgerRow.objects.values_list("dedupe_key", flat=True))

    copied = clone(source, starts_on=source.starts_on)  # the same days: as near to now as can be
    told_by_cloning = set(LedgerRow.objects.values_list("dedupe_key", flat=True)) - before
    plan_due_reminders(timezone.now())

    assert told_by_cloning == set()
    reminded_of = set(LedgerRow.objects.filter(kind="cohorts.session_reminder").values_list("ids__session", flat=True))
    assert reminded_of
    assert reminded_of <= set(source.sessions.values_list("pk", flat=True))
    assert not reminded_of & set(copied.sessions.values_list("pk", flat=True))


@pytest.mark.django_db
def test_who_joins_a_clone_later_is_reminded_of_nothing_that_is_past() -> None:
    source = make_cohort(starts_on=timezone.localdate() - timedelta(days=30))
    for hours in (-700, -1, 1):
        make_session(source, starts=timezone.now() + timedelta(hours=hours))
    copied = clone(source, starts_on=source.starts_on)
    person = make_staff()
    cohorts.actions.join_cohort(cohort=copied, user=person, by=person, at=timezone.now() + timedelta(minutes=1))

    plan_due_reminders(timezone.now() + timedelta(minutes=2))

    assert not LedgerRow.objects.filter(recipient=person).exists()


# ---- At once ----


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_on_one_page_one_makes_the_clone() -> None:
    source, manager, key = make_planned(), make_staff(Role.MANAGER), uuid.uuid4()

    def click(_number: int) -> Cohort:
        return cohorts.actions.clone_cohort(cohort=source, by=manager, terms=terms(), made_key=key)

    made = at_once(click, threads=10)

    assert {one.pk for one in made} == {Cohort.objects.get(cloned_from=source).pk}
    assert len(plan_of(made[0])) == 2


def move_all(source: Cohort, *, weeks: int) -> None:
    """What a colleague does meanwhile: the first day and every session later, in one transaction under the lock."""
    manager = User.objects.earliest("pk")
    with transaction.atomic():
        locked = cohorts.actions.lock(source)
        later = timedelta(weeks=weeks)
        fields = {"starts_on": locked.starts_on + later, "ends_on": locked.ends_on + later}
        cohorts.actions.edit_cohort(cohort=locked, by=manager, **fields)
        for session in locked.sessions.planned():
            cohorts.actions.change_session(session=session, by=manager, held_on=session.held_on + later)


@pytest.mark.django_db(transaction=True)
def test_a_cohort_cloned_while_it_is_being_moved_is_copied_whole() -> None:
    manager = make_staff(Role.MANAGER)
    source = make_planned()

    def act(number: int) -> Cohort | None:
        if number % 2:
            move_all(source, weeks=1)
            return None
        return clone(source, manager)

    made = [one for one in at_once(act, threads=10) if one is not None]

    assert [type(one) for one in made] == [Cohort] * 5
    assert {tuple(plan_of(one)) for one in made} == {
        (("One", date(2027, 1, 12), time(14)), ("Two", date(2027, 4, 6), time(14)))
    }


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_row_the_days_of_a_copy_do_not_fit_each_other() -> None:
    """The race is real: the first day read before a colleague moved everything, the sessions read after."""
    make_staff(Role.MANAGER)
    source = make_planned()
    has_read, has_moved = Event(), Event()

    def act(number: int) -> list[date] | None:
        if number:
            has_read.wait(timeout=30)
            move_all(source, weeks=1)
            has_moved.set()
            return None
        with transaction.atomic():
            first = Cohort.objects.get(pk=source.pk).starts_on
            has_read.set()
            has_moved.wait(timeout=30)
            days = days_between(first, date(2027, 1, 7), keeps_weekdays=True)
            return [moved(one.held_on, days) for one in Session.objects.filter(cohort=source).planned().in_order()]

    mixed, _nothing = at_once(act, threads=2)

    assert mixed == [date(2027, 1, 19), date(2027, 4, 13)]  # a week late


# ---- In the browser's terms ----

CHOSEN = {
    "name": "Saltmarsh 2028",
    "starts_on_day": "7",
    "starts_on_month": "1",
    "starts_on_year": "2027",
    "days": "weekdays",
    "places": "4",
}


@pytest.fixture
def manager(client: Client) -> User:
    user = make_staff(Role.MANAGER)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_every_day_is_shown_with_the_old_one_before_anything_is_made(client: Client, manager: User) -> None:
    source = make_planned()

    page = client.get(f"/staff/cohorts/{source.slug}/clone/", CHOSEN).content.decode()

    for words in ("Tue 12 Jan 2027", "Tue 6 Jan 2026", "Tue 6 Apr 2027", "14:00"):
        assert words in page, words
    assert "Called off" not in page
    assert Cohort.objects.count() == 1


@pytest.mark.django_db
def test_days_in_the_past_and_times_the_clocks_skip_are_pointed_out(client: Client, manager: User) -> None:
    source = make_cohort(starts_on=date(2098, 3, 30), ends_on=date(2098, 12, 1), state=State.DRAFT)
    cohorts.actions.add_session(
        cohort=source, by=None, title="Night shift", held_on=date(2098, 3, 31), starts_at=time(1, 30)
    )
    skipped = CHOSEN | {"starts_on_day": "28", "starts_on_month": "3", "starts_on_year": "2099", "days": "exactly"}
    past = CHOSEN | {"starts_on_year": "2020"}

    pages = [client.get(f"/staff/cohorts/{source.slug}/clone/", one).content.decode() for one in (skipped, past)]

    assert ["this time does not exist" in page for page in pages] == [True, False]
    assert ["In the past" in page for page in pages] == [False, True]


@pytest.mark.django_db
def test_a_page_sent_twice_makes_one_clone_and_leads_to_it_twice(client: Client, manager: User) -> None:
    source = make_planned()
    address = f"/staff/cohorts/{source.slug}/clone/"
    key = client.get(address, CHOSEN).context["made_key"]

    answers = [client.post(address, {"made_key": str(key)}, query_params=CHOSEN) for _click in range(2)]

    assert [answer["Location"] for answer in answers] == ["/staff/cohorts/saltmarsh-2028/"] * 2
    assert Cohort.objects.filter(cloned_from=source).count() == 1


@pytest.mark.django_db
def test_a_page_come_back_to_after_it_was_sent_leads_to_what_it_made(client: Client, manager: User) -> None:
    source, key = make_planned(), str(uuid.uuid4())
    address = f"/staff/cohorts/{source.slug}/clone/"
    client.post(address, {"made_key": key}, query_params=CHOSEN | {"made_key": key})

    again = client.get(address, CHOSEN | {"made_key": key})

    assert again["Location"] == "/staff/cohorts/saltmarsh-2028/"


@pytest.mark.django_db
def test_what_was_chosen_wrongly_stays_in_the_form_and_says_how_to_put_it_right(client: Client, manager: User) -> None:
    source = make_planned()

    page = client.get(f"/staff/cohorts/{source.slug}/clone/", CHOSEN | {"places": "many", "starts_on_month": "13"})

    assert set(page.context["form"].errors) == {"places", "starts_on"}
    assert 'value="Saltmarsh 2028"' in page.content.decode()


@pytest.mark.django_db
def test_what_was_chosen_can_be_changed_from_the_page_that_shows_it(client: Client, manager: User) -> None:
    source = make_planned()
    change = client.get(f"/staff/cohorts/{source.slug}/clone/", CHOSEN).context["change"]

    page = client.get(change).content.decode()

    assert "Show the new days" in page
    assert 'value="Saltmarsh 2028"' in page


@pytest.mark.django_db
def test_the_days_take_as_few_queries_for_forty_sessions_as_for_one(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    few, many = make_cohort(programme=make_programme()), make_cohort(name="Larkmoor")
    make_session(few)
    for _number in range(40):
        make_session(many)
    client.get("/staff/")

    counts = []
    for cohort in (few, many):
        with django_assert_max_num_queries(12) as asked:
            client.get(f"/staff/cohorts/{cohort.slug}/clone/", CHOSEN)
        counts.append(len(asked))

    assert counts[0] == counts[1]
