"""Back, another word, send again: what was sent first stays, what was typed since is told of or kept, never dropped."""

import html
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from cohorts.enquiries.actions import owning, stepping
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from notifications.models import LedgerRow
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon, today, typed_day, typed_step

pytestmark = pytest.mark.django_db

ANSWER = {"subject": "Your question", "body": "Yes, bring her.", "seen": "0"}


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


def key_on(page: Any) -> str:
    found = re.search(r'name="key" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def called(**typed: str) -> dict[str, str]:
    day = typed_day("called_on", day=today().day, month=today().month, year=today().year)
    return {"text": "She will come.", **day, **typed_step(soon("Keep a chair")), **typed}


def texts(enquiry: Enquiry, verb: str) -> list[str]:
    """What was written down, the first first."""
    return list(EnquiryEvent.objects.filter(enquiry=enquiry, verb=verb).order_by("pk").values_list("text", flat=True))


def answer(desk: Any, enquiry: Enquiry, **typed: str) -> Any:
    """Look at the mail, then send what was looked at."""
    look = act(desk, enquiry, "answer", **{**ANSWER, **typed_step(soon("Ask again")), **typed})
    hidden = look.content.decode().partition("/answer/send/")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', hidden)
    return act(desk, enquiry, "answer_send", **{name: html.unescape(value) for name, value in found})


# ---- An answer ----


def test_other_words_of_the_page_that_sent_an_answer_are_not_called_sent_and_go_as_a_further_one(
    desk: Any, manager: User
) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    answer(desk, enquiry, key=key)

    told = answer(desk, enquiry, key=key, body="Yes, bring her, and the dog.")

    assert told.status_code == 409
    page = told.content.decode()
    for shown in ("What you sent", "Yes, bring her.", "and the dog.", "What is below was not sent"):
        assert shown in page
    assert texts(enquiry, "answered") == ["Yes, bring her."]
    seen = str(told.context["seen"])
    for _click in range(2):
        sent = answer(desk, enquiry, key=key_on(told), seen=seen, body="Yes, bring her, and the dog.")
        assert sent.status_code == 302
    assert texts(enquiry, "answered") == ["Yes, bring her.", "Yes, bring her, and the dog."]
    assert LedgerRow.objects.filter(kind="enquiries.answer").count() == 2


def test_another_subject_is_another_answer(desk: Any, manager: User) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    answer(desk, enquiry, key=key)

    assert answer(desk, enquiry, key=key, subject="The dates").status_code == 409


def test_the_same_answer_with_another_next_step_goes_once_and_the_step_is_kept(desk: Any, manager: User) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    answer(desk, enquiry, key=key)

    assert answer(desk, enquiry, key=key, **typed_step(soon("Send the map"))).status_code == 302

    enquiry.refresh_from_db()
    assert enquiry.next_step == "Send the map"
    assert texts(enquiry, "answered") == ["Yes, bring her."]


@pytest.mark.parametrize("verb", ["answer", "call", "take"])
def test_another_step_is_not_put_over_a_colleagues_and_comes_back_to_be_saved(
    desk: Any, manager: User, verb: str
) -> None:
    enquiry, colleague, key = make_enquiry(), make_manager(), str(uuid.uuid4())
    send = {
        "answer": lambda **typed: answer(desk, enquiry, key=key, **typed),
        "call": lambda **typed: act(desk, enquiry, "call", **called(key=key, **typed)),
        "take": lambda **typed: act(desk, enquiry, "take", **typed),
    }[verb]
    send(**typed_step(soon("First")))
    enquiry.refresh_from_db()
    stepping.set_step(enquiry=enquiry, step=soon("The colleague's"), by=colleague, seen=enquiry.step_mark)

    told = send(**typed_step(soon("Second")))

    assert told.status_code == 409
    page = told.content.decode()
    assert f"{colleague} changed it while you did" in page
    assert 'value="Second"' in page
    assert f'action="{reverse("cohorts:enquiry_step", args=[enquiry.pk])}"' in page
    enquiry.refresh_from_db()
    assert enquiry.next_step == "The colleague's"
    act(desk, enquiry, "step", seen=told.context["seen"], **typed_step(soon("Second")))
    enquiry.refresh_from_db()
    assert enquiry.next_step == "Second"


# ---- Notes and calls ----


@pytest.mark.parametrize("verb", ["note", "call"])
def test_other_words_of_the_page_that_wrote_something_down_come_back_and_are_kept_as_well(
    desk: Any, manager: User, verb: str
) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    kept = "noted" if verb == "note" else "called"
    for _click in range(2):
        act(desk, enquiry, verb, **called(key=key, text="She will come."))

    told = act(desk, enquiry, verb, **called(key=key, text="She will come with her sister."))

    assert told.status_code == 409
    for shown in ("What you wrote first", "She will come.", "She will come with her sister.", "are not kept yet"):
        assert shown in told.content.decode()
    assert texts(enquiry, kept) == ["She will come."]
    for _click in range(2):
        again = act(desk, enquiry, verb, **called(key=key_on(told), text="She will come with her sister."))
        assert again.status_code == 302
    assert texts(enquiry, kept) == ["She will come.", "She will come with her sister."]


def test_the_same_call_on_another_day_is_told(desk: Any, manager: User) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    act(desk, enquiry, "call", **called(key=key))

    assert act(desk, enquiry, "call", **called(key=key, called_on_year="2025")).status_code == 409


def test_the_same_call_with_another_next_step_is_one_call_and_the_step_is_kept(desk: Any, manager: User) -> None:
    enquiry, key = make_enquiry(owner=manager), str(uuid.uuid4())
    for step in ("Keep a chair", "Keep two chairs", "Keep two chairs"):
        act(desk, enquiry, "call", **called(key=key, **typed_step(soon(step))))

    enquiry.refresh_from_db()
    assert (enquiry.next_step, texts(enquiry, "called")) == ("Keep two chairs", ["She will come."])


# ---- Taking, done, handing over, closing, opening ----


def test_taken_twice_the_second_step_counts(desk: Any, manager: User) -> None:
    enquiry = make_enquiry()

    for step in ("Ring her", "Write to her", "Write to her"):
        act(desk, enquiry, "take", **typed_step(soon(step)))

    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.next_step) == (manager, "Write to her")
    assert texts(enquiry, "taken") == [""]
    assert texts(enquiry, "step_set") == ["Ring her", "Write to her"]


