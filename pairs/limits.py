"""How often one address may try invitation links: guessing 128 bits is hopeless, this keeps it cheap for us too."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

TRIES_PER_MINUTE = 60


def is_too_often(request: HttpRequest) -> bool:
    """Count this request; whether its sender has made too many within the minute."""
    minute = int(time.time()) // 60
    key = f"invitations:{minute}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, timeout=120)
    try:
        tries = int(cache.incr(key))
    except ValueError:  # the key ran out between the two calls
        return False
    return tries > TRIES_PER_MINUTE
