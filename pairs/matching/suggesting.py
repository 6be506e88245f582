"""What staff do at the table, before anybody hears of it. Called by managers.

Each action holds the cohort's row, so that two people at one table see what the other did. A couple on the table is a
prepared introduction; it is deleted when it goes, since nobody was told.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import cohorts.actions
from accounts import audit
from accounts.models import User
from applications.models import Applicant
from cohorts.models import Cohort
from pairs.exceptions import CannotBeTogether, NotLooking
from pairs.matching import introducing
from pairs.matching.assignment import assign
from pairs.matching.explain import reasons
from pairs.matching.loading import Pool, pool_of
from pairs.matching.models import Introduction, MatchRule, MatchRun, SameSystem
from pairs.matching.people import Couple
from pairs.matching.querysets import IntroductionQuerySet

LOCK, FORBID = MatchRule.Kind.LOCK, MatchRule.Kind.FORBID


@transaction.atomic
def suggest(*, cohort: Cohort, by: User, at: datetime | None = None) -> MatchRun:
    """Put a suggestion for everybody on the table, instead of what lay there; couples kept together stay.

    The same people and rules give the same couples. Raises CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    pool = pool_of(locked)
    suggestion = assign(pool.seekers.values(), pool.terms)
    figures = {
        "people": len(pool.seekers),
        "couples": len(suggestion.couples),
        "kept": len(pool.terms.together & set(suggestion.couples)),
        "reasons": dict(Counter(suggestion.alone.values())),
        "alone": {str(person): reason for person, reason in suggestion.alone.items()},
    }
    run = MatchRun.objects.create(cohort=locked, input_hash=pool.input_hash, by=by, at=at, figures=figures)
    on_table = {one.couple: one.pk for one in Introduction.objects.prepared().filter(cohort=locked)}
    wanted = set(suggestion.couples)
    gone = [pk for couple, pk in on_table.items() if couple not in wanted]
    Introduction.objects.prepared().filter(pk__in=gone).delete()
    Introduction.objects.bulk_create(
        Introduction(cohort=locked, professional_id=one, partner_id=other, run=run, prepared_by=by, prepared_at=at)
        for one, other in suggestion.couples
        if (one, other) not in on_table
    )
    audit.record(verb="matching.suggested", by=by, target=run, cohort=locked.pk, couples=len(suggestion.couples))
    return run


