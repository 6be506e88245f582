"""Session reminders: once for each time a session was given, and never about the past."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import cohorts.actions
import pairs.actions
from accounts.models import Role
from cohorts import mail
from cohorts.models import Cohort, Session
from notifications import kinds
from notifications.models import LedgerRow
from tests.pairs.factories import (
    at_once,
    make_cohort,
    make_full_pair,
    make_person,
    make_session,
    make_staff,
    walk_to,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def reminders() -> set[tuple[str, str]]:
    rows = LedgerRow.objects.filter(kind="cohorts.session_reminder")
    return set(rows.values_list("address", "state"))


def reasons(at: datetime) -> set[str | None]:
    """Why the unsent reminders would be skipped, were they claimed at `at`."""
    rows = LedgerRow.objects.filter(kind="cohorts.session_reminder", state="queued")
    return {kinds.get(row.kind).still_wanted(row, at) for row in rows}


@pytest.mark.django_db
def test_each_member_is_reminded_once_however_often_the_sweep_looks() -> None:
    cohort = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    session = make_session(cohort)
    due = session.starts - 48 * HOUR

    for at in (due - HOUR, due, due + HOUR, session.starts - HOUR, session.starts + HOUR):
        mail.plan_due_reminders(at)

    assert reminders() == {(professional.email, "queued"), (partner.email, "queued")}


@pytest.mark.django_db
def test_nobody_is_reminded_before_it_is_due_or_after_it_began() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    session = make_session(cohort)

    mail.plan_due_reminders(session.starts - 49 * HOUR)
    mail.plan_due_reminders(session.starts + HOUR)

    assert reminders() == set()


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_queue_one_reminder_each() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    at = make_session(cohort).starts - HOUR

    at_once(lambda _n: mail.plan_due_reminders(at), threads=10)

    assert LedgerRow.objects.filter(kind="cohorts.session_reminder").count() == 2


@pytest.mark.django_db
def test_somebody_who_joined_after_it_fell_due_is_not_reminded() -> None:
    cohort = make_cohort()
    session = make_session(cohort, starts=timezone.now() + 3 * DAY)
    late = make_person()
    cohorts.actions.join_cohort(cohort=cohort, user=late, by=late, at=session.starts - 10 * HOUR)

    mail.plan_due_reminders(session.starts - 9 * HOUR)

    assert reminders() == set()


@pytest.mark.django_db
def test_a_session_planned_at_short_notice_is_told_at_once() -> None:
    cohort = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    make_session(cohort, starts=timezone.now() + 20 * HOUR)

    mail.plan_due_reminders(timezone.now())

    assert reminders() == {(professional.email, "queued"), (partner.email, "queued")}


@pytest.mark.django_db
def test_a_moved_session_voids_its_reminder_and_plans_a_new_one() -> None:
    cohort = make_cohort()
    _pair, professional, _partner = make_full_pair(cohort)
    manager = make_staff(Role.MANAGER)
    session = make_session(cohort)
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    moved, _told = cohorts.actions.change_session(session=session, by=manager, held_on=session.held_on + DAY)
    mail.plan_due_reminders(moved.starts - 47 * HOUR)

    to_professional = LedgerRow.objects.filter(kind="cohorts.session_reminder", recipient=professional).order_by("pk")
    assert [row.state for row in to_professional] == ["void", "queued"]
    assert reasons(moved.starts - 40 * HOUR) == {None}


@pytest.mark.django_db
def test_a_session_moved_and_moved_back_is_still_reminded_of() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    manager = make_staff(Role.MANAGER)
    session = make_session(cohort)
    day = session.held_on
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    session, _told = cohorts.actions.change_session(session=session, by=manager, held_on=day + DAY)
    session, _told = cohorts.actions.change_session(session=session, by=manager, held_on=day)
    mail.plan_due_reminders(session.starts - 46 * HOUR)

    states = LedgerRow.objects.filter(kind="cohorts.session_reminder").values_list("state", flat=True)
    assert sorted(states) == ["queued", "queued", "void", "void"]


@pytest.mark.django_db
def test_moving_a_session_close_tells_of_the_change_and_fires_no_past_reminder() -> None:
    cohort = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    session = make_session(cohort)
    soon = (timezone.now() + 5 * HOUR).astimezone(cohort.zone)

    cohorts.actions.change_session(
        session=session, by=make_staff(Role.MANAGER), held_on=soon.date(), starts_at=soon.time().replace(microsecond=0)
    )
    mail.plan_due_reminders(timezone.now())

    told = LedgerRow.objects.filter(kind="cohorts.session_changed").values_list("address", flat=True)
    assert set(told) == {professional.email, partner.email}
    assert reminders() == set()


@pytest.mark.django_db
def test_a_change_of_place_is_told_and_leaves_the_reminder_alone() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    session = make_session(cohort)
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    changed, _told = cohorts.actions.change_session(
        session=session, by=make_staff(Role.MANAGER), place="Marrowby Library"
    )
    cohorts.actions.change_session(session=changed, by=make_staff(Role.MANAGER), access_notes="Hearing loop")

    assert LedgerRow.objects.filter(kind="cohorts.session_changed").count() == 2
    assert {state for _address, state in reminders()} == {"queued"}


@pytest.mark.django_db
def test_who_left_or_whose_session_was_cancelled_or_whose_cohort_was_archived_is_skipped() -> None:
    cohort = make_cohort()
    _pair, professional, partner = make_full_pair(cohort)
    session = make_session(cohort)
    at = session.starts - 47 * HOUR
    mail.plan_due_reminders(at)

    assert reasons(at) == {None}
    assert reasons(session.starts) == {"too_late"}

    cohorts.actions.end_participation(participant=cohort.participants.get(user=professional), by=None)
    assert reminders() == {(professional.email, "void"), (partner.email, "queued")}

    Session.objects.filter(pk=session.pk).update(cancelled_at=at)
    assert reasons(at) == {"session_cancelled"}
    Session.objects.filter(pk=session.pk).update(cancelled_at=None)
    Cohort.objects.filter(pk=cohort.pk).update(state="archived")
    assert reasons(at) == {"cohort_archived"}


@pytest.mark.django_db
def test_an_archived_cohort_sends_nothing_even_what_was_queued() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    session = make_session(cohort)
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    walk_to(cohort, Cohort.State.ARCHIVED)
    mail.plan_due_reminders(session.starts - 46 * HOUR)

    assert {state for _address, state in reminders()} == {"void"}


@pytest.mark.django_db
def test_a_cancelled_session_is_told_once_and_its_reminders_are_void() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    manager = make_staff(Role.MANAGER)
    session = make_session(cohort)
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    assert cohorts.actions.cancel_session(session=session, by=manager)
    assert not cohorts.actions.cancel_session(session=session, by=manager)

    assert {state for _address, state in reminders()} == {"void"}
    assert LedgerRow.objects.filter(kind="cohorts.session_cancelled").count() == 2


@pytest.mark.django_db
def test_a_sweep_with_nothing_due_asks_the_database_once() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    session = make_session(cohort)
    mail.plan_due_reminders(session.starts - 47 * HOUR)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        mail.plan_due_reminders(session.starts - 46 * HOUR)

    assert len(queries) == 1


@pytest.mark.django_db
def test_the_digest_names_the_readers_own_sessions_of_the_coming_week() -> None:
    mine, theirs = make_cohort(), make_cohort()
    pair, professional, _partner = make_full_pair(mine)
    now = timezone.now()
    make_session(mine, title="Ours", starts=now + 2 * DAY)
    make_session(mine, title="Later", starts=now + 9 * DAY)
    make_session(theirs, title="Theirs", starts=now + 2 * DAY)

    section = mail.coming_up(professional, now - 7 * DAY, now)

    assert section is not None
    assert [(text.partition(",")[0], path) for text, path in section.lines] == [("Ours", "/sessions/")]
    pairs.actions.end_pair(pair=pair, by=make_staff(Role.MANAGER))
    assert mail.coming_up(professional, now - 7 * DAY, now) is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["reminder", "session_changed", "session_cancelled"])
def test_each_mail_says_when_and_where_in_the_readers_own_time(name: str) -> None:
    cohort = make_cohort(name="Ann & Bob’s <cohort>")
    _pair, professional, _partner = make_full_pair(cohort)
    professional.time_zone = "Asia/Kolkata"
    professional.save(update_fields=["time_zone"])
    starts = (timezone.now() + 10 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)
    session = make_session(cohort, starts=starts, title="Tea & talk", place="Marrowby Library")
    mail.plan_due_reminders(session.starts - 47 * HOUR)
    row = LedgerRow.objects.get(kind="cohorts.session_reminder", recipient=professional)

    context = mail.render_session(row)
    subject, text, html = (
        render_to_string(f"mail/cohorts/{name}_{part}", context)
        for part in ("subject.txt", "message.txt", "message.html")
    )

    assert "Tea & talk" in subject
    assert "\n" not in subject
    assert "17:30" in subject
    for words in (
        "17:30 (Kolkata time)",
        "Marrowby Library",
        "Ann & Bob’s <cohort>",
        "https://alongside.test/sessions/",
    ):
        assert words in text
    assert "17:30 (Kolkata time)" in html
    assert "<cohort>" not in html
