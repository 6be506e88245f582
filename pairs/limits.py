"""How often one address may try links that open nothing: guessing 128 bits is hopeless, this keeps it cheap for us too.

Only unknown links count, so that nobody with a true one, or many people behind one address, ever has to wait.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from config.limits import count_one

TRIES_PER_MINUTE = 60


def has_tried_too_often(request: HttpRequest) -> bool:
    """Count one more unknown link from this sender: whether that is too many within the minute."""
    sender = get_adapter().get_client_ip(request)
    return count_one(f"invitations:{sender}", seconds=60).count > TRIES_PER_MINUTE
