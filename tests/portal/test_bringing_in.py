"""A table comes in whole or not at all; the same one twice changes nothing; nobody is written to."""

import uuid
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import accounts.actions
import cohorts.actions
from accounts.models import AuditEvent, Role, User
from cohorts.models import Cohort, Participant, Session
from notifications.models import LedgerRow
from pairs.models import Membership, Pair
from portal.bringing_in import actions, files, working
from portal.bringing_in.exceptions import ImportGone, NotRight, TooManyImports
from portal.bringing_in.models import Import
from tests.accounts.factories import make_person, make_staff
from tests.pairs.factories import accept, make_cohort, make_full_pair, make_pair, make_session, side, walk_to
from tests.portal.bringing import (
    as_xlsx,
    bring_in,
    differences,
    heads,
    pair_row,
    pairs,
    people,
    problems,
    read,
    send,
    sessions,
    upload,
    work,
)

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(media: Path) -> list[Path]:
    """Every file there is."""
    return [path for path in media.rglob("*") if path.is_file()]


def in_cohort(cohort: Cohort) -> dict[str, str]:
    return dict(Participant.objects.live().filter(cohort=cohort).values_list("user__email", "user__name"))


# ---- People ----


def test_people_take_part_with_accounts_of_their_own_and_nobody_is_written_to() -> None:
    cohort = make_cohort()
    known = make_person(name="Oriel")
    done = bring_in(
        cohort, "people", people(["ADA@in.test ", "Ada Birch", "Nurse", "Ward 3"], [known.email, "Other", "", ""])
    )

    assert (done.state, done.new_count, done.problem_count) == (State.DONE, 2, 0)
    assert in_cohort(cohort) == {"ada@in.test": "Ada Birch", known.email: "Oriel"}
    ada = User.objects.get(email="ada@in.test")
    assert (ada.role_title, ada.organisation, ada.has_usable_password()) == ("Nurse", "Ward 3", False)
    assert EmailAddress.objects.get(user=ada).verified
    assert LedgerRow.objects.count() == 0
    trail = AuditEvent.objects.filter(actor=done.owner).exclude(target_id=done.owner.pk)
    assert sorted(trail.values_list("verb", flat=True)) == [
        "import.agreed",
        "import.done",
        "import.sent",
        "participant.joined",
        "participant.joined",
        "person.created",
    ]


def test_an_account_without_a_name_gets_the_one_in_the_table() -> None:
    cohort, nameless = make_cohort(), make_person(name="")
    bring_in(cohort, "people", people([nameless.email, "Ada Birch", "", ""]))
    assert in_cohort(cohort) == {nameless.email: "Ada Birch"}


def test_the_same_people_twice_change_nothing() -> None:
    cohort = make_cohort()
    table = people(["ada@in.test", "Ada", "", ""], ["bram@in.test", "Bram", "", ""])
    bring_in(cohort, "people", table)
    manager, before = make_staff(Role.MANAGER), list(Participant.objects.values_list())

    again = bring_in(cohort, "people", table, by=manager)

    assert (again.state, again.new_count, again.same_count) == (State.READ, 0, 2)
    with pytest.raises(NotRight):
        actions.agree(one=again, by=again.owner)
    assert list(Participant.objects.values_list()) == before
    done = AuditEvent.objects.filter(actor=manager).exclude(target_id=manager.pk)
    assert set(done.values_list("verb", flat=True)) == {"import.sent"}


def test_what_people_say_of_themselves_stands_and_the_difference_is_said() -> None:
    cohort = make_cohort()
    bring_in(cohort, "people", people(["ada@in.test", "Ada", "", ""]))
    one = read(cohort, "people", people(["ada@in.test", "Ada Birch", "", ""]))
    assert (one.differs_count, one.new_count) == (1, 0)
    assert differences(one) == ["Name of ada@in.test: “Ada” here, “Ada Birch” in the file."]
    assert User.objects.get(email="ada@in.test").name == "Ada"


def test_who_has_left_is_not_brought_back() -> None:
    cohort = make_cohort()
    table = people(["ada@in.test", "Ada", "", ""])
    bring_in(cohort, "people", table)
    cohorts.actions.end_participation(participant=Participant.objects.get(), by=None)
    again = read(cohort, "people", table)
    assert (again.new_count, again.differs_count) == (0, 1)
    assert differences(again) == ["ada@in.test has left this cohort, and stays out of it."]


