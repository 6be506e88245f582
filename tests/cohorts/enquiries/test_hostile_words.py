"""Real attacks through every field and every output. The lists lie outside this repository; without them: skipped."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from cohorts.enquiries import letters
from cohorts.enquiries.forms import AnswerForm, AskForm
from cohorts.enquiries.letters import Words
from cohorts.enquiries.models import Enquiry, EnquiryEvent
from cohorts.enquiries.views.detail import Line
from cohorts.enquiries.views.doors import page
from cohorts.enquiries.views.listing import _cells, _heads
from cohorts.models import Programme
from config import tables
from notifications.desk import rendered
from notifications.message import Message
from tests.cohorts.enquiries.factories import WORDS, make_manager, make_programme_page, soon, today, typed_step

pytestmark = pytest.mark.django_db

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"


def strings() -> list[str]:
    if not CORPORA.exists():
        pytest.skip(f"no lists of hostile strings at {CORPORA}")
    lines = (CORPORA / "xss.txt").read_text(errors="replace").splitlines()
    naughty: list[str] = json.loads((CORPORA / "naughty_strings.json").read_text())
    # A part of the long list, all of the naughty one: each is rendered on three pages.
    return [line for line in [*lines[::60], *naughty] if line.strip()]


def accepted(programme: Programme) -> list[dict[str, Any]]:
    """What the form lets through of each, in every field."""
    found = []
    for text in strings():
        typed = {"name": text[:200], "reach": text[:200], "organisation": text[:200], "text": text[:4000]}
        form = AskForm({**WORDS, **typed}, programme=programme)
        if form.is_valid():
            found.append({name: form.cleaned_data[name] for name in typed})
    return found


def enquiry_of(programme: Programme, words: dict[str, Any], owner: User) -> Enquiry:
    """Not saved: thousands of them are only looked at."""
    now = timezone.now()
    fixed = {"reference": "EAAAAA", "kind": "question", "email": "x@example.org", "came_at": now, "answer_by": today()}
    step = soon(words["name"])
    return Enquiry(pk=1, programme=programme, owner=owner, next_step=step.what, next_step_on=step.on, **fixed, **words)


def shape_of(html: str) -> list[tuple[str, list[str]]]:
    """The tags of a page in their order, each with the names of its attributes."""
    elements = html5lib.parse(html, namespaceHTMLElements=False).iter()
    return [(one.tag, sorted(one.attrib)) for one in elements if isinstance(one.tag, str)]


def pages_of(enquiry: Enquiry, reader: User) -> list[str]:
    """Title and main part of each page that shows their words."""
    request: Any = RequestFactory().get("/")
    request.user, request._messages = reader, []
    event = EnquiryEvent(
        pk=1, verb="noted", by=reader, text=enquiry.text.replace("\n", " "), at=timezone.now(), enquiry=enquiry
    )
    answers = [
        page(request, "detail", enquiry, lines=[Line(event, None)], has_owner=True, traces=[], others=[]),
        page(request, "note", enquiry),
        page(request, "thanks", enquiry, is_shown=True, is_confirmed=True, asked_as="A question"),
    ]
    shown = (answer.content.decode() for answer in answers)
    return ["".join(re.findall("<title>.*</title>|<main.*</main>", one, re.DOTALL)) for one in shown]


def test_nothing_typed_becomes_markup_on_any_page() -> None:
    programme, manager = make_programme_page(), make_manager()
    plain = dict.fromkeys(("name", "reach", "organisation", "text"), "harmless")
    ours = [shape_of(shown) for shown in pages_of(enquiry_of(programme, plain, manager), manager)]
    words = accepted(programme)

    broken = []
    for each in words:
        single = {name: " ".join(str(value).split()) or "x" for name, value in each.items()}
        if [shape_of(shown) for shown in pages_of(enquiry_of(programme, single, manager), manager)] != ours:
            broken.append(single)

    assert len(words) > 300
    assert broken == []


def test_the_check_itself_sees_an_attack() -> None:
    assert shape_of("<p>x</p>") != shape_of("<p>x<img src=x onerror=alert(1)></p>")


def test_an_answer_in_any_words_is_one_mail_with_one_subject() -> None:
    programme, manager = make_programme_page(), make_manager()
    enquiry = enquiry_of(programme, dict.fromkeys(("name", "reach", "organisation", "text"), "x"), manager)

    for text in strings():
        typed = {"subject": text[:120], "body": text[:6000], **typed_step(soon())}
        form = AnswerForm(typed, today=today())
        if not form.is_valid():
            continue
        letter = letters.letter_of(enquiry, form.words)
        html = rendered(
            "mail/enquiries/answer_message.html", {"enquiry": enquiry, "programme": programme, "words": form.words}
        )
        message = Message(
            message_id="<a@b>",
            sender="Alongside <a@example.org>",
            to=letter.to,
            subject=letter.subject,
            text=letter.text,
            html=html,
            dated=timezone.now(),
        )
        assert message.as_bytes().count(b"\r\nSubject: ") == 1


def test_a_letter_can_be_begun_for_whoever_has_such_a_name() -> None:
    programme, manager = make_programme_page(), make_manager()

    for each in accepted(programme):
        begun = letters.begun(enquiry_of(programme, each, manager), manager)
        form = AnswerForm({"subject": begun.subject, "body": begun.body, **typed_step(soon())}, today=today())
        assert form.is_valid(), each
        assert form.words == Words(begun.subject, begun.body.replace("\t", " "))


def test_the_table_of_all_of_them_reads_back_with_no_cell_that_runs() -> None:
    programme, manager = make_programme_page(), make_manager()
    rows = [enquiry_of(programme, each, manager) for each in accepted(programme)]

    lines = b"".join(tables.csv_lines(_cells(iter(rows)), heads=_heads())).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(lines, newline="")))

    assert len(read) == len(rows) + 1
    assert {len(row) for row in read} == {len(_heads())}
    assert [cell for row in read for cell in row if cell.lstrip(" ").startswith(tables.DANGEROUS)] == []