@pytest.mark.parametrize("after", ["Ring her", "Send the dates"])
def test_done_is_done_once_whatever_comes_next(desk: Any, manager: User, after: str) -> None:
    enquiry = make_enquiry(owner=manager, step=soon("Ring her"))
    form = desk.get(reverse("cohorts:enquiry_done", args=[enquiry.pk]))

    for _click in range(2):
        act(desk, enquiry, "done", key=key_on(form), seen=form.context["seen"], **typed_step(soon(after)))

    assert texts(enquiry, "step_done") == ["Ring her"]
    form = desk.get(reverse("cohorts:enquiry_done", args=[enquiry.pk]))
    act(desk, enquiry, "done", key=key_on(form), seen=form.context["seen"], **typed_step(soon("Rest")))
    assert texts(enquiry, "step_done") == ["Ring her", after]


def test_back_from_done_another_step_takes_the_place_of_the_first_and_marks_nothing_else_as_done(
    desk: Any, manager: User
) -> None:
    enquiry = make_enquiry(owner=manager, step=soon("Ring her"))
    form = desk.get(reverse("cohorts:enquiry_done", args=[enquiry.pk]))

    for step in ("Send the dates", "Send the map"):
        sent = act(desk, enquiry, "done", key=key_on(form), seen=form.context["seen"], **typed_step(soon(step)))
        assert sent.status_code == 302

    enquiry.refresh_from_db()
    assert (enquiry.next_step, texts(enquiry, "step_done")) == ("Send the map", ["Ring her"])


def test_back_from_changing_what_is_next_ones_own_second_thought_is_saved(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    seen = enquiry.step_mark

    for step in ("Ring her", "Write to her"):
        assert act(desk, enquiry, "step", seen=seen, **typed_step(soon(step))).status_code == 302

    enquiry.refresh_from_db()
    assert enquiry.next_step == "Write to her"


def test_another_word_with_the_same_handing_over_is_kept_and_nobody_is_told_twice(manager: User) -> None:
    enquiry, trustee = make_enquiry(owner=manager), make_manager()

    for word in ("You know her.", "You know her.", "She is deaf: write."):
        owning.hand_over(enquiry=enquiry, to=trustee, by=manager, seen_owner=manager.pk, word=word)

    assert (texts(enquiry, "handed"), texts(enquiry, "noted")) == (["You know her."], ["She is deaf: write."])
    assert LedgerRow.objects.filter(kind="enquiries.handed").count() == 1


def test_closed_again_in_other_words_the_words_come_back(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    for _click in range(2):
        assert act(desk, enquiry, "close", outcome="applied", note="For the spring.").status_code == 302

    told = act(desk, enquiry, "close", outcome="applied", note="For the autumn.")

    assert told.status_code == 409
    assert "It is closed already" in told.content.decode()
    assert "For the autumn." in told.content.decode()
    assert texts(enquiry, "closed") == ["For the spring."]


def test_opened_again_twice_with_another_step_the_step_comes_back_to_be_saved(desk: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    act(desk, enquiry, "close", outcome="no_reply")
    for _click in range(2):
        assert act(desk, enquiry, "reopen", **typed_step(soon("Ring back"))).status_code == 302

    told = act(desk, enquiry, "reopen", **typed_step(soon("Write back")))

    assert told.status_code == 409
    assert "It was open already" in told.content.decode()
    assert 'value="Write back"' in told.content.decode()
    assert texts(enquiry, "reopened") == [""]
