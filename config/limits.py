"""How much one network, or one person, may send. Counted in the cache, which holds while Redis is away.

A window begins with the first thing that is counted in it, not with the clock's minute or hour: at a full hour nobody
gets twice as much.
"""

import hashlib
import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

# So many at most, within so many seconds.
Windows = tuple[tuple[int, int], ...]


class TooMany(Exception):  # named as what happened
    """The limit is reached; `wait_seconds` until the window ends."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"try again in {wait_seconds} s")
        self.wait_seconds = wait_seconds

    @property
    def wait_minutes(self) -> int:
        return max(1, -(-self.wait_seconds // 60))


def network_of(request: HttpRequest) -> str:
    """The sender's /24 (IPv4) or /48 (IPv6). X-Forwarded-For counts only as far as proxies are trusted."""
    sender = request.META.get("REMOTE_ADDR", "")
    trusted = settings.TRUSTED_PROXY_COUNT
    forwarded = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if trusted and forwarded:
        sender = forwarded[-min(trusted, len(forwarded))]
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


@dataclass(frozen=True)
class Window:
    """One running window: how many were counted in it, and how long it still lasts."""

    count: int
    seconds_left: int


def count_one(key: str, *, seconds: int) -> Window:
    """Count one more under `key` in the window of `seconds` that its first began."""
    now = int(time.time())
    began = int(cache.get_or_set(f"{key}:began", now, timeout=seconds) or now)
    counter = f"{key}:{began}"
    # A counter outlives its window, so that no slow request begins it again.
    first = cache.add(counter, 1, timeout=seconds * 2)
    try:
        count = 1 if first else cache.incr(counter)
    except ValueError:  # the cache changed hands between the two calls
        count = 1
    return Window(count, max(1, began + seconds - now))


@dataclass(frozen=True)
class Limits:
    """How much of one kind of thing may come; `name` keeps its counters apart from those of others.

    A ward, an office or a library shares one network; a person has one address, or one telephone number.
    """

    name: str
    network: Windows
    person: Windows

    def count_one(self, *, network: str, person: str) -> None:
        """Count one more from `network`, in the name of `person`. Raises TooMany beyond a limit."""
        hidden = hashlib.sha256(f"{settings.SECRET_KEY}:{person.lower()}".encode()).hexdigest()[:32]
        for most, seconds in self.network:
            self._count(network, most, seconds)
        for most, seconds in self.person:
            self._count(hidden, most, seconds)

    def _count(self, subject: str, most: int, seconds: int) -> None:
        window = count_one(f"{self.name}:sent:{seconds}:{subject}", seconds=seconds)
        if window.count > most:
            raise TooMany(window.seconds_left)
