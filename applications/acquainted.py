"""Signs that a reviewer may know the people of an application: a question to ask, never an answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Domains at which people of no common organisation have their mail: to have one says nothing about where somebody
# works, to whoever reviews and to matching. nhs.net serves a whole country's health
# service; apply.test and demo.test are where everybody in the demonstration lives.
SHARED_BY_MANY = frozenset(
    {
        "aol.com",
        "aol.co.uk",
        "apply.test",
        "blueyonder.co.uk",
        "btinternet.com",
        "demo.test",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "nhs.net",
        "ntlworld.com",
        "outlook.com",
        "outlook.co.uk",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "tiscali.co.uk",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.ie",
        "ymail.com",
        "zoho.com",
    }
)


@dataclass(frozen=True)
class Known:
    """What is known of one person: the words they gave of themselves, any of them empty."""

    pk: int | None
    name: str
    email: str
    organisation: str


def signs(reader: Known, people: Iterable[Known], sponsor: str = "") -> list[str]:
    """Why `reader` may know `people` or stand behind their work, in sentences to `reader`; usually none."""
    people = list(people)
    found = []
    if any(_is_same(reader, one) for one in people):
        found.append(_("You may be one of the people of this application."))
    elif any(_same_words(reader.organisation, one.organisation) for one in people):
        found.append(_("You and one of its people name the same organisation."))
    elif any(_domain(reader.email) and _domain(reader.email) == _domain(one.email) for one in people):
        found.append(_("Your email address and that of one of its people belong to the same organisation."))
    if _plain(reader.name) and f" {_plain(reader.name)} " in f" {_plain(sponsor)} ":
        found.append(_("Your name stands where they were asked who stands behind their work."))
    return found


def _is_same(reader: Known, one: Known) -> bool:
    is_account = reader.pk is not None and reader.pk == one.pk
    is_address = bool(reader.email) and reader.email.casefold() == one.email.casefold()
    return is_account or is_address or _same_words(reader.name, one.name)


def _same_words(one: str, other: str) -> bool:
    return bool(_plain(one)) and _plain(one) == _plain(other)


def _plain(words: str) -> str:
    """Letters and digits only, in one case: “St. Olave’s Infirmary ” is “st olaves infirmary”."""
    kept = "".join(sign for sign in words.casefold() if sign.isalnum() or sign.isspace() or sign in "-,/")
    return " ".join(kept.replace("-", " ").replace(",", " ").replace("/", " ").split())


def _domain(email: str) -> str:
    domain = email.rpartition("@")[2].casefold()
    return "" if domain in SHARED_BY_MANY else domain
