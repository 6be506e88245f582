"""What would only be noticed when mail goes wrong, said at start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import reverse

from config.links import absolute

LONGEST_LINK = 75


@register()
def unsubscribe_links_fit_a_line(**_: Any) -> list[CheckMessage]:
    """76 characters and more are folded or encoded by mail software on the way, and one-click fails (RFC 8058)."""
    length = len(absolute(reverse("notifications:unsubscribe", kwargs={"token": "x" * 22})))
    if length <= LONGEST_LINK:
        return []
    words = (
        f"Links to switch mail off have {length} characters; {LONGEST_LINK} is the most a mail header carries safely."
    )
    return [Error(words, hint="Use a shorter SITE_URL.", id="notifications.E001")]


@register()
def the_mail_server_is_not_waited_for_without_end(**_: Any) -> list[CheckMessage]:
    """Django's SMTP backend waits for ever unless told otherwise."""
    mailer: dict[str, Any] = dict(settings.MAILERS["default"])
    if not mailer["BACKEND"].endswith("smtp.EmailBackend") or mailer["OPTIONS"].get("timeout"):
        return []
    return [Error("The mail server would be waited for without end.", hint="Set a timeout.", id="notifications.E002")]
