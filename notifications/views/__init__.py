"""The pages about mail: a person's own choices, the staff outbox, and the demo's mailbox."""

from notifications.views.demo import demo_mail, demo_message, demo_message_html
from notifications.views.outbox import leave, lift, outbox, outbox_row, refused, send_again, stop
from notifications.views.preferences import preferences, unsubscribe

__all__ = [
    "demo_mail",
    "demo_message",
    "demo_message_html",
    "leave",
    "lift",
    "outbox",
    "outbox_row",
    "preferences",
    "refused",
    "send_again",
    "stop",
    "unsubscribe",
]