def test_each_problem_has_a_line_and_one_of_them_holds_everything_back() -> None:
    cohort = make_cohort()
    pair = make_pair(cohort)
    closed = make_person()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    one = read(
        cohort,
        "people",
        people(
            ["ada@in.test", "Ada", "", ""],
            ["not an address", "Bram", "", ""],
            ["cyd@in.test", "", "", ""],
            ["ADA@in.test", "Ada again", "", ""],
            [closed.email, "Closed", "", ""],
            [side(pair, "partner").email, "Invited", "", ""],
            ["dai@in.test", "x" * 201, "", ""],
        ),
    )
    assert problems(one) == [
        (3, "Email", "This is not an email address. Enter one, such as name@example.org."),
        (4, "Name", "This cell is empty, and it is needed."),
        (5, "Email", "This address stands in row 2 as well. Take one of them out."),
        (6, "Email", "This account is closed. Take the row out."),
        (7, "Email", "They are invited to a pair of this cohort. Take the row out."),
        (8, "Name", "It has 201 letters. Shorten it to 200 at most."),
    ]
    assert one.problem_count == 6
    with pytest.raises(NotRight):
        actions.agree(one=one, by=one.owner)
    assert in_cohort(cohort) == {}


def test_names_of_200_letters_from_right_to_left_and_with_emoji_arrive_whole() -> None:
    cohort = make_cohort()
    name = ("شريكة 👩🏽‍🦽 " * 40)[:200].strip()
    bring_in(cohort, "people", as_xlsx(people(["ada@in.test", name, "", ""])))
    assert in_cohort(cohort) == {"ada@in.test": name}


# ---- Pairs ----


def test_pairs_come_with_both_members_and_take_a_place_each() -> None:
    cohort = make_cohort(places=3)
    bring_in(cohort, "people", people(["pro1@in.test", "Pro One", "", ""]))
    done = bring_in(cohort, "pairs", pairs(pair_row(1), pair_row(2, "The last bus")))

    cohort.refresh_from_db()
    assert (done.new_count, cohort.places_taken) == (2, 2)
    members = Membership.objects.live().values_list("pair__challenge", "side", "participant__user__email", "cohort")
    assert set(members) == {
        ("Going home on a Friday", "professional", "pro1@in.test", cohort.pk),
        ("Going home on a Friday", "partner", "partner1@in.test", cohort.pk),
        ("The last bus", "professional", "pro2@in.test", cohort.pk),
        ("The last bus", "partner", "partner2@in.test", cohort.pk),
    }
    assert in_cohort(cohort)["pro1@in.test"] == "Pro One"
    assert LedgerRow.objects.count() == 0


def test_the_same_pairs_twice_change_nothing() -> None:
    cohort, table = make_cohort(), pairs(pair_row(1), pair_row(2))
    bring_in(cohort, "pairs", table)
    again = bring_in(cohort, "pairs", table)
    cohort.refresh_from_db()
    assert (again.new_count, again.same_count, cohort.places_taken, Pair.objects.count()) == (0, 2, 2, 2)


def test_a_pair_that_is_only_invited_is_there_already() -> None:
    cohort = make_cohort()
    pair = make_pair(cohort)
    emails = [side(pair, name).email for name in ("professional", "partner")]
    accept(side(pair, "partner"))
    one = read(cohort, "pairs", pairs([pair.challenge, emails[0], "A", emails[1], "B", "", ""]))
    assert (one.same_count, one.new_count, one.problem_count) == (1, 0, 0)


def test_a_pair_that_has_ended_is_not_made_again() -> None:
    import pairs.actions

    cohort = make_cohort()
    bring_in(cohort, "pairs", [heads("pairs"), pair_row(1)])
    pairs.actions.end_pair(pair=Pair.objects.get(), by=make_staff(Role.MANAGER))
    one = read(cohort, "pairs", [heads("pairs"), pair_row(1)])
    assert (one.new_count, one.differs_count) == (0, 1)


def test_no_more_pairs_than_places() -> None:
    cohort = make_cohort(places=2)
    one = read(cohort, "pairs", pairs(*(pair_row(number) for number in range(4))))
    text = "The cohort’s 2 places are taken. Take the row out, or give the cohort more places."
    assert problems(one) == [(4, "", text), (5, "", text)]


