"""The road to the mail server: what it answered, and how sure we may be of it.

SMTP has no commit. Until the text's last line is out a server cannot have taken the message; after it, silence means
that nobody knows. So the steps are driven one by one, over the connection that Django's mailer opens.
"""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend

from notifications.message import Message

AT_ONCE_SECONDS = 3


class MailerDown(Exception):
    """No server to talk to, or it will not talk to us: no message's fault. The text is a short reason."""


@dataclass(frozen=True)
class Accepted:
    """The server took it."""


@dataclass(frozen=True)
class Refused:
    """Never. `is_mailbox`: it is the address that is refused, so nothing else should go there either."""

    reason: str
    is_mailbox: bool = False


@dataclass(frozen=True)
class TryLater:
    """Not now; certainly not taken."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """The text went out and no answer came back."""

    reason: str


Outcome = Accepted | Refused | TryLater | Unknown


class Transport:
    """One connection, opened when first needed and kept for the whole run."""

    def __init__(self, *, timeout: float | None = None) -> None:
        backend: Any = mailers.default
        if timeout is not None:
            backend.timeout = timeout
        self._backend = backend
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up(politely=kind is None)

    @property
    def is_smtp(self) -> bool:
        return isinstance(self._backend, EmailBackend)

    def open(self) -> bool:
        """Be ready to send; whether that took a new connection. Raises MailerDown."""
        try:
            is_new = bool(self._backend.open())
            if is_new and self.is_smtp:
                self._backend.connection.ehlo_or_helo_if_needed()
        except (OSError, UnicodeError) as error:  # smtplib's own errors are OSErrors
            self._hang_up(politely=False)
            raise MailerDown(_short(error)) from error
        if is_new:
            self._carried = 0
        return is_new

    def send(self, message: Message) -> Outcome:
        """Hand over one message to one recipient. Raises MailerDown, BadMessage."""
        if not self.is_smtp:
            return self._send_whole(message)
        wire = message.as_bytes()
        try:
            return self._send_over_smtp(message, wire)
        except MailerDown:
            if not self._carried:
                raise
        return self._send_over_smtp(message, wire)  # many servers end a connection after so many messages

    def _send_over_smtp(self, message: Message, wire: bytes) -> Outcome:
        self.open()
        smtp: smtplib.SMTP = self._backend.connection
        try:
            _begin(smtp, message)
        except MailerDown:
            self._hang_up(politely=False)
            raise
        outcome = _converse(smtp, message, wire)
        self._carried += 1
        if smtp.sock is None:
            self._hang_up(politely=False)
        return outcome

    def _send_whole(self, message: Message) -> Outcome:
        """Through a mailer that is not SMTP (a provider's API, the test runner's memory)."""
        mail = EmailMultiAlternatives(
            message.subject, message.text, message.sender, [message.to], headers=_extra(message.headers())
        )
        mail.attach_alternative(message.html, "text/html")
        try:
            self._backend.send_messages([mail])
        except Exception as error:
            return TryLater(_short(error))
        return Accepted()

    def _hang_up(self, *, politely: bool) -> None:
        """Leave. A server that went silent is not waited for once more."""
        if not self.is_smtp:
            return
        for smtp in (self._backend.connection, self._backend._partial_connection):
            if smtp is None:
                continue
            try:
                if politely:
                    smtp.quit()
            except OSError:
                pass
            finally:
                smtp.close()
        self._backend.connection = self._backend._partial_connection = None


def _extra(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in {"From", "To", "Subject"}}


def _begin(smtp: smtplib.SMTP, message: Message) -> None:
    """MAIL, which speaks of the sender only. Raises MailerDown."""
    try:
        code, text = smtp.mail(message.envelope_from)
    except OSError as error:
        raise MailerDown(_short(error)) from error
    if code != 250:
        raise MailerDown(_answer(code, text))


def _converse(smtp: smtplib.SMTP, message: Message, wire: bytes) -> Outcome:
    """RCPT, DATA, text, answer."""
    try:
        code, text = smtp.rcpt(message.envelope_to)
        if code not in (250, 251):
            return _refusal(smtp, code, text, is_mailbox=True)
        code, text = smtp.docmd("DATA")
        if code != 354:
            return _refusal(smtp, code, text, is_mailbox=False)
        smtp.send(_dot_stuffed(wire))
    except OSError as error:
        smtp.close()
        return TryLater(_short(error))
    try:
        code, text = smtp.getreply()
    except OSError as error:
        smtp.close()
        return Unknown(_short(error))
    if code == 250:
        return Accepted()
    return _refusal(smtp, code, text, is_mailbox=False)


def _refusal(smtp: smtplib.SMTP, code: int, text: bytes, *, is_mailbox: bool) -> Outcome:
    if 500 <= code < 600:
        _reset(smtp)
        return Refused(_answer(code, text), is_mailbox=is_mailbox)
    return _not_now(smtp, code, text)


def _not_now(smtp: smtplib.SMTP, code: int, text: bytes) -> TryLater:
    if code == 421:
        smtp.close()
    else:
        _reset(smtp)
    return TryLater(_answer(code, text))


def _reset(smtp: smtplib.SMTP) -> None:
    try:
        smtp.rset()
    except OSError:
        smtp.close()


def _dot_stuffed(wire: bytes) -> bytes:
    """RFC 5321 §4.5.2: a line that begins with a dot gets another; a dot alone ends the text."""
    return wire.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _answer(code: int, text: bytes) -> str:
    """Code and enhanced code only: a server's own words often repeat the address."""
    word = text.decode("ascii", "replace").split(" ", 1)[0]
    is_enhanced = word.count(".") == 2 and word.replace(".", "").isdigit()
    return f"{code} {word}" if is_enhanced else str(code)


def _short(error: BaseException) -> str:
    """What kind of failure, in a word or two that hold no address."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _answer(error.smtp_code, text if isinstance(text, bytes) else str(text).encode())
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "no answer in time" if "timed out" in str(error) else "the server hung up"
    return type(error).__name__
