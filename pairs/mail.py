"""The mail this app sends."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from config.links import absolute
from config.tokens import hash_of
from notifications.kinds import MailKind, register
from notifications.models import LedgerRow
from pairs.models import Invitation, Membership


def invitation_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while its link would open: waiting, not run out, not replaced, and the cohort still takes people."""
    invitation = Invitation.objects.select_related("pair__cohort").get(pk=row.ids["invitation"])
    if invitation.pair.cohort.is_archived:
        return "cohort_archived"
    if invitation.state == Invitation.State.ACCEPTED:
        return "The invitation was answered."
    if invitation.state == Invitation.State.WITHDRAWN:
        return "invitation_withdrawn"
    if invitation.has_expired(at):
        return "too_late"
    if not row.secret or hash_of(row.secret["token"]) != invitation.token_hash:
        return "replaced_by_a_new_link"
    return None if invitation.pair.cohort.takes_pairs else "The cohort takes no new people."


def render_invitation(row: LedgerRow) -> dict[str, Any]:
    invitation = Invitation.objects.select_related("pair__cohort__programme", "invited_by").get(
        pk=row.ids["invitation"]
    )
    secret = row.secret or {}
    return {
        "invitation": invitation,
        "inviter": (invitation.invited_by and invitation.invited_by.name) or invitation.pair.cohort.programme.charity,
        "pair": invitation.pair,
        "cohort": invitation.pair.cohort,
        "programme": invitation.pair.cohort.programme,
        "expires_on": invitation.expires_at.astimezone(invitation.pair.cohort.zone).date(),
        "link": absolute(reverse("pairs:invitation", kwargs={"token": secret["token"]})),
    }


def _membership(row: LedgerRow, name: str) -> Membership:
    everything = Membership.objects.select_related("participant__user", "pair__cohort__programme")
    return everything.get(pk=row.ids[name])


def ended_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Whatever has happened since, it is how they hear of it."""
    return None


def partner_left_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while they are in the pair themselves, and not of an archived cohort."""
    mine = _membership(row, "membership")
    if mine.pair.cohort.is_archived:
        return "cohort_archived"
    return "left" if mine.ended_at is not None else None


def _about(membership: Membership) -> dict[str, Any]:
    return {
        "user": membership.participant.user,
        "cohort": membership.pair.cohort,
        "programme": membership.pair.cohort.programme,
    }


def render_ended(row: LedgerRow) -> dict[str, Any]:
    about = _about(_membership(row, "membership"))
    return about | {"why": row.ids["why"], "link": absolute(reverse("learning_log:list"))}


def render_partner_left(row: LedgerRow) -> dict[str, Any]:
    mine = _membership(row, "membership")
    left = _membership(row, "left").participant.user
    link = absolute(reverse("portal:pair_detail", args=[mine.pair_id]))
    return _about(mine) | {"left": left, "link": link}


register(
    MailKind(
        name="pairs.ended",
        title="Your part in a pair has ended",
        template="mail/pairs/ended",
        still_wanted=ended_still_wanted,
        render=render_ended,
    )
)
register(
    MailKind(
        name="pairs.partner_left",
        title="Your partner has left the pair",
        template="mail/pairs/partner_left",
        still_wanted=partner_left_still_wanted,
        render=render_partner_left,
    )
)
register(
    MailKind(
        name="pairs.invitation",
        title="Invitation to a pair",
        template="mail/pairs/invitation",
        on_lost_lease="requeue",
        still_wanted=invitation_still_wanted,
        render=render_invitation,
    )
)
