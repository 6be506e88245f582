"""One message as the bytes that go over the wire, with no clock and no database.

Python's own builder spends three milliseconds on a message, and folds or encodes header lines of 76 characters and
more: a `List-Unsubscribe` that a mailbox can no longer read. Ours writes the few headers we use, one a line but for a
long subject, and two quoted-printable bodies. Tests parse what a real server received with the standard library
(RFC 5322, 2045, 2047).
"""

import binascii
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

LONGEST_LINE = 900


class BadMessage(ValueError):
    """A header that could smuggle in another one, or an address nothing can be sent to."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent: one sender, one recipient, a text and the same text as HTML."""

    message_id: str
    sender: str
    to: str
    subject: str
    text: str
    html: str
    dated: datetime
    unsubscribe_url: str | None = None

    def headers(self) -> dict[str, str]:
        """Every header but those that describe the body's own form. Raises BadMessage."""
        headers = {
            "From": written_address(self.sender),
            "Reply-To": written_address(self.sender),
            "To": self.envelope_to,
            "Date": format_datetime(self.dated),
            "Message-ID": self.message_id,
            "Content-Language": "en-GB",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
        if self.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return {name: single_line(value) for name, value in headers.items()} | {"Subject": folded(self.subject)}

    @property
    def envelope_from(self) -> str:
        return ascii_address(parseaddr(self.sender)[1])

    @property
    def envelope_to(self) -> str:
        return ascii_address(self.to)

    def as_bytes(self) -> bytes:
        """The whole message, CRLF at each end of line, 7 bits everywhere. Raises BadMessage."""
        boundary = "=_" + self.message_id.strip("<>").partition("@")[0]
        head = self.headers() | {
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return b"".join(
            (
                lines.encode("ascii"),
                b"\r\n",
                _part(boundary, "plain", self.text),
                _part(boundary, "html", self.html),
                f"--{boundary}--\r\n".encode("ascii"),
            )
        )


def _part(boundary: str, subtype: str, body: str) -> bytes:
    """One half of the alternative. "=_" cannot occur in quoted-printable, so the boundary cannot occur in a body."""
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    plain = "\n".join(body.strip().splitlines()) + "\n"
    quoted = binascii.b2a_qp(plain.encode("utf-8"), istext=True)
    return head.encode("ascii") + quoted.replace(b"\n", b"\r\n")


def single_line(value: str) -> str:
    if "\n" in value or "\r" in value or "\0" in value:
        raise BadMessage("a header holds a line break")
    if len(value) > LONGEST_LINE:
        raise BadMessage("a header is too long")
    if not value.isascii():
        raise BadMessage("a header is not in ASCII")
    return value


def folded(subject: str) -> str:
    """`subject` as a header can carry it: as it is, or in RFC 2047 words, a line each, where it holds more than ASCII.

    The only header of more than one line: 200 letters of some scripts are longer than one may be.
    """
    if subject.isascii():
        return single_line(subject)
    return Header(single_line_text(subject), "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")


def single_line_text(value: str) -> str:
    if len(value.splitlines()) > 1:
        raise BadMessage("a header holds a line break")
    return value


@lru_cache(maxsize=16)
def written_address(address: str) -> str:
    name, bare = parseaddr(single_line_text(address))
    return formataddr((name, ascii_address(bare)), "utf-8")


def ascii_address(address: str) -> str:
    """`address` with its domain as DNS knows it. Raises BadMessage where a server could not be asked for it."""
    local, at, domain = address.rpartition("@")
    try:
        bare = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise BadMessage("the address has no usable domain") from None
    if not local or not at or not bare.isascii() or any(character.isspace() or character in "<>" for character in bare):
        raise BadMessage("the address is not one a message can go to")
    return bare