def test_nobody_is_in_two_pairs_of_a_cohort() -> None:
    cohort = make_cohort()
    pair, professional, _partner = make_full_pair(cohort)
    taken = ["A", professional.email, "A", "new@in.test", "B", "", ""]
    swapped = ["B", "new2@in.test", "A", professional.email, "B", "", ""]
    alone = ["C", "same@in.test", "A", "same@in.test", "B", "", ""]
    one = read(cohort, "pairs", pairs(taken, alone))
    assert problems(one) == [
        (2, "Professional’s email", f"They are in the pair “{pair.challenge}” of this cohort."),
        (3, "Patient partner’s email", "Both have the same address. Each of the two needs their own."),
    ]
    assert problems(read(cohort, "pairs", pairs(swapped)))[0][1] == "Patient partner’s email"
    twice = read(cohort, "pairs", pairs(pair_row(1), [*pair_row(2)[:1], "pro1@in.test", *pair_row(2)[2:]]))
    assert problems(twice) == [
        (3, "Professional’s email", "This address stands in row 2 as well. A person is in one pair of a cohort.")
    ]


@pytest.mark.parametrize("what", ["people", "pairs"])
def test_a_cohort_that_is_over_takes_nobody_in(what: str) -> None:
    cohort = make_cohort(state=Cohort.State.ENDED)
    rows = {"people": people(["a@in.test", "A", "", ""]), "pairs": pairs(pair_row(1))}[what]
    one = read(cohort, what, rows)
    assert [row for row, _column, _text in problems(one)] == [0]
    assert "over" in problems(one)[0][2]


# ---- Sessions ----


