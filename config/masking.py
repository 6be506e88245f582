"""Tokens in addresses: whoever reads a log must not be able to open what was meant for one person."""

import re
from collections.abc import MutableMapping
from typing import Any

_AFTER_THESE = re.compile(
    r"(?<=/invitations/)[^/\s]+|(?<=^/apply/)[^/\s]+|(?<= /apply/)[^/\s]+|(?<=/mail/u/)[^/\s]+|(?<=/s/)[^/\s]+"
    r"|(?<=/calendar/)[^/\s]+?(?=\.ics|/|\s|$)"
    r"|(?<=/accounts/confirm-email/)[^/\s]+|(?<=/accounts/password/reset/key/)[^/\s]+"
)
_LOOKS_LIKE_A_TOKEN = re.compile(r"(?<=/)(?=[^/\s]*[0-9A-Z:])[\w:=-]{20,}(?=[/.\s]|$)")


def masked(text: str) -> str:
    """`text` with each token in a path replaced: where we know that one stands, and whatever else looks like one."""
    if text.startswith("/static/"):
        return text
    return _LOOKS_LIKE_A_TOKEN.sub("***", _AFTER_THESE.sub("***", text))


def mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For structlog: Django names the path in the message when a page fails."""
    if isinstance(event.get("event"), str):
        event["event"] = masked(event["event"])
    return event
