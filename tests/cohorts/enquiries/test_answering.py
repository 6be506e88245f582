"""An answer by mail: what was looked at is what is sent, once, and never over a colleague's."""

import html
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.enquiries import letters
from cohorts.enquiries.actions import answering, closing, forgetting
from cohorts.enquiries.exceptions import (
    AnswerChanged,
    AnsweredMeanwhile,
    EnquirerForgotten,
    EnquiryClosed,
    NoAddress,
)
from cohorts.enquiries.letters import Words
from cohorts.enquiries.mail import still_theirs
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from cohorts.models import Programme
from notifications.desk import rendered
from notifications.kinds import NotWanted
from notifications.models import LedgerRow
from tests.accounts.factories import make_person
from tests.cohorts.enquiries.factories import make_enquiry, make_manager, soon, typed_step

pytestmark = pytest.mark.django_db

WORDS = Words("Your question", "Dear Oriel,\n\nyes, bring your sister.\n\nAda")


@pytest.fixture
def manager(db: None) -> User:
    return make_manager()


def send(enquiry: Enquiry, by: User, words: Words = WORDS, **fields: Any) -> EnquiryEvent:
    enquiry = Enquiry.objects.select_related("programme").get(pk=enquiry.pk)
    seen = {"digest": letters.letter_of(enquiry, words).digest, "seen_answers": 0, "step": soon("Ask again")}
    return answering.answer(enquiry=enquiry, words=words, by=by, **{**seen, **fields})


def mail() -> list[LedgerRow]:
    return list(LedgerRow.objects.filter(kind="enquiries.answer").order_by("pk"))


