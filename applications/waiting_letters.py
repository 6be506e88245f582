"""What a release would send: every prepared decision of a cohort with its exact letters, and a digest of them all."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications import letters
from applications.actions.deciding import LEADS_TO, may_be_told
from applications.models import Applicant, Decision, Letter
from applications.models.selection import Verdict
from applications.reserve_numbers import numbers_of
from cohorts.models import Cohort


@dataclass(frozen=True)
class WaitingLetter:
    letter: Letter
    is_outdated: bool  # the names, dates or numbers it was written with have changed since

    @property
    def person(self) -> Applicant:
        return self.letter.applicant


@dataclass(frozen=True)
class Waiting:
    decision: Decision
    letters: list[WaitingLetter]
    can_be_told: bool
    number: int | None  # on the reserve list, once all is released

    @property
    def by_telephone(self) -> list[Applicant]:
        return [one.person for one in self.letters if not one.person.has_address]


@dataclass(frozen=True)
class Release:
    """All that waits in one cohort, by verdict, and what stands in its way."""

    cohort: Cohort
    groups: list[tuple[Verdict, list[Waiting]]]
    digest: str
    today: date

    @property
    def everything(self) -> list[Waiting]:
        return [one for _verdict, group in self.groups for one in group]

    @property
    def offers(self) -> int:
        return sum(len(group) for verdict, group in self.groups if verdict == Verdict.OFFER)

    @property
    def letters(self) -> list[WaitingLetter]:
        return [letter for one in self.everything for letter in one.letters]

    @property
    def mails(self) -> int:
        return sum(one.person.has_address for one in self.letters)

    @property
    def by_telephone(self) -> list[Applicant]:
        return [person for one in self.everything for person in one.by_telephone]

    @property
    def too_many(self) -> int:
        """How many offers there are beyond the places left."""
        return max(0, self.offers - self.cohort.places_left)

    @property
    def too_late(self) -> list[Waiting]:
        """Offers whose last day to answer has come."""
        return [one for one in self.everything if one.decision.answer_by and one.decision.answer_by <= self.today]

    @property
    def stuck(self) -> list[Waiting]:
        """Decisions whose application cannot take this step any more."""
        return [one for one in self.everything if not one.can_be_told]

    @property
    def outdated(self) -> list[WaitingLetter]:
        return [one for one in self.letters if one.is_outdated]

    @property
    def is_ready(self) -> bool:
        makes_offers = self.cohort.takes_pairs or not self.offers
        in_the_way = self.too_many or self.too_late or self.stuck or self.outdated
        return bool(self.everything) and makes_offers and not in_the_way


def release_of(cohort: Cohort, today: date) -> Release:
    """What is prepared in a cohort, `today` in its zone. Eight queries, however much there is."""
    decisions = list(
        Decision.objects.filter(application__cohort=cohort, voided_at=None, released_at=None)
        .select_related("application", "prepared_by")
        .prefetch_related("letters__applicant")
        .order_by("reserve_rank", "pk")
    )
    texts = {verdict: letters.text_of(cohort, verdict) for verdict in Verdict}
    numbers = numbers_of(cohort)
    waiting = {
        one.pk: _waiting(one, texts[Verdict(one.verdict)], cohort, number=numbers.get(one.pk)) for one in decisions
    }
    groups = [(verdict, [waiting[one.pk] for one in decisions if one.verdict == verdict]) for verdict in Verdict]
    return Release(cohort, [group for group in groups if group[1]], digest_of(decisions), today)


def _waiting(decision: Decision, text: letters.Text, cohort: Cohort, *, number: int | None) -> Waiting:
    rows = list(decision.letters.all())
    people = [letter.applicant for letter in rows]
    shown = []
    for letter in rows:
        fresh = letters.written(text, decision, letter.applicant, people, cohort, number=number)
        shown.append(WaitingLetter(letter, (fresh.subject, fresh.body) != (letter.subject, letter.body)))
    return Waiting(decision, shown, may_be_told(decision.application, decision.verdict), number)


def told_by_telephone(cohort: Cohort) -> QuerySet[Letter]:
    """Released letters that no mail carries and nobody has told yet, while they are true. The newest first."""
    released = Decision.objects.filter(released_at__isnull=False)
    later = released.filter(application=OuterRef("decision__application"), pk__gt=OuterRef("decision"))
    still_true = Q()
    for verdict, state in LEADS_TO.items():
        still_true |= Q(decision__verdict=verdict, decision__application__state=state)
    return (
        Letter.objects.filter(still_true, ~Exists(later), decision__in=released, decision__application__cohort=cohort)
        .filter(applicant__email="", applicant__left_at=None, told_at=None)
        .exclude(body="")
        .select_related("applicant", "decision__application")
        .order_by("-decision__released_at", "-pk")
    )


def digest_of(decisions: list[Decision]) -> str:
    """One fingerprint of everything that would be sent, to whom, and what it would do."""
    everything = [
        [
            decision.pk,
            decision.verdict,
            str(decision.answer_by),
            decision.reserve_rank,
            [
                [letter.pk, letter.applicant_id, letter.applicant.email, letter.subject, letter.body]
                for letter in sorted(decision.letters.all(), key=lambda one: one.pk)
            ],
        ]
        for decision in sorted(decisions, key=lambda one: one.pk)
    ]
    return hashlib.sha256(json.dumps(everything).encode()).hexdigest()
