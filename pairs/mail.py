"""The mail this app sends."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from config.links import absolute
from notifications.kinds import MailKind, register
from notifications.models import LedgerRow
from pairs.models import Invitation
from pairs.tokens import hash_of


def invitation_still_wanted(row: LedgerRow, at: datetime) -> str | None:
    """Only while its link would open: waiting, not run out, not replaced, and the cohort still takes people."""
    invitation = Invitation.objects.select_related("pair__cohort").get(pk=row.ids["invitation"])
    if invitation.state != Invitation.State.SENT:
        return f"invitation_{invitation.state}"
    if invitation.has_expired(at):
        return "too_late"
    if not row.secret or hash_of(row.secret["token"]) != invitation.token_hash:
        return "replaced_by_a_new_link"
    if not invitation.pair.cohort.takes_pairs:
        return f"cohort_{invitation.pair.cohort.state}"
    return None


def render_invitation(row: LedgerRow) -> dict[str, Any]:
    invitation = Invitation.objects.select_related("pair__cohort__programme", "invited_by").get(
        pk=row.ids["invitation"]
    )
    secret = row.secret or {}
    return {
        "invitation": invitation,
        "pair": invitation.pair,
        "cohort": invitation.pair.cohort,
        "programme": invitation.pair.cohort.programme,
        "expires_on": invitation.expires_at.astimezone(invitation.pair.cohort.zone),
        "link": absolute(reverse("pairs:invitation", kwargs={"token": secret["token"]})),
    }


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
