"""How often one address may try links that open nothing: guessing 128 bits is hopeless, this keeps it cheap for us too.

Only unknown links count, so that nobody with a true one, or many people behind one address, ever has to wait.
"""

import time
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

TRIES_PER_MINUTE = 60


def _key(request: HttpRequest) -> str:
    return f"invitations:{int(time.time()) // 60}:{get_adapter().get_client_ip(request)}"


def has_tried_too_often(request: HttpRequest) -> bool:
    """Whether so many unknown links came from this sender within the minute."""
    return int(cache.get(_key(request), 0)) >= TRIES_PER_MINUTE


def note_unknown_link(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, timeout=120):
        with suppress(ValueError):  # the cache changed hands between the two calls
            cache.incr(key)
