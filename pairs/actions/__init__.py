"""What can be done with pairs and invitations.

Managers make pairs, invite and withdraw; the person invited accepts; the two go under the radar and come back. Each
action first locks the cohort's row, so that places, pairs and people of one cohort change one after the other. `at`
left out is now.
"""

from pairs.actions.invitations import (
    accept_invitation,
    find_invitation,
    invite_to_pair,
    join_as_newcomer,
    resend_invitation,
    withdraw_invitation,
)
from pairs.actions.memberships import end_membership
from pairs.actions.offers import accept_offer
from pairs.actions.pairs import edit_pair, end_pair, end_pair_of, make_pair
from pairs.actions.quiet_times import agree_quiet, ask_quiet, end_quiet, go_on_quiet

__all__ = [
    "accept_invitation",
    "accept_offer",
    "agree_quiet",
    "ask_quiet",
    "edit_pair",
    "end_membership",
    "end_pair",
    "end_pair_of",
    "end_quiet",
    "find_invitation",
    "go_on_quiet",
    "invite_to_pair",
    "join_as_newcomer",
    "make_pair",
    "resend_invitation",
    "withdraw_invitation",
]
