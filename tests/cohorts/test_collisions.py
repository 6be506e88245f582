"""Two clicks, two tabs, two colleagues: one thing is made, nobody's words are undone unseen, and what is said is so."""

import uuid
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

import cohorts.actions
from accounts.models import AuditEvent, Role, User
from cohorts import mail
from cohorts.exceptions import ChangedMeanwhile, MadeBefore
from cohorts.marks import mark_of
from cohorts.models import Cohort, Programme, Session
from notifications.models import LedgerRow
from tests.accounts.factories import make_staff
from tests.cohorts.test_pages import COHORT_FORM, SESSION_FORM, manager, words
from tests.cohorts.test_plans import CHOICE, PROGRAMME, as_shown
from tests.pairs.factories import at_once, make_cohort, make_full_pair, make_programme, make_session, walk_to
from tests.unlocked import without_row_locks

__all__ = ["manager"]

DAY = timedelta(days=1)


def hidden(page: Any) -> dict[str, str]:
    """What the form carries that nobody types."""
    return {name: str(page.context[name]) for name in ("seen", "made_key") if name in page.context}


# ---- One page makes one ----


def doors() -> dict[str, tuple[dict[str, Any], type[Programme | Cohort | Session]]]:
    """Every page on which something is made, what is typed there, and what it makes."""
    programme, cohort = make_programme(), make_cohort()
    return {
        "/staff/programmes/new/": ({"name": "Pairs", "charity": "The Fund"}, Programme),
        "/staff/cohorts/new/": (COHORT_FORM | {"programme": programme.pk}, Cohort),
        f"/staff/cohorts/{cohort.slug}/sessions/new/": (SESSION_FORM, Session),
        "/staff/start/programme/": (PROGRAMME, Programme),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_page_sent_twice_makes_one(client: Client) -> None:
    for address, (typed, made) in doors().items():
        before = made._default_manager.count()
        fields = typed | hidden(client.get(address))

        answers = [client.post(address, fields)["Location"] for _click in range(2)]

        assert answers[0] == answers[1], address
        assert made._default_manager.count() == before + 1, address


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_page_come_back_to_and_sent_with_other_words_says_so_and_keeps_them(client: Client) -> None:
    for address, (typed, made) in doors().items():
        name = "title" if made is Session else "name"
        fields = typed | hidden(client.get(address))
        client.post(address, fields)
        before = made._default_manager.count()

        refused = client.post(address, fields | {name: "Quite another"})
        again = client.post(address, fields | {name: "Quite another"} | hidden(refused))

        assert refused.status_code == 409, address
        assert "was saved from this page already" in words(refused), address
        assert 'value="Quite another"' in words(refused), address
        assert again.status_code == 302, address
        assert made._default_manager.count() == before + 1, address


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_the_days_sent_again_with_another_day_are_kept_and_the_cohort_stays(client: Client) -> None:
    address = f"/staff/start/programmes/{make_programme().slug}/plan/"
    fields = as_shown(client.get(address, CHOICE))
    client.post(address, fields, query_params=CHOICE)

    refused = client.post(address, fields | {"session-0-held_on_day": "7"}, query_params=CHOICE)

    assert refused.status_code == 409
    assert "Thursday 7 January 2027" in words(refused)
    assert Cohort.objects.get().sessions.in_order()[0].held_on == date(2027, 1, 5)
    assert Session.objects.count() == 7


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_the_first_page_come_back_to_leads_on_to_the_plan(client: Client) -> None:
    key = {"made_key": str(uuid.uuid4())}
    made = client.post("/staff/start/programme/", PROGRAMME | key)

    assert client.get("/staff/start/programme/", key)["Location"] == made["Location"]


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_copy_chosen_otherwise_on_the_same_page_is_another_copy(client: Client) -> None:
    source = make_cohort()
    address = f"/staff/cohorts/{source.slug}/clone/"
    key = {"made_key": str(client.get(address).context["made_key"])}
    chosen = CHOICE | {"days": "weekdays"} | key

    for name in ("First", "First", "Second"):
        client.post(address, key, query_params=chosen | {"name": name})

    assert sorted(Cohort.objects.exclude(pk=source.pk).values_list("name", flat=True)) == ["First", "Second"]


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_one_makes_the_session_and_of_two_people_one_makes_the_programme() -> None:
    cohort, managers, key = make_cohort(), [make_staff(Role.MANAGER) for _one in range(2)], uuid.uuid4()
    what = {"title": "Together", "held_on": date(2027, 3, 1), "starts_at": time(14)}

    def plan(_number: int) -> Session:
        return cohorts.actions.add_session(cohort=cohort, by=managers[0], made_key=key, **what)

    def start(number: int) -> Programme:
        return cohorts.actions.create_programme(by=managers[number % 2], name="Pairs", charity="C", made_key=key)

    planned, started = at_once(plan, threads=8), at_once(start, threads=8)

    assert {one.pk for one in planned} == {Session.objects.get().pk}
    assert {one.pk for one in started} == {Programme.objects.get(made_key=key).pk}


@pytest.mark.django_db
def test_a_key_that_made_something_elsewhere_makes_nothing_here() -> None:
    key, by = uuid.uuid4(), make_staff(Role.MANAGER)
    what = {"title": "Together", "held_on": date(2027, 3, 1), "starts_at": time(14)}
    first = cohorts.actions.add_session(cohort=make_cohort(), by=by, made_key=key, **what)

    with pytest.raises(MadeBefore) as refused:
        cohorts.actions.add_session(cohort=make_cohort(), by=by, made_key=key, **what)

    assert refused.value.row == first


# ---- Nobody's words are undone unseen ----


def open_forms(cohort: Cohort) -> dict[str, tuple[dict[str, Any], dict[str, Any], str]]:
    """Every form of something there is: what a colleague writes, what is typed meanwhile, and words of the first."""
    session = make_session(cohort, place="Marrowby Library", starts=timezone.now() + 10 * DAY)
    programme = {"name": "Pairs", "charity": "The Fund"}
    applying = {"offer_days": "14", "apply_by_day": "3", "apply_by_month": "3", "apply_by_year": "2098"}
    return {
        f"/staff/cohorts/{cohort.slug}/edit/": (
            COHORT_FORM | {"summary": "Theirs: by the sea"},
            COHORT_FORM | {"places": "9"},
            "Theirs: by the sea",
        ),
        f"/staff/cohorts/{cohort.slug}/applying/": (applying, applying | {"offer_days": "21"}, "14"),
        f"/staff/programmes/{cohort.programme.slug}/edit/": (
            programme | {"led_by": "Theirs: Ada"},
            programme | {"led_by": "Ours: Bo"},
            "Theirs: Ada",
        ),
        f"/staff/sessions/{session.pk}/edit/": (
            SESSION_FORM | {"place": "Theirs: the hall"},
            SESSION_FORM | {"title": "Ours"},
            "Theirs: the hall",
        ),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_form_left_open_does_not_undo_what_a_colleague_saved(client: Client) -> None:
    for address, (theirs, ours, seen_words) in open_forms(make_cohort()).items():
        opened = hidden(client.get(address))
        client.post(address, theirs | hidden(client.get(address)))

        refused = client.post(address, ours | opened)
        stands = words(client.get(address))
        again = client.post(address, ours | hidden(refused))

        assert refused.status_code == 409, address
        assert "Somebody changed this while you did" in words(refused), address
        assert seen_words in words(refused), address
        assert seen_words in stands, address
        assert again.status_code == 302, address


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_the_same_words_sent_twice_are_saved_once(client: Client) -> None:
    for address, (theirs, _ours, _words) in open_forms(make_cohort()).items():
        fields = theirs | hidden(client.get(address))
        client.post(address, fields)
        written, told = AuditEvent.objects.count(), LedgerRow.objects.count()

        again = client.post(address, fields)

        assert again.status_code == 302, address
        assert (AuditEvent.objects.count(), LedgerRow.objects.count()) == (written, told), address


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_on_the_way_to_the_first_cohort_a_colleagues_last_day_is_not_undone(client: Client) -> None:
    cohort = make_cohort(state="draft")
    address = f"/staff/start/cohorts/{cohort.slug}/applying/"
    opened = hidden(client.get(address))
    cohorts.actions.edit_cohort(cohort=cohort, by=make_staff(Role.MANAGER), apply_by=date(2098, 3, 3))

    refused = client.post(address, {"offer_days": "21"} | opened)

    assert refused.status_code == 409
    assert "3 March 2098" in words(refused)
    assert Cohort.objects.get().apply_by == date(2098, 3, 3)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_is_told() -> None:
    cohort, by = make_cohort(), make_staff(Role.MANAGER)
    seen = mark_of(cohort, ["summary"])

    def write(number: int) -> int:
        return cohorts.actions.edit_cohort(cohort=cohort, by=by, seen=seen, summary=f"Words {number}")

    told = at_once(write, threads=6)

    assert sum(isinstance(one, ChangedMeanwhile) for one in told) == 5


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_manager_undoes_the_other() -> None:
    """The race is real: both look at the row as it was, and both write."""
    cohort, by = make_cohort(), make_staff(Role.MANAGER)
    seen = mark_of(cohort, ["summary"])

    def meanwhile() -> None:
        other = lambda _n: cohorts.actions.edit_cohort(cohort=cohort, by=by, seen=seen, summary="Theirs")  # noqa: E731
        at_once(other, threads=1)

    with without_row_locks(after="FOR UPDATE", then=meanwhile):
        cohorts.actions.edit_cohort(cohort=cohort, by=by, seen=seen, summary="Ours")

    assert Cohort.objects.get().summary == "Ours"
    assert AuditEvent.objects.filter(verb="cohort.edited").count() == 2


# ---- Who is told ----


@pytest.mark.django_db
def test_with_a_new_zone_each_person_gets_one_mail_with_all_the_new_moments() -> None:
    cohort, by = make_cohort(), make_staff(Role.MANAGER)
    _pair, professional, partner = make_full_pair(cohort)
    make_session(cohort, starts=timezone.now() - 10 * DAY, title="Gone by")
    for number in range(3):
        make_session(cohort, starts=timezone.now() + (10 + number) * DAY, title=f"Together {number}")
    User.objects.filter(pk=professional.pk).update(time_zone="Asia/Kolkata")

    told = cohorts.actions.edit_cohort(cohort=cohort, by=by, time_zone="Asia/Kolkata")

    rows = LedgerRow.objects.filter(kind="cohorts.zone_changed")
    assert told == 2
    assert {row.address for row in rows} == {professional.email, partner.email}
    context = mail.render_zone(rows.get(recipient=professional))
    assert [one.title for one in context["sessions"]] == ["Together 0", "Together 1", "Together 2"]
    subject, text, html = (
        render_to_string(f"mail/cohorts/zone_changed_{part}", context)
        for part in ("subject.txt", "message.txt", "message.html")
    )
    assert subject == f"New times: the sessions of {cohort.name}"
    assert text.count("(Kolkata time)") == html.count("(Kolkata time)") == 3
    assert {mail.zone_still_wanted(row, timezone.now()) for row in rows} == {None}


@pytest.mark.django_db
def test_mail_about_a_zone_is_not_sent_for_another_since_nor_to_who_left_nor_when_all_is_over() -> None:
    cohort, by = make_cohort(), make_staff(Role.MANAGER)
    _pair, professional, _partner = make_full_pair(cohort)
    session = make_session(cohort)
    cohorts.actions.edit_cohort(cohort=cohort, by=by, time_zone="Asia/Kolkata")
    first = LedgerRow.objects.get(kind="cohorts.zone_changed", recipient=professional)

    assert mail.zone_still_wanted(first, session.starts + DAY) == "too_late"
    cohorts.actions.edit_cohort(cohort=cohort, by=by, time_zone="America/New_York")
    assert mail.zone_still_wanted(first, timezone.now()) == "superseded"
    second = LedgerRow.objects.filter(kind="cohorts.zone_changed", recipient=professional).latest("pk")
    cohorts.actions.end_participation(participant=cohort.participants.get(user=professional), by=by)
    assert mail.zone_still_wanted(second, timezone.now()) == "left"


@pytest.mark.django_db
def test_a_zone_with_the_same_clocks_tells_nobody() -> None:
    cohort = make_cohort()
    make_full_pair(cohort)
    make_session(cohort)

    told = cohorts.actions.edit_cohort(cohort=cohort, by=make_staff(Role.MANAGER), time_zone="Europe/Jersey")

    assert told == 0
    assert Session.objects.get().moves == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_the_page_says_how_many_are_told_and_that_nobody_is(client: Client) -> None:
    cohort = make_cohort()
    gone, to_come = make_session(cohort, starts=timezone.now() - DAY), make_session(cohort)
    alone = words(client.get(f"/staff/sessions/{to_come.pk}/cancel/"))
    make_full_pair(cohort)

    over = words(client.get(f"/staff/sessions/{gone.pk}/cancel/"))
    two = words(client.get(f"/staff/sessions/{to_come.pk}/cancel/"))
    done = [words(client.post(f"/staff/sessions/{one.pk}/cancel/", follow=True)) for one in (gone, to_come)]

    assert "Nobody takes part yet, so nobody is told." in alone
    assert "nobody is told" in over
    assert "2 people are told by email." in two
    assert ["Nobody had to be told." in done[0], "2 people are told by email." in done[1]] == [True, True]
    assert LedgerRow.objects.filter(kind="cohorts.session_cancelled").count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_new_session_says_when_people_are_reminded_of_it(client: Client) -> None:
    cohort = make_cohort()
    address = f"/staff/cohorts/{cohort.slug}/sessions/new/"
    days = {-2: "in the past", 1: "in the next minutes", 10: "Whoever takes part then is reminded on"}

    for away, said in days.items():
        day = (timezone.now() + away * DAY).date()
        held = {"held_on_day": day.day, "held_on_month": day.month, "held_on_year": day.year}
        assert said in words(client.post(address, SESSION_FORM | held, follow=True)), away


# ---- What cannot be changed is not offered ----


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_no_form_is_shown_that_would_be_refused(client: Client) -> None:
    cohort = make_cohort()
    session, called_off = make_session(cohort), make_session(cohort)
    cohorts.actions.cancel_session(session=called_off, by=make_staff(Role.MANAGER))
    detail = f"/staff/cohorts/{cohort.slug}/"
    closed = [f"/staff/sessions/{called_off.pk}/{verb}/" for verb in ("edit", "cancel")]
    assert [client.get(address)["Location"] for address in closed] == [detail] * 2

    walk_to(cohort, "archived")

    forms = ["edit", "applying", "sessions/new", "facilitators/new"]
    addresses = [f"{detail}{one}/" for one in forms] + [
        f"/staff/sessions/{session.pk}/{verb}/" for verb in ("edit", "cancel")
    ]
    for address in addresses:
        assert client.get(address).headers.get("Location") == detail, address
    for one in ("applications/new", "questions", "criteria", "reviewers"):
        page = client.get(f"{detail}{one}/").content.decode()
        assert 'method="post"' not in page.partition("<main")[2].partition("</main>")[0], one


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize("state", ["draft", "open", "selecting", "running", "ended"])
def test_an_application_is_written_down_only_where_that_would_be_taken(client: Client, state: str) -> None:
    detail = f"/staff/cohorts/{make_cohort(state=state).slug}/"

    pages = [client.get(detail), client.get(f"{detail}applications/new/")]

    is_offered = ["Write one down" in pages[0].content.decode(), "Go on to the questions" in pages[1].content.decode()]
    assert is_offered == [state in {"open", "selecting"}] * 2


@pytest.mark.django_db
@pytest.mark.usefixtures("manager")
def test_a_session_left_out_of_a_plan_need_not_be_right_and_a_time_the_clocks_skip_is_refused(client: Client) -> None:
    address = f"/staff/start/programmes/{make_programme().slug}/plan/"
    fields = as_shown(client.get(address, CHOICE)) | {"session-1-starts_at": "half past", "session-1-is_left_out": "on"}
    spring = {"session-0-held_on_day": "28", "session-0-held_on_month": "3", "session-0-starts_at": "01:30"}

    refused = client.post(address, fields | spring, query_params=CHOICE)
    client.post(address, fields, query_params=CHOICE)

    assert "The clocks go forward on that day" in words(refused)
    assert Cohort.objects.get().sessions.count() == 6
