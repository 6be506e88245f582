"""Links for mail and feeds: built from SITE_URL, never from the Host header."""

from django.conf import settings


def absolute(path: str) -> str:
    """`path` (as `reverse` gives it) on the configured origin."""
    return f"{settings.SITE_URL}{path}"
