"""What a real server received, byte for byte (field/reliability.md §2.5)."""

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from notifications import delivery, kinds
from notifications.message import BadMessage, Message
from notifications.models import Subscription
from notifications.sink import Keeper
from notifications.transport import Accepted, Transport
from tests.notifications import factories
from tests.notifications.factories import queue
from tests.notifications.sinks import body, parsed


def message(**fields: Any) -> Message:
    given: dict[str, Any] = {
        "message_id": "<0123@alongside.test>",
        "sender": "Alongside <hello@alongside.test>",
        "to": "reader@mail.test",
        "subject": "Your week",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "dated": datetime(2026, 11, 22, tzinfo=UTC),
    }
    return Message(**given | fields)


def lines(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


@pytest.mark.django_db
def test_every_header_a_service_mail_carries(sink: Keeper) -> None:
    row = queue()

    delivery.deliver_due()

    mail = parsed(sink.received[0].raw)
    assert {name: str(value) for name, value in mail.items() if name not in {"Date", "Content-Type"}} == {
        "From": "Alongside <hello@alongside.test>",
        "Reply-To": "Alongside <hello@alongside.test>",
        "To": row.address,
        "Subject": "Your week with Alongside",
        "Message-ID": f"<{row.message_uuid.hex}@alongside.test>",
        "Content-Language": "en-GB",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }
    assert abs(parsedate_to_datetime(str(mail["Date"])).timestamp() - time.time()) < 60
    assert mail.get_content_type() == "multipart/alternative"


@pytest.mark.django_db
def test_optional_mail_carries_one_click_unsubscribe_on_one_unencoded_line(sink: Keeper) -> None:
    row = queue(kind=factories.REMINDER)

    delivery.deliver_due()

    token = Subscription.objects.get(user=row.recipient, category="reminder").token
    url = f"https://alongside.test/mail/u/{token}/"
    assert (len(token), len(url) <= 75) == (22, True)
    assert [line for line in lines(sink.received[0].raw) if line.startswith(b"List-")] == [
        f"List-Unsubscribe: <{url}>".encode(),
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


@pytest.mark.django_db
def test_text_and_html_hold_the_same_links(sink: Keeper) -> None:
    queue(kind=factories.REMINDER)

    delivery.deliver_due()

    text, html = (body(sink.received[0].raw, subtype) for subtype in ("plain", "html"))
    in_text = set(re.findall(r"https?://\S+", text))
    in_html = set(re.findall(r'href="(https?://[^"]+)"', html))
    assert in_text == in_html
    assert "https://alongside.test/log/" in in_text
    assert re.findall(r'(?:src|background)="?http', html) == []


@pytest.mark.django_db
def test_one_recipient_and_no_copies(sink: Keeper) -> None:
    for _ in range(5):
        queue()

    delivery.deliver_due()

    assert [len(mail.recipients) for mail in sink.received] == [1] * 5
    assert [parsed(mail.raw)["To"] for mail in sink.received] == [mail.recipients[0] for mail in sink.received]
    assert not any(re.search(rb"^B?CC:", mail.raw, re.I | re.M) for mail in sink.received)


def test_a_line_that_begins_with_a_dot_survives_the_builder() -> None:
    raw = message(text=".\n..two\nplain .\n.", html="<p>.</p>\n.").as_bytes()

    assert body(raw) == ".\n..two\nplain .\n."


@pytest.mark.django_db
def test_a_line_that_begins_with_a_dot_arrives_whole(sink: Keeper) -> None:
    text = ".\n..two\nplain .\n.\nlast"

    with Transport() as transport:
        assert transport.send(message(text=text)) == Accepted()

    assert body(sink.received[0].raw) == text


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "One\r\nBcc: a@mail.test"},
        {"subject": "One\nTwo"},
        {"subject": "Ünï\nTwo"},
        {"subject": "x" * 2000},
        {"to": "a@mail.test\nBcc: b@mail.test"},
        {"to": "a@mail.test>, <b@mail.test"},
        {"to": "nobody"},
        {"unsubscribe_url": "https://x.test/\r\nX: y"},
    ],
    ids=str,
)
def test_no_header_can_smuggle_in_another(fields: dict[str, str]) -> None:
    with pytest.raises(BadMessage):
        message(**fields).as_bytes()


def test_more_than_ascii_arrives_as_written() -> None:
    text = "Caffè – 12 €, naïve  \ntrailing space above, = and a very " + "long " * 60 + "line"

    raw = message(subject="Ünïcode – ein Gruß", to="reader@münchen.test", text=text).as_bytes()

    mail = parsed(raw)
    assert mail["Subject"] == "Ünïcode – ein Gruß"
    assert mail["To"] == "reader@xn--mnchen-3ya.test"
    assert body(raw) == text


@pytest.mark.parametrize("letter", ["ü", "ش", "病", "👩🏽‍🦽"])
def test_a_subject_of_two_hundred_letters_of_any_script_arrives_whole(letter: str) -> None:
    subject = (letter * 200)[:200]

    assert parsed(message(subject=subject).as_bytes())["Subject"] == subject


def test_seven_bits_short_lines_and_crlf_everywhere() -> None:
    raw = message(text="Ä" * 5000 + "\n\nline\r\nother", html="<p>" + "ü" * 5000 + "</p>", subject="ü" * 200).as_bytes()

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


def test_every_kind_has_its_three_templates() -> None:
    from django.template import TemplateDoesNotExist
    from django.template.loader import get_template

    missing = []
    for kind in kinds.every():
        for part in ("subject.txt", "message.txt", "message.html"):
            try:
                get_template(f"{kind.template}_{part}")
            except TemplateDoesNotExist:
                missing.append(f"{kind.template}_{part}")

    assert [name for name in missing if not name.startswith("mail/none/")] == []
