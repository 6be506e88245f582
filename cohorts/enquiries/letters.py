"""An answer as the mail it becomes: the words it starts from, and its fingerprint."""

import hashlib
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.enquiries.models import Enquiry
from config.plain_text import clean
from notifications.desk import rendered

TEMPLATE = "mail/enquiries/answer"


@dataclass(frozen=True)
class Words:
    """What a manager wrote: one line, and the text."""

    subject: str
    body: str


@dataclass(frozen=True)
class Letter:
    """The mail itself, in plain text."""

    to: str
    subject: str
    text: str

    @property
    def digest(self) -> str:
        """The same only for the same words to the same address."""
        return hashlib.sha256("\0".join((self.to, self.subject, self.text)).encode()).hexdigest()


def letter_of(enquiry: Enquiry, words: Words) -> Letter:
    """What `words` become, by the very templates that write the mail."""
    context: dict[str, object] = {"enquiry": enquiry, "programme": enquiry.programme, "words": words}
    subject = rendered(f"{TEMPLATE}_subject.txt", context).strip()
    return Letter(enquiry.email, subject, rendered(f"{TEMPLATE}_message.txt", context).strip())


def begun(enquiry: Enquiry, by: User) -> Words:
    """A letter's first and last words, for the manager to write between."""
    greeting = _("Dear %(name)s,") % {"name": _one_line(enquiry.name)} if enquiry.name else _("Hello,")
    farewell = _("With warm wishes") + f"\n{by.name}\n{enquiry.programme.name}"
    subject = _("Your question to %(programme)s") if enquiry.kind == Enquiry.Kind.QUESTION else _("%(programme)s")
    line = Truncator(_one_line(subject % {"programme": enquiry.programme.name})).chars(100)
    return Words(f"{line} ({enquiry.reference})", f"{greeting}\n\n\n\n{farewell}")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
