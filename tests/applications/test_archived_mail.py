"""An archived cohort sends no programme mail, whatever was queued before; a released decision still goes."""

import pytest
from django.utils import timezone

import pairs.actions
from accounts.models import User
from applications.actions import inviting, leaving, sending
from cohorts.models import Cohort
from notifications import kinds
from notifications.models import LedgerRow
from pairs.models import Membership
from tests.accounts.factories import make_person, make_staff
from tests.applications.deciding import both_say_yes, lapse, make_offer, make_selecting_cohort, people_of
from tests.applications.factories import make_open_cohort
from tests.applications.test_applying import begin, part_of, together
from tests.pairs.factories import make_full_pair, make_pair
from tests.pairs.test_matching_introductions import asked_couple, no, yes

pytestmark = pytest.mark.django_db

# Of a pair that ended its people hear whatever has happened since; a code is about an address, not about a cohort.
STILL_GO = {"applications.code", "applications.decision", "pairs.ended"}


def everything_that_can_be_queued(manager: User) -> None:
    """At least one message of every kind that an archived cohort holds back, and a decision."""
    draft = begin(make_open_cohort(), writer := make_person())
    inviting.invite_partner(application=draft, by=writer, name="Bram", email="bram@new.test")
    application, partner, professional = together(make_open_cohort())
    for person in (partner, professional):
        sending.confirm(applicant=part_of(application, person), by=person)
    lapse(make_offer(make_selecting_cohort(), manager))
    make_offer(make_selecting_cohort(), manager)
    offer = make_offer(make_selecting_cohort(), manager)
    both_say_yes(offer)
    first, _second = people_of(offer.application)
    leaving.leave(applicant=first, by=manager, seen=None)
    make_pair(by=manager, partner_email="desmond@pairs.test")
    _cast, agreed, one, other = asked_couple()
    yes(yes(agreed, one), other)
    _cast, over, one, _other = asked_couple()
    no(over, one)
    asked_couple()
    _pair, _professional, who_leaves = make_full_pair()
    membership = Membership.objects.get(participant__user=who_leaves)
    pairs.actions.end_membership(membership=membership, by=manager, reason="left")


def skipped() -> dict[str, set[str | None]]:
    """By kind, why what waits would not go out now."""
    found: dict[str, set[str | None]] = {}
    for row in LedgerRow.objects.unsent():
        found.setdefault(row.kind, set()).add(kinds.get(row.kind).still_wanted(row, timezone.now()))
    return found


def test_what_waits_is_skipped_once_its_cohort_is_archived_and_says_why() -> None:
    everything_that_can_be_queued(make_staff())
    before = skipped()

    Cohort.objects.update(state=Cohort.State.ARCHIVED)

    after = skipped()
    ours = {kind.name for kind in kinds.every() if kind.name.partition(".")[0] in {"applications", "pairs"}}
    assert set(before) >= ours - STILL_GO
    assert {name: after[name] for name in ours - STILL_GO} == {name: {"cohort_archived"} for name in ours - STILL_GO}
    assert after["applications.decision"] == before["applications.decision"]
    assert None in before["applications.decision"]
