"""Pairs of two people with a shared challenge, each on one place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import accounts.actions
import pairs.bringing_in
from accounts.models import User
from applications.models import Applicant, Offer
from cohorts.models import Cohort, Participant
from pairs.bringing_in import NewPair
from pairs.models import Invitation, Membership, Pair
from portal.bringing_in.checking import Verdict
from portal.bringing_in.reading import Problem, Row

SIDES = ("professional", "partner")
HEADS = {"professional": "Professional’s email", "partner": "Patient partner’s email"}
Place = tuple[int, str]  # the id of a pair, and the side


@dataclass
class Known:
    """What the cohort knows of some addresses."""

    closed: set[str] = field(default_factory=set)
    live: dict[str, Place] = field(default_factory=dict)
    before: dict[str, set[Place]] = field(default_factory=dict)
    invited: dict[str, Place] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    seconds: set[str] = field(default_factory=set)
    pairs: dict[int, Pair] = field(default_factory=dict)


class Pairs:
    """A row is a pair by its two addresses. A pair that is there already stays as it is."""

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self._seen: dict[str, int] = {}
        self._left = cohort.places_left

    def refusal(self) -> str:
        return "" if self.cohort.takes_pairs else _("This cohort is over. It takes no pairs any more.")

    def look(self, rows: Sequence[Row]) -> list[Verdict]:
        addresses = [row.values[f"{side}_email"] for row in rows for side in SIDES if row.values.get(f"{side}_email")]
        known = _known(self.cohort, addresses)
        return [self._verdict(row, known) for row in rows]

    def _verdict(self, row: Row, known: Known) -> Verdict:
        problems = [*row.problems, *self._twice(row)]
        if problems:
            return Verdict(row, "wrong", problems)
        places = {side: known.live.get(email) or known.invited.get(email) for side, email in _people(row)}
        ours = [place for side, place in places.items() if place and place[1] == side]
        if len(ours) == 2 and ours[0][0] == ours[1][0]:
            return _compared(row, known.pairs[ours[0][0]])
        if _were_a_pair(row, known):
            text = _("The pair of %(one)s and %(other)s has ended, and stays ended.")
            return Verdict(
                row, "differs", differences=[text % dict(zip(("one", "other"), _addresses(row), strict=True))]
            )
        if problems := self._in_the_way(row, known, places):
            return Verdict(row, "wrong", problems)
        return self._on_a_place(row)

    def _on_a_place(self, row: Row) -> Verdict:
        """A new pair, while there is room."""
        if self._left > 0:
            self._left -= 1
            return Verdict(row, "new")
        text = ngettext(
            "The cohort’s one place is taken. Take the row out, or give the cohort more places.",
            "The cohort’s %(n)s places are taken. Take the row out, or give the cohort more places.",
            self.cohort.places,
        )
        return Verdict(row, "wrong", [Problem(row.number, "", "", text % {"n": self.cohort.places})])

    def _twice(self, row: Row) -> list[Problem]:
        """Addresses that stand further up, or twice in this row."""
        found = []
        for side, address in _people(row):
            first = self._seen.setdefault(address, row.number)
            if first != row.number:
                text = _("This address stands in row %(row)s as well. A person is in one pair of a cohort.")
                found.append(Problem(row.number, HEADS[side], address, text % {"row": first}))
        people = _addresses(row)
        if len(people) == 2 and people[0] == people[1]:
            text = _("Both have the same address. Each of the two needs their own.")
            found.append(Problem(row.number, HEADS["partner"], people[0], text))
        return found

    def _in_the_way(self, row: Row, known: Known, places: dict[str, Place | None]) -> list[Problem]:
        found = []
        for side, address in _people(row):
            place = places[side]
            if address in known.closed:
                text = _("This account is closed. Take the row out.")
            elif address in known.seconds:
                text = _("This is a second address of somebody. Enter the one that they sign in with.")
            elif place and address in known.live:
                text = _("They are in the pair “%(pair)s” of this cohort.") % {"pair": known.pairs[place[0]].challenge}
            elif place:
                text = _("They are invited to the pair “%(pair)s”. Withdraw that first, or take the row out.") % {
                    "pair": known.pairs[place[0]].challenge
                }
            elif address in known.left:
                text = _("They have left this cohort, and stay out of it. Take the row out.")
            elif address in known.offered:
                text = _("They have been offered a place in this cohort, and have not answered yet.")
            else:
                continue
            found.append(Problem(row.number, HEADS[side], address, text))
        return found

    def save(self, verdicts: Sequence[Verdict], *, by: User, at: datetime) -> None:
        wanted = [NewPair(**verdict.row.values) for verdict in verdicts if verdict.outcome == "new"]
        pairs.bringing_in.make_pairs(cohort=self.cohort, wanted=wanted, by=by, at=at)


def _people(row: Row) -> list[tuple[str, str]]:
    return [(side, row.values[f"{side}_email"]) for side in SIDES if row.values.get(f"{side}_email")]


def _addresses(row: Row) -> list[str]:
    return [address for _side, address in _people(row)]


def _known(cohort: Cohort, addresses: Sequence[str]) -> Known:
    """As many queries, however many addresses."""
    known = Known()
    known.seconds = {
        address for address, user in accounts.actions.people_with(addresses).items() if user.email != address
    }
    parts = Participant.objects.filter(cohort=cohort, user__email__in=addresses)
    here = set(parts.live().values_list("user__email", flat=True))
    known.left = set(parts.exclude(ended_at=None).values_list("user__email", flat=True)) - here
    known.closed = set(User.objects.filter(email__in=addresses, is_active=False).values_list("email", flat=True))
    members = Membership.objects.filter(cohort=cohort, participant__user__email__in=addresses)
    for email, pair_id, side, ended_at in members.values_list(
        "participant__user__email", "pair_id", "side", "ended_at"
    ):
        if ended_at is None:
            known.live[email] = (pair_id, side)
        else:
            known.before.setdefault(email, set()).add((pair_id, side))
    invitations = Invitation.objects.waiting().filter(pair__cohort=cohort, email__in=addresses)
    known.invited = {email: (pair, side) for email, pair, side in invitations.values_list("email", "pair_id", "side")}
    open_offers = Offer.objects.open().filter(cohort=cohort).values("application")
    offered = Applicant.objects.live().filter(application__in=open_offers, email__in=addresses)
    known.offered = set(offered.values_list("email", flat=True))
    named = {place[0] for place in (*known.live.values(), *known.invited.values())}
    known.pairs = Pair.objects.in_bulk(list(named))
    return known


def _were_a_pair(row: Row, known: Known) -> bool:
    ended = [{pair for pair, _side in known.before.get(address, ())} for address in _addresses(row)]
    return bool(ended[0] & ended[1])


def _compared(row: Row, pair: Pair) -> Verdict:
    words = {"challenge": _("Shared challenge"), "challenge_summary": _("More"), "funding": _("Funding")}
    differences = [
        _("%(what)s of “%(pair)s”: “%(here)s” here, “%(there)s” in the file.")
        % {"what": label, "pair": pair.challenge, "here": getattr(pair, name), "there": row.values[name]}
        for name, label in words.items()
        if row.values.get(name) and row.values[name] != getattr(pair, name)
    ]
    return Verdict(row, "differs" if differences else "same", differences=differences)