@transaction.atomic
def put_together(
    *, cohort: Cohort, professional: int, partner: int, by: User, at: datetime | None = None
) -> Introduction:
    """Choose a couple by hand (ids of applicants). Whoever either was with becomes free; the next suggestion keeps it.

    A second call returns what there is. Raises CannotBeTogether, NotLooking and CohortArchived.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    pool = pool_of(locked)
    couple = _couple_in(pool, professional, partner)
    why = reasons(pool.seekers[professional], pool.seekers[partner], pool.terms)
    if not why.is_possible_by_hand:
        raise CannotBeTogether(why.why_not)
    there = on_table_with(locked, couple)
    found = next((one for one in there if one.couple == couple), None)
    for other in there:
        if other.couple != couple:
            _take_off(other)
    _keep_only(locked, couple, by=by, at=at)
    if found:
        return found
    audit.record(verb="matching.put_together", by=by, cohort=locked.pk, professional=professional, partner=partner)
    return Introduction.objects.create(
        cohort=locked, professional_id=professional, partner_id=partner, prepared_by=by, prepared_at=at
    )


@transaction.atomic
def take_apart(*, introduction: Introduction, by: User, at: datetime | None = None) -> None:
    """Take a couple off the table; both are free. A second call changes nothing. Raises CohortArchived."""
    locked = cohorts.actions.lock(introduction.cohort)
    _end_rules(locked, introduction.couple, kind=LOCK, by=by, at=at or timezone.now())
    if _take_off(introduction):
        audit.record(verb="matching.taken_apart", by=by, cohort=locked.pk, introduction=introduction.pk)


@transaction.atomic
def keep(*, introduction: Introduction, by: User, at: datetime | None = None) -> None:
    """Keep a couple on the table whatever is suggested next. Raises NotLooking when it is no longer there."""
    locked = cohorts.actions.lock(introduction.cohort)
    if not Introduction.objects.prepared().filter(pk=introduction.pk).exists():
        raise NotLooking
    _keep_only(locked, introduction.couple, by=by, at=at or timezone.now())


@transaction.atomic
def let_go(*, introduction: Introduction, by: User, at: datetime | None = None) -> None:
    """The next suggestion may put these two elsewhere. A second call changes nothing."""
    locked = cohorts.actions.lock(introduction.cohort)
    _end_rules(locked, introduction.couple, kind=LOCK, by=by, at=at or timezone.now())


@transaction.atomic
def forbid(
    *, cohort: Cohort, professional: Applicant, partner: Applicant, by: User, at: datetime | None = None
) -> bool:
    """Never put these two together; off the table if they are on it. What they were asked is called off, and both told.

    Whether they had been asked.
    """
    at = at or timezone.now()
    locked = cohorts.actions.lock(cohort)
    couple = (professional.pk, partner.pk)
    _end_rules(locked, couple, kind=LOCK, by=by, at=at)
    _rule(locked, couple, FORBID, by=by, at=at)
    theirs = Introduction.objects.filter(professional=professional, partner=partner)
    theirs.prepared().delete()
    asked = theirs.published().first()
    if asked:
        introducing.call_off(introduction=asked, by=by, at=at)
    return asked is not None


@transaction.atomic
def end_rule(*, rule: MatchRule, by: User, at: datetime | None = None) -> None:
    """Think again about a couple. A second call changes nothing. Raises CohortArchived."""
    cohorts.actions.lock(rule.cohort)
    ended = MatchRule.objects.live().filter(pk=rule.pk).update(ended_at=at or timezone.now(), ended_by=by)
    if ended:
        audit.record(verb="matching.rule_ended", by=by, target=rule, cohort=rule.cohort_id, kind=rule.kind)


@transaction.atomic
def say_same_system(*, cohort: Cohort, name: str, other_name: str, by: User, at: datetime | None = None) -> SameSystem:
    """Two names stand for one local system. A second call returns what there is."""
    locked = cohorts.actions.lock(cohort)
    one, other = sorted((name.strip(), other_name.strip()))
    same, is_new = SameSystem.objects.get_or_create(
        cohort=locked, name=one, other_name=other, defaults={"by": by, "at": at or timezone.now()}
    )
    if is_new:
        audit.record(verb="matching.systems_joined", by=by, target=same, cohort=locked.pk)
    return same


@transaction.atomic
def unsay_same_system(*, same: SameSystem, by: User) -> None:
    """They are two systems after all. What is on the table stays until the next suggestion."""
    locked = cohorts.actions.lock(same.cohort)
    if SameSystem.objects.filter(pk=same.pk).delete()[0]:
        audit.record(verb="matching.systems_parted", by=by, cohort=locked.pk)


def on_table_with(cohort: Cohort, couple: Couple) -> IntroductionQuerySet:
    """Prepared couples in which one of these two is: this very one, or those whom choosing it would free."""
    here = Introduction.objects.prepared().filter(cohort=cohort)
    return here.filter(Q(professional=couple[0]) | Q(partner=couple[1])).with_people()


def _couple_in(pool: Pool, professional: int, partner: int) -> Couple:
    one, other = pool.seekers.get(professional), pool.seekers.get(partner)
    if one is None or other is None or (one.side, other.side) != ("professional", "partner"):
        raise NotLooking
    return professional, partner


def _take_off(introduction: Introduction) -> bool:
    return bool(Introduction.objects.prepared().filter(pk=introduction.pk).delete()[0])


def _keep_only(cohort: Cohort, couple: Couple, *, by: User, at: datetime) -> None:
    """Keep this couple; neither is kept with anybody else, on the table or not: they may be back after a pair ended."""
    locks = MatchRule.objects.live().filter(cohort=cohort, kind=LOCK)
    for rule in locks.filter(Q(professional=couple[0]) | Q(partner=couple[1])):
        if (rule.professional_id, rule.partner_id) != couple:
            _end_rules(cohort, (rule.professional_id, rule.partner_id), kind=LOCK, by=by, at=at)
    _rule(cohort, couple, LOCK, by=by, at=at)


def _rule(cohort: Cohort, couple: Couple, kind: str, *, by: User, at: datetime) -> None:
    live: dict[str, Any] = {"professional_id": couple[0], "partner_id": couple[1], "ended_at": None}
    rule, is_new = MatchRule.objects.get_or_create(
        **live, defaults={"cohort": cohort, "kind": kind, "by": by, "at": at}
    )
    if is_new:
        audit.record(verb=f"matching.{kind}", by=by, target=rule, cohort=cohort.pk)


def _end_rules(cohort: Cohort, couple: Couple, *, kind: str, by: User, at: datetime) -> None:
    rules = MatchRule.objects.live().filter(cohort=cohort, professional=couple[0], partner=couple[1], kind=kind)
    if rules.update(ended_at=at, ended_by=by):
        audit.record(verb=f"matching.{kind}_ended", by=by, cohort=cohort.pk, professional=couple[0], partner=couple[1])