def coming(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_sessions_are_planned_at_their_wall_clock_time() -> None:
    cohort = make_cohort(time_zone="Asia/Kolkata")
    day = coming()
    bring_in(cohort, "sessions", as_xlsx(sessions(["First day", day, time(14, 0), 90, "Quay", None, "Step-free"])))
    session = Session.objects.get()
    assert (session.title, session.held_on, session.starts_at, session.duration_minutes) == (
        "First day",
        day,
        time(14),
        90,
    )
    assert (session.place, session.online_link, session.access_notes) == ("Quay", "", "Step-free")
    assert session.starts.utcoffset() == timedelta(hours=5, minutes=30)


def test_the_same_sessions_twice_change_nothing_and_differences_are_said() -> None:
    cohort = make_cohort()
    row = ["First day", coming().isoformat(), "2pm", "", "Quay", "", ""]
    bring_in(cohort, "sessions", sessions(row))
    again = read(cohort, "sessions", sessions(["first day", *row[1:]]))
    assert (again.same_count, again.new_count, again.differs_count) == (1, 0, 0)
    moved = read(cohort, "sessions", sessions([*row[:4], "Harbour", "", ""]))
    assert differences(moved) == ["Where of “First day”: “Quay” here, “Harbour” in the file."]
    assert Session.objects.get().place == "Quay"


def test_a_cancelled_session_stays_cancelled() -> None:
    cohort = make_cohort()
    session = make_session(cohort)
    cohorts.actions.cancel_session(session=session, by=make_staff(Role.MANAGER))
    row = [session.title, session.held_on.isoformat(), f"{session.starts_at:%H:%M}", "", "", "", ""]
    assert read(cohort, "sessions", sessions(row)).differs_count == 1


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    one = read(make_cohort(), "sessions", sessions(["Night", "28/3/2027", "01:30", "", "", "", ""]))
    assert problems(one) == [
        (2, "Starts", "The clocks go forward on that day, so this time does not exist. Choose another.")
    ]


def test_sessions_that_are_over_remind_nobody() -> None:
    from cohorts.mail import plan_due_reminders

    cohort = make_cohort()
    bring_in(cohort, "pairs", pairs(pair_row(1)))
    rows = [[f"Day {days}", coming(days).isoformat(), "00:01", "", "", "", ""] for days in (-9, -1, 30)]
    bring_in(cohort, "sessions", sessions(*rows))
    plan_due_reminders(timezone.now())
    assert Session.objects.count() == 3
    assert LedgerRow.objects.count() == 0


# ---- All or nothing, once ----


def test_one_bad_row_in_the_middle_is_one_line_and_saves_nothing() -> None:
    cohort = make_cohort()
    rows = [[f"p{number}@in.test", f"Person {number}", "", ""] for number in range(1200)]
    rows[700][0] = "p700.in.test"
    one = read(cohort, "people", people(*rows))
    assert [(row, column) for row, column, _text in problems(one)] == [(702, "Email")]
    assert (User.objects.count(), Participant.objects.count()) == (1, 0)


def test_what_changed_meanwhile_saves_nothing_and_is_said() -> None:
    cohort = make_cohort(places=1)
    one = read(cohort, "pairs", pairs(pair_row(1)))
    actions.agree(one=one, by=one.owner)
    make_pair(cohort)

    work()

    one.refresh_from_db()
    assert (one.state, one.problem_count, one.changed_meanwhile, one.agreed_by) == (State.READ, 1, True, None)
    assert problems(one)[0][2].startswith("The cohort’s one place is taken.")
    assert not User.objects.filter(email="pro1@in.test").exists()


def test_an_archived_cohort_saves_nothing() -> None:
    cohort = make_cohort()
    one = read(cohort, "people", people(["a@in.test", "A", "", ""]))
    actions.agree(one=one, by=one.owner)
    walk_to(cohort, Cohort.State.ARCHIVED)
    work()
    one.refresh_from_db()
    assert (one.state, one.changed_meanwhile, Participant.objects.count()) == (State.READ, True, 0)


def test_the_queries_grow_by_chunks_only() -> None:
    asked = []
    for many in (1, 400):
        one = send(make_cohort(places=500), "pairs", pairs(*(pair_row(many * 1000 + n) for n in range(many))))
        with CaptureQueriesContext(connection) as reading:
            work()
        actions.agree(one=one, by=one.owner)
        with CaptureQueriesContext(connection) as saving:
            work()
        asked.append((len(reading), len(saving)))
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["done", "thrown away", "expired", "erased"])
def test_no_file_and_no_name_of_it_stays(media: Path, how: str) -> None:
    cohort = make_cohort()
    one = read(cohort, "people", people(["canary@in.test", "Canary", "", ""]))
    assert len(kept(media)) == 2
    assert {path.stat().st_mode & 0o777 for path in kept(media)} == {0o600}
    if how == "done":
        actions.agree(one=one, by=one.owner)
        work()
    elif how == "thrown away":
        assert actions.throw_away(one=one, by=one.owner)
        assert not actions.throw_away(one=one, by=one.owner)
    elif how == "expired":
        working.clear(timezone.now() + actions.KEPT)
    else:
        accounts.actions.erase_person(user=make_person(), by=None)
    assert kept(media) == []
    assert not Import.objects.exclude(path="", report_path="", file_name="").exists()


def test_a_second_click_is_the_same_import_and_ten_that_wait_are_enough() -> None:
    cohort, manager, key = make_cohort(), make_staff(Role.MANAGER), uuid.uuid4()
    sent = [
        actions.send_table(cohort=cohort, what="people", upload=upload(b"Email,Name\n"), form_key=key, by=manager)
        for _click in range(2)
    ]
    assert sent[0] == sent[1]
    for _more in range(9):
        send(cohort, "people", b"Email,Name\n", by=manager)
    with pytest.raises(TooManyImports):
        send(cohort, "people", b"Email,Name\n", by=manager)


def test_what_is_gone_cannot_be_agreed_to() -> None:
    one = read(make_cohort(), "people", people(["a@in.test", "A", "", ""]))
    working.remove(one.pk)
    with pytest.raises(ImportGone):
        actions.agree(one=one, by=one.owner)


def test_guessed_letters_are_looked_at_first() -> None:
    cohort = make_cohort()
    one = read(cohort, "people", "Email,Name\na@in.test,José\n".encode("cp1252"))
    assert (one.letters, one.problem_count) == ("Windows-1252", 0)
    assert [found["text"] for found in files.found(one, "sample")] == ["José"]
    with pytest.raises(NotRight):
        actions.agree(one=one, by=one.owner)
    actions.agree(one=one, by=one.owner, letters_are_right=True)
    work()
    assert in_cohort(cohort) == {"a@in.test": "José"}
