"""Reads what the local mail catcher kept. For the demo only: without it nobody would ever see the mail."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

FILE_NAME = re.compile(r"\d{20}-\d{6}")
PAGE_SIZE = 50
SEARCHED = 5000


@dataclass(frozen=True)
class Kept:
    """One message in the folder."""

    name: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sent_at(self) -> datetime | None:
        return parsedate_to_datetime(str(self.message["Date"])) if self.message["Date"] else None

    def body(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        return str(part.get_content()) if part is not None else ""


def names(folder: Path) -> list[str]:
    """Newest first."""
    return sorted((path.stem for path in folder.glob("*.eml") if FILE_NAME.fullmatch(path.stem)), reverse=True)


def open_kept(folder: Path, name: str) -> Kept | None:
    """The message of that name; None when there is none (a name cannot leave the folder)."""
    if not FILE_NAME.fullmatch(name):
        return None
    try:
        raw = (folder / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return Kept(name, email.message_from_bytes(raw, policy=email.policy.default))


def page(folder: Path, *, address: str = "", before: str = "") -> tuple[list[Kept], str | None]:
    """Up to fifty messages to addresses that hold `address`, and the name after which the next page begins."""
    found: list[Kept] = []
    for name in [name for name in names(folder) if not before or name < before][:SEARCHED]:
        kept = open_kept(folder, name)
        if kept is None or address.lower() not in kept.to.lower():
            continue
        if len(found) == PAGE_SIZE:
            return found, found[-1].name
        found.append(kept)
    return found, None
