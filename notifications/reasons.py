"""Why a message was not sent: the word kept in the ledger, and the sentence staff read."""

from django.utils.translation import gettext_lazy as _

EXPIRED = "expired"
TOO_LATE = "too_late"
INACTIVE = "recipient_left"
SWITCHED_OFF = "switched_off"
SUPPRESSED = "address_refused_before"
NOTHING_NEW = "nothing_new"
WORKER_LOST = "worker_lost"
NO_ANSWER = "no_answer"
GAVE_UP = "gave_up"
NOT_WRITABLE = "could_not_be_written"
LEFT_ALONE = "left_alone"
STOPPED = "stopped"
ADDRESS_REFUSED = "address_refused"
MESSAGE_REFUSED = "message_refused"
TRY_LATER = "try_later"
NO_ADDRESS = "no_address"

_SENTENCES = {
    EXPIRED: _("Its time ran out before it could go."),
    TOO_LATE: _("Too late to be of use."),
    INACTIVE: _("The person has left."),
    SWITCHED_OFF: _("The person switched this kind of message off."),
    SUPPRESSED: _("The mail server refused this address before."),
    NOTHING_NEW: _("Nothing new to tell."),
    WORKER_LOST: _("It was being sent when the worker stopped. It may have arrived."),
    NO_ANSWER: _("The mail server took the text and did not answer. It may have arrived."),
    GAVE_UP: _("The mail server did not take it for a whole day."),
    NOT_WRITABLE: _("The message could not be written. Someone technical should look."),
    STOPPED: _("Stopped by a member of staff."),
    ADDRESS_REFUSED: _("The mail server does not know this address. Nothing goes there until you lift it."),
    MESSAGE_REFUSED: _("The mail server refused the message."),
    TRY_LATER: _("Not taken yet. It is tried again."),
    NO_ADDRESS: _("The person has no email address. Tell them by telephone."),
    "left": _("The person has left."),
    "cohort_archived": _("The cohort has been archived."),
    "session_cancelled": _("The session was cancelled."),
    "session_moved": _("The session was moved."),
    "replaced_by_a_new_link": _("Replaced by a message with a new link."),
    "invitation_withdrawn": _("The invitation was withdrawn."),
    "superseded": _("Replaced by a later message."),
    LEFT_ALONE: _("Left as it is by a member of staff. It may have arrived."),
}


def sentence(reason: str) -> str:
    """What staff read; an app's own reason is a sentence already. "failed: 550 5.1.1" keeps its code."""
    word, _colon, detail = reason.partition(": ")
    known = _SENTENCES.get(word)
    if known is None:
        return reason
    return f"{known} ({detail})" if detail else str(known)
