"""What managers do in the browser, with every refusal in words and nothing lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from cohorts.enquiries.actions import closing, forgetting, owning, stepping
from cohorts.enquiries.models import Enquiry
from tests.accounts.factories import make_person, make_staff
from tests.applications.factories import make_application, make_open_cohort
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon, today, typed_day, typed_step
from tests.pairs.factories import make_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


@pytest.fixture
def desk(client: Any, manager: User) -> Any:
    """The manager at their desk."""
    client.force_login(manager)
    return client


def act(desk: Any, enquiry: Enquiry, verb: str, **typed: str) -> Any:
    return desk.post(reverse(f"cohorts:enquiry_{verb}", args=[enquiry.pk]), typed)


def page(desk: Any, enquiry: Enquiry) -> str:
    shown: str = desk.get(enquiry.get_absolute_url()).content.decode()
    return shown


def test_from_nobodys_to_closed_and_back(desk: Any, manager: User) -> None:
    enquiry = make_enquiry()
    assert "Nobody has it yet" in page(desk, enquiry)

    act(desk, enquiry, "take", **typed_step(soon("Ring her")))
    assert "Yours" in page(desk, enquiry)
    enquiry.refresh_from_db()
    act(desk, enquiry, "step", seen=enquiry.step_mark, **typed_step(soon("Ring her sister")))
    enquiry.refresh_from_db()
    act(desk, enquiry, "done", seen=enquiry.step_mark, **typed_step(soon("Send the dates")))
    day = typed_day("called_on", day=today().day, month=today().month, year=today().year)
    act(desk, enquiry, "call", text="She will come.", **day, **typed_step(soon("Keep a chair")))
    act(desk, enquiry, "note", text="Two steps at the door.")
    act(desk, enquiry, "close", outcome="applied", note="For the spring.")
    shown = page(desk, enquiry)
    for told in ("She will come.", "Two steps at the door.", "Closed: They applied", "For the spring.", "Keep a chair"):
        assert told in shown
    act(desk, enquiry, "reopen", **typed_step(soon("Ring back")))

    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.next_step, enquiry.is_open) == (manager, "Ring back", True)


def test_the_history_is_newest_first(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    stepping.add_note(enquiry=enquiry, text="The last word.", by=manager)

    history = page(desk, enquiry).partition("What happened")[2]

    assert history.index("The last word.") < history.index("took it") < history.index("It came in")


@pytest.mark.parametrize(
    ("days_ahead", "words"), [(-3, "3 days late"), (0, "today"), (1, "tomorrow"), (5, "in 5 days")]
)
def test_how_far_away_the_next_step_is_stands_there_in_words(
    desk: Any, manager: User, days_ahead: int, words: str
) -> None:
    enquiry = make_enquiry(owner=manager, step=soon(days_ahead=days_ahead))

    assert f": {words}<" in page(desk, enquiry)


def test_whoever_is_second_to_take_it_is_told_by_name_and_keeps_their_words(desk: Any, manager: User) -> None:
    enquiry, colleague = make_enquiry(), make_manager()
    owning.take(enquiry=enquiry, by=colleague, step=soon())

    answer = act(desk, enquiry, "take", **typed_step(soon("What I meant to do")))

    assert answer.status_code == 409
    assert f"{colleague} has taken it" in answer.content.decode()
    assert "What I meant to do" in answer.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.owner == colleague


def test_a_changed_next_step_is_shown_and_the_next_save_puts_mine_there(desk: Any, manager: User) -> None:
    enquiry, colleague = make_enquiry(owner=manager), make_manager()
    seen = enquiry.step_mark
    stepping.set_step(enquiry=enquiry, step=soon("Wait for her letter"), by=colleague, seen=seen)

    clash = act(desk, enquiry, "step", seen=seen, **typed_step(soon("Mine")))

    assert clash.status_code == 409
    assert "Wait for her letter" in clash.content.decode()
    assert 'value="Mine"' in clash.content.decode()
    act(desk, enquiry, "step", seen=clash.context["seen"], **typed_step(soon("Mine")))
    enquiry.refresh_from_db()
    assert enquiry.next_step == "Mine"


def test_closed_while_somebody_typed_they_keep_their_words(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    mark = enquiry.step_mark
    closing.close(enquiry=enquiry, outcome="answered", by=make_manager())
    day = typed_day("called_on", day=today().day, month=today().month, year=today().year)

    answers = [
        act(desk, enquiry, "call", text="My words.", **day, **typed_step(soon("My step"))),
        act(desk, enquiry, "step", seen=mark, **typed_step(soon("My step"))),
        act(desk, enquiry, "take", **typed_step(soon("My step"))),
    ]

    for answer in answers:
        assert answer.status_code == 409
        assert "It has been closed in the meantime" in answer.content.decode()
        assert "My step" in answer.content.decode()
    assert act(desk, enquiry, "close", outcome="applied").status_code == 409


@pytest.mark.parametrize(
    ("away", "told"),
    [(-1, "must be today or later"), (3 * 366, "must be within two years")],
)
def test_a_next_step_is_on_a_day_to_come(desk: Any, manager: User, away: int, told: str) -> None:
    enquiry = make_enquiry(owner=manager)

    answer = act(desk, enquiry, "step", seen=enquiry.step_mark, **typed_step(soon("Ring", days_ahead=away)))

    assert told in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("take", "Enter what is to be done next."),
        ("done", "Enter the day by which it is to be done."),
        ("call", "Write what was said, or that nobody answered."),
        ("note", "Write the note."),
        ("close", "Choose what came of it."),
        ("hand", "Choose who has it from now on."),
        ("answer", "Write your answer."),
    ],
)
def test_an_empty_form_says_what_is_missing(desk: Any, manager: User, verb: str, told: str) -> None:
    make_manager()
    enquiry = make_enquiry(owner=None if verb == "take" else manager)

    answer = act(desk, enquiry, verb, key="")

    assert told in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()


def test_it_is_handed_to_anybody_with_the_role_and_to_nobody_else(desk: Any, manager: User) -> None:
    enquiry, trustee, other = make_enquiry(owner=manager), make_manager(), make_staff(Role.FACILITATOR)

    form = desk.get(reverse("cohorts:enquiry_hand", args=[enquiry.pk])).context["form"]
    assert set(form.fields["to"].queryset) == {trustee}
    assert "not a programme manager any more" in act(desk, enquiry, "hand", to=str(other.pk)).content.decode()
    act(desk, enquiry, "hand", to=str(trustee.pk), owner=str(manager.pk))

    enquiry.refresh_from_db()
    assert enquiry.owner == trustee
    assert "handed it to" in page(desk, enquiry)


def test_a_team_of_one_is_told_how_to_add_a_second(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)

    assert "There is nobody else yet" in desk.get(reverse("cohorts:enquiry_hand", args=[enquiry.pk])).content.decode()


def test_where_they_applied_later_the_enquiry_leads_there(desk: Any) -> None:
    cohort, ada = make_open_cohort(), make_person("ada@example.test")
    application = make_application(cohort, partner=ada, professional=make_person())
    make_application(cohort)
    enquiry, stranger = make_enquiry(email="ada@example.test"), make_enquiry(email="", phone="01632 960 001")

    shown = page(desk, enquiry)

    assert reverse("applications:detail", args=[application.reference]) in shown
    assert "/staff/applications/T" not in page(desk, stranger)


def test_a_page_asks_as_much_after_thirty_things_as_after_one(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    page(desk, enquiry)
    with CaptureQueriesContext(connection) as at_one:
        page(desk, enquiry)
    for number in range(30):
        stepping.add_note(enquiry=enquiry, text=f"Note {number}", by=make_manager())
    with CaptureQueriesContext(connection) as at_many:
        page(desk, enquiry)

    assert len(at_many) == len(at_one) <= 12


def test_an_archived_cohort_leaves_its_enquiries_answerable(desk: Any, manager: User) -> None:
    cohort = make_cohort(state="archived")
    enquiry = make_enquiry(cohort.programme, cohort=cohort)

    assert act(desk, enquiry, "take", **typed_step(soon())).status_code == 302
    assert cohort.name in page(desk, enquiry)


def test_what_they_told_us_is_removed_on_their_wish_and_only_looked_at_after(desk: Any, manager: User) -> None:
    enquiry, same = make_enquiry(name="CANARY", owner=manager), make_enquiry(text="CANARY")
    other = make_enquiry(email="other@example.org")

    asked = desk.get(reverse("cohorts:enquiry_forget", args=[enquiry.pk])).content.decode()
    assert "2 enquiries came from the same" in asked
    desk.post(reverse("cohorts:enquiry_forget", args=[enquiry.pk]), {"which": [enquiry.pk, same.pk]})

    assert set(Enquiry.objects.filter(forgotten_at=None)) == {other}
    for one in (enquiry, same):
        assert "CANARY" not in page(desk, one)
    for verb in ("note", "answer", "reopen", "call", "take"):
        answer = desk.get(reverse(f"cohorts:enquiry_{verb}", args=[enquiry.pk]))
        assert answer.url == enquiry.get_absolute_url()
    assert act(desk, enquiry, "note", text="x").status_code == 302
    assert not enquiry.events.exclude(text="").exists()


def test_names_of_two_hundred_letters_of_other_scripts_and_with_pictures_are_shown_whole(desk: Any) -> None:
    for name in ("W" * 200, "عبد الرحمن بن محمد", "Zoë 👩‍🔬 O’Neill-ßæ"):
        enquiry = make_enquiry(name=name, organisation=name, text=name * 3)
        assert name in page(desk, enquiry)
        assert name in desk.get("/staff/enquiries/").content.decode()
        forgetting.forget(enquiries=Enquiry.objects.all(), by=enquiry.owner or make_manager())


def test_a_reader_in_another_zone_reads_moments_in_theirs(desk: Any, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(time_zone="Asia/Tokyo")
    enquiry = make_enquiry(owner=manager, step=soon(days_ahead=2))

    shown = page(desk, enquiry)

    assert "(Tokyo time)" in shown
    assert f"{today() + timedelta(days=2):%B %Y}" in shown


@pytest.mark.parametrize("verb", ["answer", "answer_send", "step", "call", "note"])
def test_words_sent_after_the_session_ended_come_back_with_what_was_seen(client: Any, manager: User, verb: str) -> None:
    enquiry = make_enquiry(owner=manager)
    address = reverse(f"cohorts:enquiry_{verb}", args=[enquiry.pk])
    typed = {"text": "My long words", "body": "My long words", "subject": "x", **typed_step(soon("My long words"))}

    assert client.post(address, {**typed, "seen": "17"}).status_code == 302
    client.force_login(manager)
    answer = client.get(address)

    assert "My long words" in answer.content.decode()
    if "seen" in answer.context:
        assert str(answer.context["seen"]) == "17"
    assert enquiry.events.count() == 3