def test_what_was_looked_at_is_what_is_sent(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    looked_at = letters.letter_of(enquiry, WORDS)

    event = send(enquiry, manager, digest=looked_at.digest)

    (row,) = mail()
    context = row.mail_kind.render(row)
    assert rendered("mail/enquiries/answer_message.txt", context).strip() == looked_at.text
    assert rendered("mail/enquiries/answer_subject.txt", context).strip() == looked_at.subject == "Your question"
    assert (row.address, row.recipient) == (looked_at.to, None)
    assert row.ids == {"enquiry": enquiry.pk, "event": event.pk}
    assert "bring your sister" in rendered("mail/enquiries/answer_message.html", context)
    enquiry.refresh_from_db()
    assert enquiry.next_step == "Ask again"


@pytest.mark.parametrize("changed", ["words", "subject", "address", "programme"])
def test_what_would_be_another_mail_is_not_sent(manager: User, changed: str) -> None:
    enquiry = make_enquiry(owner=manager)
    digest = letters.letter_of(enquiry, WORDS).digest
    words = {"words": Words("Your question", "No."), "subject": Words("Other", WORDS.body)}.get(changed, WORDS)
    if changed == "address":
        Enquiry.objects.filter(pk=enquiry.pk).update(email="else@example.org")
    if changed == "programme":
        Programme.objects.filter(pk=enquiry.programme_id).update(contact_phone="01632 960 999")

    with pytest.raises(AnswerChanged):
        send(enquiry, manager, words, digest=digest)

    assert mail() == []


def test_of_two_who_answer_the_second_is_told_and_can_send_theirs_when_they_have_read_it(manager: User) -> None:
    enquiry, colleague = make_enquiry(owner=manager), make_manager()
    first = send(enquiry, colleague)

    with pytest.raises(AnsweredMeanwhile) as told:
        send(enquiry, manager, Words("Mine", "Mine."))

    assert told.value.event == first
    second = send(enquiry, manager, Words("Mine", "Mine."), seen_answers=1)
    assert [first.answer_number, second.answer_number] == [1, 2]
    assert len({row.dedupe_key for row in mail()}) == 2


def test_a_second_click_sends_one_mail(manager: User) -> None:
    enquiry, key = make_enquiry(), uuid.uuid4()

    made = [send(enquiry, manager, key=key) for _click in range(3)]

    assert len({event.pk for event in made}) == 1
    assert len(mail()) == 1


def test_whoever_answers_a_nobodys_enquiry_has_it_and_a_colleagues_stays_theirs(manager: User) -> None:
    nobodys, owned = make_enquiry(), make_enquiry(owner=(colleague := make_manager()))

    for enquiry in (nobodys, owned):
        send(enquiry, manager)
        enquiry.refresh_from_db()

    assert (nobodys.owner, owned.owner) == (manager, colleague)


def test_nobody_is_written_to_without_an_address_when_closed_or_when_forgotten(manager: User) -> None:
    telephone, closed, forgotten = make_enquiry(email="", phone="01632 960 001"), make_enquiry(), make_enquiry()
    closing.close(enquiry=closed, outcome="answered", by=manager)
    forgetting.forget(enquiries=Enquiry.objects.filter(pk=forgotten.pk), by=manager)

    for enquiry, refusal in ((telephone, NoAddress), (closed, EnquiryClosed), (forgotten, EnquirerForgotten)):
        with pytest.raises(refusal):
            send(enquiry, manager)

    assert mail() == []


def test_an_answer_that_waits_is_not_sent_once_the_enquirer_is_forgotten(manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    send(enquiry, manager)
    (row,) = mail()
    assert still_theirs(row, timezone.now()) is None

    forgetting.forget(enquiries=Enquiry.objects.filter(pk=enquiry.pk), by=manager)

    row.refresh_from_db()
    assert row.state == LedgerRow.State.VOID
    assert still_theirs(row, timezone.now()) is not None
    with pytest.raises(NotWanted):
        row.mail_kind.render(row)


def test_whoever_asked_signed_in_is_the_recipient(manager: User) -> None:
    person = make_person("ada@example.test")
    mine, typed = make_enquiry(user=person, email=person.email), make_enquiry(user=person, email="x@example.test")

    send(mine, manager)
    send(typed, manager)

    assert [row.recipient for row in mail()] == [person, None]


def test_a_letter_begins_with_their_name_on_one_line(manager: User) -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(name="Oriel\nBcc: all@example.org")
    enquiry.refresh_from_db()

    begun = letters.begun(enquiry, manager)

    assert begun.body.splitlines()[0] == "Dear Oriel Bcc: all@example.org,"
    assert enquiry.reference in begun.subject
    assert len(begun.subject) <= 120


# ---- In the browser ----


def typed(enquiry: Enquiry, **changed: str) -> dict[str, str]:
    return {"subject": WORDS.subject, "body": WORDS.body, **typed_step(soon("Ask again")), **changed}


def carried_by(page: Any) -> dict[str, str]:
    """The hidden fields of the page that shows the mail, as a browser would send them."""
    form = page.content.decode().partition("/answer/send/")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_write_look_send(client: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    client.force_login(manager)
    write, deliver = (reverse(f"cohorts:enquiry_answer{name}", args=[enquiry.pk]) for name in ("", "_send"))

    blank = client.get(write).content.decode()
    assert f"Dear {enquiry.name}," in blank
    look = client.post(write, typed(enquiry, seen="0"))
    assert mail() == []
    shown = look.context["letter"]
    assert shown.text.splitlines()[0] in look.content.decode()
    sent = carried_by(look)
    assert sent["digest"] == shown.digest
    back = client.post(write, {**sent, "change": "1"})
    assert "bring your sister" in back.content.decode()
    for _click in range(2):
        assert client.post(deliver, sent).status_code == 302

    assert len(mail()) == 1
    page = client.get(enquiry.get_absolute_url()).content.decode()
    assert "bring your sister" in page
    assert "The mail is on its way." in page


def test_whoever_is_second_reads_the_other_answer_and_keeps_every_word(client: Any, manager: User) -> None:
    enquiry, colleague = make_enquiry(owner=manager), make_manager()
    client.force_login(manager)
    write, deliver = (reverse(f"cohorts:enquiry_answer{name}", args=[enquiry.pk]) for name in ("", "_send"))
    mine = typed(enquiry, body="My own long words.")
    sent = carried_by(client.post(write, {**mine, "seen": "0"}))
    send(enquiry, colleague, Words("Theirs", "What the colleague wrote."))

    clash = client.post(deliver, sent)

    assert clash.status_code == 409
    page = clash.content.decode()
    assert f"{colleague} answered while you wrote" in page
    assert "What the colleague wrote." in page
    assert "My own long words." in page
    assert len(mail()) == 1
    again = client.post(write, {**mine, "seen": str(clash.context["seen"])})
    assert client.post(deliver, carried_by(again)).status_code == 302
    assert len(mail()) == 2


def test_a_mail_that_would_be_another_is_shown_once_more(client: Any, manager: User) -> None:
    enquiry = make_enquiry(owner=manager)
    client.force_login(manager)
    deliver = reverse("cohorts:enquiry_answer_send", args=[enquiry.pk])

    page = client.post(deliver, typed(enquiry, digest="x", seen="0"), follow=True)

    assert "Nothing was sent" in page.content.decode()
    assert "bring your sister" in page.content.decode()
    assert mail() == []


def test_without_an_address_the_page_says_to_ring(client: Any, manager: User) -> None:
    enquiry = make_enquiry(email="", phone="+44 1632 960-001", owner=manager)
    client.force_login(manager)

    for page in (enquiry.get_absolute_url(), reverse("cohorts:enquiry_answer", args=[enquiry.pk])):
        assert 'href="tel:+441632960001"' in client.get(page).content.decode()
