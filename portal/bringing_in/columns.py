"""What each table holds: its columns, in words for people and as readers for the machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.bringing_in import cells
from portal.bringing_in.cells import Reader


@dataclass(frozen=True)
class Column:
    """One column. `also` are other names for its head; `usual` is what an empty cell means."""

    name: str
    head: str
    says: Any
    read: Reader
    example: Any
    needed: bool = False
    also: tuple[str, ...] = ()
    usual: Any = ""
    width: int = 24

    @property
    def keys(self) -> Iterator[str]:
        yield from (key_of(head) for head in (self.head, *self.also))


@dataclass(frozen=True)
class Sheet:
    """One table: its name in the address, what it is called, its columns.

    `key` names the columns that tell one row from another; `passed_over` the heads of columns that nobody reads.
    """

    what: str
    title: Any
    says: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    most: int
    passed_over: frozenset[str] = frozenset()
    heads: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", {key: column for column in self.columns for key in column.keys})

    def is_example(self, values: dict[str, Any]) -> bool:
        """Whether a row is the one that the template begins with."""
        return all(values.get(one.name) == one.read(one.example) for one in self.columns if one.name in self.key)


def key_of(head: Any) -> str:
    """A head as it is compared: no capitals, no marks, one kind of apostrophe, single spaces."""
    words = str(head if head is not None else "").replace("’", "'").replace("-", "").casefold()
    return " ".join(words.replace("*", " ").replace(":", " ").split())


PEOPLE = Sheet(
    what="people",
    title=_("People"),
    says=_("They take part in the cohort, with no pair yet."),
    key=("email",),
    most=50_000,
    passed_over=frozenset({"side", "pair", "joined"}),  # as they are taken away
    columns=(
        Column(
            "email",
            "Email",
            _("Their email address. It tells one person from another, so no two rows have the same."),
            cells.email,
            "ada.example@example.com",
            needed=True,
            also=("E-mail address", "Email address"),
            width=32,
        ),
        Column(
            "name",
            "Name",
            _("Their full name, as they write it themselves."),
            cells.text(200),
            "Example: Ada Birch",
            needed=True,
            also=("Full name",),
        ),
        Column(
            "role_title", "Role", _("What they do, if it is good to know."), cells.text(200), "Nurse", also=("Job",)
        ),
        Column("organisation", "Organisation", _("Where they do it."), cells.text(200), "Saltmarsh Infirmary"),
    ),
)

PAIRS = Sheet(
    what="pairs",
    title=_("Pairs"),
    says=_("Each row makes one pair of two people and takes one place."),
    key=("professional_email", "partner_email"),
    most=5_000,
    columns=(
        Column(
            "challenge",
            "Shared challenge",
            _("What the two want to be better, in a few words."),
            cells.text(200),
            "Example: Going home on a Friday",
            needed=True,
            also=("Challenge",),
            width=36,
        ),
        Column(
            "professional_email",
            "Professional’s email",
            _("The address of the health or care professional."),
            cells.email,
            "bram.example@example.com",
            needed=True,
            also=("Professional email",),
            width=32,
        ),
        Column(
            "professional_name",
            "Professional’s name",
            _("Their full name."),
            cells.text(200),
            "Bram Oke",
            needed=True,
            also=("Professional name", "Professional"),
        ),
        Column(
            "partner_email",
            "Patient partner’s email",
            _("The address of the patient, carer or member of the community."),
            cells.email,
            "ada.example@example.com",
            needed=True,
            also=("Patient partner email", "Partner's email", "Partner email"),
            width=32,
        ),
        Column(
            "partner_name",
            "Patient partner’s name",
            _("Their full name."),
            cells.text(200),
            "Ada Birch",
            needed=True,
            also=("Patient partner name", "Patient partner", "Partner's name", "Partner name"),
        ),
        Column(
            "challenge_summary",
            "More about the challenge",
            _("A few sentences, if there are any."),
            cells.text(4000, lines=True),
            "People leave without knowing whom to ring.",
            width=44,
        ),
        Column("funding", "Funding", _("How it is paid for, if that is known."), cells.text(200), "Local charity"),
    ),
)

SESSIONS = Sheet(
    what="sessions",
    title=_("Sessions"),
    says=_("Each row plans one session, at a time in the cohort’s zone."),
    key=("title", "held_on", "starts_at"),
    most=2_000,
    passed_over=frozenset({"state"}),  # so that a table that was taken away can be brought in elsewhere
    columns=(
        Column(
            "title",
            "Session",
            _("What it is called. With day and time it tells one session from another."),
            cells.text(200),
            "Example: All pairs together",
            needed=True,
            also=("Title",),
            width=32,
        ),
        Column(
            "held_on",
            "Day",
            _("A date cell, or written with the day first and the year in full: 14/9/2027."),
            cells.day,
            date(2027, 9, 14),
            needed=True,
            also=("Date",),
            width=14,
        ),
        Column(
            "starts_at",
            "Starts",
            _("The time of day in the cohort’s zone: 14:00 or 2pm."),
            cells.clock,
            time(14, 0),
            needed=True,
            also=("Start", "Start time", "Time"),
            width=10,
        ),
        Column(
            "duration_minutes",
            "Minutes",
            _("How long it takes; 60 when it is empty."),
            cells.minutes,
            90,
            also=("Duration",),
            usual=60,
            width=10,
        ),
        Column(
            "place",
            "Where",
            _("The address, or how to join by telephone."),
            cells.text(300),
            "12 Quay Street",
            also=("Place",),
            width=32,
        ),
        Column(
            "online_link",
            "Online",
            _("The link to join, if there is one. It starts with https://"),
            cells.link,
            "https://meet.example.com/pairs",
            also=("Link",),
            width=36,
        ),
        Column(
            "access_notes",
            "Getting in",
            _("Step-free, hearing loop, breaks: what people need to know."),
            cells.text(2000, lines=True),
            "Step-free. A break every hour.",
            also=("Access",),
            width=36,
        ),
    ),
)

SHEETS = {sheet.what: sheet for sheet in (PEOPLE, PAIRS, SESSIONS)}
