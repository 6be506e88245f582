"""The people who look for a partner in one cohort, as the calculation takes them: a few queries, however many."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from applications.models import Answer, Applicant, Application, Question
from applications.querysets import ApplicantQuerySet
from cohorts.models import Cohort
from pairs.matching.models import Introduction, MatchRule
from pairs.matching.people import Couple, Seeker, Terms
from pairs.models import Membership

Meaning = Question.Meaning
READ = (
    Meaning.INTERESTS,
    Meaning.TRAVEL,
    Meaning.LANGUAGE,
    Meaning.TIMES,
    Meaning.ACCESS,
    Meaning.NEVER_WITH,
)
State = Introduction.State


@dataclass(frozen=True)
class Pool:
    """Those who look now, whether they are on the table or not; whoever is being asked is not among them."""

    seekers: dict[int, Seeker]
    terms: Terms

    @cached_property
    def input_hash(self) -> str:
        """Equal for equal people, answers and rules."""
        people = [
            (
                *(
                    one.id,
                    one.side,
                    one.name,
                    one.zone,
                    self.terms.system(one.local_system),
                    one.travel,
                    one.never_with,
                ),
                *(sorted(one.interests), sorted(one.languages), sorted(one.times)),
            )
            for _id, one in sorted(self.seekers.items())
        ]
        rules = [sorted(couples) for couples in (self.terms.together, self.terms.apart, self.terms.met_before)]
        days = (self.terms.starts_on.isoformat(), self.terms.ends_on.isoformat())
        return hashlib.sha256(repr((people, rules, days)).encode()).hexdigest()

    def others_of(self, seeker: Seeker) -> list[Seeker]:
        """Everybody on the other side."""
        return [one for one in self.seekers.values() if one.side != seeker.side]


def looking_in(cohort: Cohort) -> ApplicantQuerySet:
    """Applicants of this cohort who sent an application alone, still look for a partner, and are in no pair of it."""
    waiting = (Application.State.SENT, Application.State.RESERVE)
    paired = Membership.objects.live().filter(cohort=cohort, participant__user=OuterRef("user"))
    return Applicant.objects.live().filter(
        ~Exists(paired), cohort=cohort, application__kind=Application.Kind.SEEKING, application__state__in=waiting
    )


def pool_of(cohort: Cohort, *, only: Collection[int] | None = None) -> Pool:
    """Everybody who is free to be put together now, or `only` these of them."""
    asked = Introduction.objects.published().filter(cohort=cohort)
    free = (
        looking_in(cohort)
        .exclude(pk__in=asked.values("professional"))
        .exclude(pk__in=asked.values("partner"))
        .select_related("application")
        .order_by("pk")
    )
    people = list(free if only is None else free.filter(pk__in=only))
    said = _answers_of([one.pk for one in people])
    return Pool({one.pk: _seeker(one, said[one.pk]) for one in people}, terms_of(cohort))


def terms_of(cohort: Cohort) -> Terms:
    rules: dict[str, set[Couple]] = defaultdict(set)
    live = MatchRule.objects.live().filter(cohort=cohort)
    for kind, professional, partner in live.values_list("kind", "professional_id", "partner_id"):
        rules[kind].add((professional, partner))
    over = Introduction.objects.filter(cohort=cohort, state__in=[State.DECLINED, State.LAPSED, State.WITHDRAWN])
    return Terms(
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        same_systems=tuple(cohort.same_systems.values_list("name", "other_name")),
        together=frozenset(rules[MatchRule.Kind.LOCK]),
        apart=frozenset(rules[MatchRule.Kind.FORBID]),
        met_before=frozenset(over.values_list("professional_id", "partner_id")),
    )


def _answers_of(applicants: list[int]) -> dict[int, dict[str, Any]]:
    said: dict[int, dict[str, Any]] = defaultdict(dict)
    answers = Answer.objects.filter(applicant__in=applicants, question__meaning__in=READ).order_by()
    for applicant, meaning, value in answers.values_list("applicant_id", "question__meaning", "value"):
        said[applicant or 0][meaning] = value
    return said


def _seeker(person: Applicant, said: dict[str, Any]) -> Seeker:
    return Seeker(
        id=person.pk,
        side=person.side,
        name=person.name,
        zone=person.time_zone,
        local_system=person.application.local_system,
        interests=_words(said.get(Meaning.INTERESTS)),
        travel=str(said.get(Meaning.TRAVEL) or ""),
        languages=_words(said.get(Meaning.LANGUAGE)),
        times=_words(said.get(Meaning.TIMES)),
        access=str(said.get(Meaning.ACCESS) or ""),
        never_with=str(said.get(Meaning.NEVER_WITH) or ""),
        mail_domain=person.email.rpartition("@")[2],
    )


def _words(value: Any) -> frozenset[str]:
    """A list of choices; staff may have made a line of text of the question."""
    if isinstance(value, list):
        return frozenset(str(one) for one in value)
    return frozenset({str(value)}) if value else frozenset()
