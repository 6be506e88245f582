"""Under which key a person's unsaved words are kept on a device; under what name, `accounts.returning` says.

Both are derived, never stored: docs/decisions/0008-text-on-the-device.md.
"""

import base64

from django.utils.crypto import salted_hmac

from accounts.models import User


def key_of(user: User) -> str:
    """The person's AES key of 32 bytes, in base64. For a page that this person is signed in to, and nobody else."""
    digest = salted_hmac("learning_log.device.key", str(user.pk), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
