"""How much one network, or one person, may send. Counted in the cache, which holds while Redis is away."""

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
        now = int(time.time())
        key = f"{self.name}:sent:{seconds}:{now // seconds}:{subject}"
        if cache.add(key, 1, timeout=seconds):
            return
        try:
            count = cache.incr(key)
        except ValueError:  # the window ended between the two calls
            return
        if count > most:
            raise TooMany(seconds - now % seconds)
