"""What this app holds about a person, and how it forgets them."""

from typing import Any

from django.db.models import Q

from accounts.actions import addresses_of
from accounts.models import User
from applications.models import Applicant
from cohorts.models import Cohort
from pairs.actions import end_membership
from pairs.matching.models import Introduction
from pairs.models import Invitation, Membership, QuietTime


def pairs_of(user: User) -> list[dict[str, Any]]:
    """The pairs a person was or is in."""
    memberships = Membership.objects.of(user).select_related("pair", "cohort").order_by("pk")
    return [
        {
            "cohort": membership.cohort.name,
            "challenge": membership.pair.challenge,
            "side": membership.side,
            "joined_at": membership.joined_at.isoformat(),
            "ended_at": membership.ended_at.isoformat() if membership.ended_at else None,
        }
        for membership in memberships
    ]


def quiet_times_of(user: User) -> list[dict[str, Any]]:
    """What a person asked or agreed to about being under the radar; the other person is not named."""
    theirs = QuietTime.objects.filter(Q(asked_by=user) | Q(agreed_by=user)).select_related("pair").order_by("pk")
    return [
        {
            "challenge": one.pair.challenge,
            "asked_by_you": one.asked_by_id == user.pk,
            "asked_at": one.asked_at.isoformat(),
            "agreed_at": one.agreed_at.isoformat() if one.agreed_at else None,
            "review_on": one.review_on.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in theirs
    ]


def introductions_of(user: User) -> list[dict[str, Any]]:
    """When a person was asked whether to meet somebody, and what they said; the other is neither named nor quoted."""
    theirs = Applicant.objects.filter(user=user).values("pk")
    asked = Introduction.objects.exclude(published_at=None).filter(Q(professional__in=theirs) | Q(partner__in=theirs))
    asked = asked.select_related("cohort", "professional", "partner").order_by("pk")
    found = []
    for one in asked:
        mine = one.professional if one.professional.user_id == user.pk else one.partner
        said_yes_at = getattr(one, f"{mine.side}_yes_at")
        found.append(
            {
                "cohort": one.cohort.name,
                "asked_at": one.published_at.isoformat() if one.published_at else None,
                "you_said_yes_at": said_yes_at.isoformat() if said_yes_at else None,
                "you_said_no": one.said_no_id == mine.pk,
                "how_we_heard": getattr(one, f"{mine.side}_heard"),
                "both_agreed": one.became_id is not None,
            }
        )
    return found


def follow(user: User, before: str, after: str) -> None:
    """Invitations to the old address are to the new one, but for those that somebody else has accepted."""
    theirs = Invitation.objects.filter(Q(accepted_by=None) | Q(accepted_by=user), email=before)
    theirs.update(email=after)


def forget(user: User) -> None:
    """Empty name and address in the invitations sent to this person; the rows stay. Their part in a pair ends.

    Otherwise their partner would wait for the yes of somebody who cannot give it. An archived cohort takes no writes.
    """
    for membership in Membership.objects.live().of(user).exclude(pair__cohort__state=Cohort.State.ARCHIVED):
        end_membership(membership=membership, by=user, reason=Membership.EndReason.LEFT)
    theirs = Invitation.objects.filter(Q(email__in=addresses_of(user)) | Q(accepted_by=user))
    theirs.waiting().update(state=Invitation.State.WITHDRAWN)
    theirs.update(email=f"erased-{user.pk}@erased.invalid", name="")
    mine = Applicant.objects.filter(user=user).values("pk")
    Introduction.objects.filter(professional__in=mine).update(professional_heard="")
    Introduction.objects.filter(partner__in=mine).update(partner_heard="")
