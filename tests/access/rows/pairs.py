"""Pairs: the way in behind a link, a pair's own home, and the console."""

from typing import Any

from tests.access.table import STAFF, Row, row, staff_row


def _token(world: Any) -> dict[str, Any]:
    return {"token": world.invitation_token}


def _pair(world: Any) -> dict[str, Any]:
    return {"pair_id": world.pair.pk}


def _quiet(world: Any) -> dict[str, Any]:
    return _pair(world) | {"quiet_id": 1}


def _invitation(world: Any) -> dict[str, Any]:
    return {"invitation_id": world.invitation.pk}


def _cohort(world: Any) -> dict[str, Any]:
    return {"slug": world.cohort.slug}


def _membership(world: Any) -> dict[str, Any]:
    return {"membership_id": world.pair.memberships.latest("pk").pk}


ROWS: dict[str, Row] = {
    # The link opens for whoever holds it; somebody signed in with another address learns only that.
    "pairs:invitation": row(403, visitor=200, kwargs=_token),
    "pairs:invitation_name": row(403, visitor=200, kwargs=_token),
    "pairs:invitation_sign_in": row(403, visitor=200, kwargs=_token),
    "pairs:invitation_word": row(403, visitor=200, kwargs=_token),
    "pairs:invitation_zone": row(403, visitor=200, kwargs=_token),
    "pairs:invitation_check": row(403, visitor=302, kwargs=_token),
    "pairs:invitations_waiting": row(200, visitor=302),
    "pairs:invitation_accept": row(405, visitor=302, kwargs=_invitation),
    "pairs:quiet": row(404, visitor=302, professional=200, partner=200, kwargs=_pair),
    "pairs:quiet_agree": row(405, visitor=302, kwargs=_quiet),
    "pairs:quiet_go_on": row(405, visitor=302, kwargs=_quiet),
    "pairs:quiet_end": row(405, visitor=302, kwargs=_quiet),
    "pairs:staff_people": staff_row("manager", "facilitator", kwargs=_cohort),
    "pairs:staff_new": staff_row("manager", kwargs=_cohort),
    "pairs:staff_detail": staff_row("manager", "facilitator", kwargs=_pair),
    "pairs:staff_edit": staff_row("manager", kwargs=_pair),
    "pairs:staff_end": staff_row("manager", kwargs=_pair),
    "pairs:staff_invite": staff_row("manager", kwargs=lambda world: _pair(world) | {"side": "partner"}),
    "pairs:staff_resend": staff_row("manager", kwargs=_invitation),
    "pairs:staff_withdraw": staff_row("manager", kwargs=_invitation),
    "pairs:staff_end_membership": staff_row("manager", kwargs=_membership),
    "portal:pair_home": row(200, visitor=302),
    "portal:pair_detail": row(404, visitor=302, professional=200, partner=200, kwargs=_pair),
    # A reviewer takes away the applications they review, never pairs.
    "portal:table": row(
        404,
        visitor=302,
        moderator=403,
        finance=403,
        evaluator=403,
        admin=403,
        manager=200,
        facilitator=200,
        kwargs=lambda world: _cohort(world) | {"what": "pairs", "kind": "csv"},
    ),
    "portal:staff_home": row(404, visitor=302, **dict.fromkeys(STAFF, 200)),
}
