"""Somebody asks from a programme's page: once, whatever they click, and nothing they typed is lost."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts.enquiries.models import Enquiry
from cohorts.enquiries.views.public import SALT, SHOWN_FOR_SECONDS
from cohorts.models import Cohort, Programme
from notifications.models import LedgerRow
from tests.accounts.factories import make_person
from tests.cohorts.enquiries.factories import WORDS, make_enquiry, make_programme_page
from tests.conftest import SecureClient
from tests.pairs.factories import at_once, make_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """A browser whose tokens are checked, as in life."""
    return SecureClient(enforce_csrf_checks=True, headers={"referer": "https://testserver/"})


def address(programme: Programme) -> str:
    return reverse("cohorts:ask", args=[programme.slug])


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, f"no field {name}"
    return found[1]


def tokens(page: Any) -> dict[str, str]:
    return {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "ticket")}


def send(visitor: Client, programme: Programme, page: Any = None, **words: Any) -> Any:
    page = page or visitor.get(address(programme))
    return visitor.post(address(programme), {**WORDS, **tokens(page), **words})


def slowly(page: Any, programme: Programme) -> dict[str, str]:
    """The ticket of a form that was opened a minute ago: the machine of a test types faster than anybody."""
    ticket = signing.loads(hidden(page, "ticket"), salt=f"enquiries:{programme.slug}.ticket")
    older = [ticket[0], ticket[1] - 60]
    return {"ticket": signing.dumps(older, salt=f"enquiries:{programme.slug}.ticket")}


def send_slowly(visitor: Client, programme: Programme, **words: Any) -> Any:
    page = visitor.get(address(programme))
    return send(visitor, programme, page, **{**slowly(page, programme), **words})


def mail() -> list[LedgerRow]:
    return list(LedgerRow.objects.filter(kind="enquiries.received").order_by("pk"))


# ---- Asking ----


def test_a_visitor_asks_when_nothing_is_open_and_sees_what_they_sent(visitor: Client) -> None:
    programme = make_programme_page()

    answer = send_slowly(visitor, programme, phone="01632 960 001", reach="After four", organisation="A surgery")

    enquiry = Enquiry.objects.get()
    assert (enquiry.name, enquiry.email, enquiry.kind) == ("Oriel Tamblyn", "oriel@example.org", "question")
    assert (enquiry.owner, enquiry.next_step_on, enquiry.signs) == (None, enquiry.answer_by, [])
    assert [event.verb for event in enquiry.events.all()] == ["came"]
    thanks = visitor.get(answer.url).content.decode()
    for shown in (WORDS["text"], enquiry.reference, "01632 960 001", "After four", "A surgery", "oriel@example.org"):
        assert shown in thanks
    assert f"{enquiry.answer_by:%B %Y}" in thanks


def test_the_programmes_page_leads_there(visitor: Client) -> None:
    programme = make_programme_page()

    page = visitor.get(reverse("cohorts:programme_detail", args=[programme.slug])).content.decode()

    assert f'href="{address(programme)}"' in page


def test_what_it_is_about_can_be_said_by_the_link_and_one_of_the_programmes_dates(visitor: Client) -> None:
    cohort, draft, foreign = make_cohort(state="open"), make_cohort(state="draft"), make_cohort(state="open")
    Cohort.objects.filter(pk=draft.pk).update(programme=cohort.programme)
    page = visitor.get(address(cohort.programme), {"kind": "interest", "cohort": cohort.slug})
    assert f'value="{cohort.slug}" selected' in page.content.decode()

    for other in (draft, foreign):
        refused = send(visitor, cohort.programme, page, cohort=other.slug)
        assert "These dates are not offered any more" in refused.content.decode()
    send(visitor, cohort.programme, page, kind="interest", cohort=cohort.slug)

    assert Enquiry.objects.get().cohort == cohort


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"kind": ""}, "Choose what it is about."),
        ({"text": ""}, "Write a few words, so that we know how to help."),
        ({"name": " "}, "Enter your name."),
        ({"email": ""}, "Enter a telephone number or an email address, so that we can answer you."),
        ({"email": "oriel@"}, "Enter an email address in the right form, like name@example.org."),
        ({"phone": "12"}, "Enter the whole telephone number, such as 01632 960 143."),
        ({"name": "x" * 201}, "Shorten your name to 200 letters or fewer."),
    ],
)
def test_mistakes_say_how_to_put_them_right_and_keep_every_word(
    visitor: Client, words: dict[str, str], told: str
) -> None:
    page = send(visitor, make_programme_page(), **{"reach": "After four", **words})

    shown = page.content.decode()
    assert "<title>Error: " in shown
    assert told in shown
    kept = {**WORDS, "reach": "After four", **words}
    for value in (kept["name"], kept["email"], kept["phone"], kept["text"], kept["reach"]):
        assert value.strip() in shown
    assert not Enquiry.objects.exists()


def test_one_way_to_be_reached_is_enough(visitor: Client) -> None:
    programme = make_programme_page()

    send_slowly(visitor, programme, email="", phone="+44 (0)1632 960-001")

    assert Enquiry.objects.get().phone == "+44 (0)1632 960-001"
    assert mail() == []


def test_whoever_is_signed_in_need_not_type_who_they_are(visitor: Client) -> None:
    person, programme = make_person("ada@example.test", name="Ada Birch"), make_programme_page()
    visitor.force_login(person)

    page = visitor.get(address(programme)).content.decode()
    assert 'value="Ada Birch"' in page
    assert 'value="ada@example.test"' in page
    send_slowly(visitor, programme, email="ada@example.test")

    assert Enquiry.objects.get().user == person
    assert mail()[0].recipient == person


def test_nobody_sets_more_than_the_form_has(visitor: Client) -> None:
    programme = make_programme_page()
    extra = {"id": 7, "owner": 1, "user": 1, "reference": "EEEEEE", "closed_at": "2026-01-01", "outcome": "answered"}

    send(visitor, programme, **extra, next_step="Pay me", signs="[]", came_at="2020-01-01")

    enquiry = Enquiry.objects.get()
    assert (enquiry.owner, enquiry.user, enquiry.closed_at, enquiry.outcome) == (None, None, None, "")
    assert enquiry.reference != "EEEEEE"
    assert enquiry.next_step == "Answer them"


# ---- Once ----


def test_a_second_click_is_the_same_enquiry(visitor: Client) -> None:
    programme = make_programme_page()
    page = visitor.get(address(programme))

    answers = [send(visitor, programme, page) for _click in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 6
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_many_threads_is_one_enquiry_and_one_mail() -> None:
    programme = make_programme_page()
    key = uuid.uuid4()
    first = make_enquiry(programme, key=key)

    made = at_once(lambda _number: make_enquiry(programme, key=key), threads=8)

    assert {one.pk for one in made} == {first.pk}
    assert (Enquiry.objects.count(), len(mail())) == (1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "And is there a lift?"},
        {"email": "o.tamblyn@example.org"},
        {"phone": "01632 960 001"},
        {"kind": "interest"},
    ],
)
def test_back_and_other_words_are_another_question_and_a_second_click_on_them_is_not(
    visitor: Client, changed: dict[str, str]
) -> None:
    programme = make_programme_page()
    page = visitor.get(address(programme))
    send(visitor, programme, page)

    answers = [send(visitor, programme, page, **changed) for _click in range(2)]

    second = Enquiry.objects.latest("pk")
    assert Enquiry.objects.count() == 2
    assert {name: getattr(second, name) for name in changed} == changed
    for answer in answers:
        assert second.reference in visitor.get(answer.url).content.decode()


def test_other_words_from_the_same_page_are_counted_as_any_others(visitor: Client) -> None:
    programme = make_programme_page()
    page = visitor.get(address(programme))

    statuses = [send(visitor, programme, page, text=f"Question {n}").status_code for n in range(5)]

    assert statuses == [302] * 4 + [429]
    assert send(visitor, programme, page, text="Question 3").status_code == 302


@pytest.mark.parametrize("spoiled", [{"csrfmiddlewaretoken": "x" * 64}, {"ticket": "forged"}])
def test_a_wrong_token_saves_nothing_and_loses_nothing(visitor: Client, spoiled: dict[str, str]) -> None:
    programme = make_programme_page()

    page = send(visitor, programme, **spoiled)

    assert not Enquiry.objects.exists()
    assert "Please send it once more" in page.content.decode()
    assert WORDS["text"] in page.content.decode()
    assert send(visitor, programme, page).status_code == 302


def test_a_ticket_of_one_programme_opens_no_other(visitor: Client) -> None:
    shown, hidden_one = make_programme_page(), make_programme_page(state="draft")
    page = visitor.get(address(shown))

    assert visitor.get(address(hidden_one)).status_code == 404
    assert visitor.post(address(hidden_one), {**WORDS, **tokens(page)}).status_code == 404


def test_a_programme_that_is_put_away_while_somebody_writes_still_takes_their_words(visitor: Client) -> None:
    cohort = make_cohort(state="draft")
    told = Cohort.objects.filter(pk=cohort.pk)
    told.update(opens_on=cohort.starts_on)
    page = visitor.get(address(cohort.programme))
    told.update(opens_on=None)

    assert visitor.get(address(cohort.programme)).status_code == 404
    answer = send(visitor, cohort.programme, page)

    assert Enquiry.objects.count() == 1
    assert visitor.get(answer.url).status_code == 200


# ---- Too many, and machines ----


def test_too_many_from_one_person_wait_and_keep_their_words(visitor: Client) -> None:
    programme = make_programme_page()

    answers = [send(visitor, programme, text=f"Question {n}") for n in range(5)]

    assert [answer.status_code for answer in answers] == [302] * 4 + [429]
    assert "Question 4" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0
    assert send(visitor, programme, email="other@example.org").status_code == 302


def test_a_telephone_number_is_counted_without_its_spaces(visitor: Client) -> None:
    programme = make_programme_page()

    numbers = ["01632960001", "01632 960001", "01632 960 001", "(01632) 960-001", "01632.960.001"]
    answers = [send(visitor, programme, email="", phone=number) for number in numbers]

    assert [answer.status_code for answer in answers] == [302] * 4 + [429]


def test_a_network_sends_so_many_whoever_they_say_they_are(visitor: Client) -> None:
    programme = make_programme_page()

    statuses = []
    for n in range(13):
        visitor.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.{n}.7"
        statuses.append(send(visitor, programme, email=f"w{n}@example.org").status_code)

    assert statuses == [302] * 12 + [429]


@pytest.mark.parametrize("way", ["hidden field", "haste"])
def test_what_seems_a_machines_is_kept_and_confirmed_to_nobody(visitor: Client, way: str) -> None:
    programme = make_programme_page()

    if way == "haste":
        answer = send(visitor, programme)
    else:
        answer = send_slowly(visitor, programme, hp="filled by a password manager")

    assert Enquiry.objects.get().signs == ["fast" if way == "haste" else "hidden_field"]
    assert mail() == []
    thanks = visitor.get(answer.url).content.decode()
    assert "We have it" in thanks
    assert "confirmation" not in thanks


# ---- The confirmation ----


def test_an_address_that_was_only_typed_gets_one_confirmation_a_day_without_a_word_of_theirs(visitor: Client) -> None:
    programme = make_programme_page()
    answers = [send_slowly(visitor, programme, text=f"Buy this {n}", name="Cheap Pills") for n in range(3)]

    (row,) = mail()
    assert (row.address, row.recipient, row.ids) == (
        "oriel@example.org",
        None,
        {"enquiry": Enquiry.objects.earliest("pk").pk},
    )
    shown = [b"a short confirmation" in visitor.get(answer.url).content for answer in answers]
    assert shown == [True, False, False]
    make_enquiry(programme, at=timezone.now() + timedelta(days=1))
    assert len(mail()) == 2


def test_whoever_proved_their_address_gets_a_confirmation_each_time() -> None:
    person, programme = make_person("ada@example.test"), make_programme_page()

    for _time in range(2):
        make_enquiry(programme, user=person, email="ada@example.test")

    assert [row.recipient for row in mail()] == [person, person]


def test_the_confirmation_holds_the_number_the_day_and_nothing_that_was_typed() -> None:
    from notifications.desk import rendered

    typed = {"name": "CANARY-NAME", "text": "CANARY-TEXT", "reach": "CANARY-REACH", "organisation": "CANARY-ORG"}
    enquiry = make_enquiry(email="ada@example.test", phone="01632 960 777", **typed)

    context = mail()[0].mail_kind.render(mail()[0])
    written = [rendered(f"mail/enquiries/received_{part}", context) for part in ("subject.txt", "message.txt")]
    written.append(rendered("mail/enquiries/received_message.html", context))

    assert not any("CANARY" in part or "777" in part for part in written)
    assert all(enquiry.reference in part for part in written)


# ---- Thanks ----


def test_the_thanks_show_their_words_for_an_hour_and_to_nobody_who_guesses(visitor: Client) -> None:
    enquiry = make_enquiry()
    args = [enquiry.programme.slug, signing.dumps(enquiry.pk, salt=SALT)]
    old = signing.TimestampSigner(salt=SALT)
    old.timestamp = lambda: signing.b62_encode(  # type: ignore[method-assign]
        int((timezone.now() - timedelta(seconds=SHOWN_FOR_SECONDS + 5)).timestamp())
    )
    expired = old.sign_object(enquiry.pk)

    fresh = visitor.get(reverse("cohorts:ask_thanks", args=args))
    assert WORDS["text"] in fresh.content.decode()
    assert "no-store" in fresh["Cache-Control"]
    later = visitor.get(reverse("cohorts:ask_thanks", args=[args[0], expired])).content.decode()
    assert enquiry.reference in later
    assert WORDS["text"] not in later
    assert WORDS["name"] not in later
    for wrong in (signing.dumps(enquiry.pk), str(enquiry.pk), "x" * 40):
        assert visitor.get(reverse("cohorts:ask_thanks", args=[args[0], wrong])).status_code == 404
    other = reverse("cohorts:ask_thanks", args=[make_programme_page().slug, args[1]])
    assert visitor.get(other).status_code == 404


def test_friday_evenings_question_is_promised_for_tuesday() -> None:
    friday = datetime(2026, 11, 27, 19, tzinfo=UTC)

    assert f"{make_enquiry(at=friday).answer_by:%A %d}" == "Tuesday 01"


def test_a_page_for_everybody_keeps_its_number_of_queries(visitor: Client, django_assert_num_queries: Any) -> None:
    programme = make_programme_page()
    with django_assert_num_queries(3):
        visitor.get(address(programme))
    for number in range(5):
        Cohort.objects.filter(pk=make_cohort(state="open", name=f"C{number}").pk).update(programme=programme)
    with django_assert_num_queries(3):
        visitor.get(address(programme))


def test_letters_that_the_database_would_write_otherwise_are_refused_before_the_at(visitor: Client) -> None:
    page = send_slowly(visitor, make_programme_page(), email="\ua7dc@x.example")

    assert "Enter an email address in the right form" in page.content.decode()
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("letter", ["\ua7cb", "\u1c89"])
def test_letters_that_the_database_would_write_otherwise_are_coded_after_it(visitor: Client, letter: str) -> None:
    send_slowly(visitor, make_programme_page(), email=f"a@x{letter}.example")

    assert Enquiry.objects.get().email.isascii()


def test_a_domain_of_another_script_is_written_as_mail_knows_it(visitor: Client) -> None:
    send_slowly(visitor, make_programme_page(), email="Ada@Müller.example")

    assert Enquiry.objects.get().email == "ada@xn--mller-kva.example"
