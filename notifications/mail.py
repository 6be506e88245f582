"""The kinds this app sends itself: the weekly digest, and whatever allauth has to say."""

from datetime import datetime, timedelta
from typing import Any

from config.links import absolute
from notifications import reasons
from notifications.digests import sections_for
from notifications.kinds import Category, MailKind, NotWanted, register
from notifications.models import LedgerRow


def render_digest(row: LedgerRow) -> dict[str, Any]:
    """What is new for the reader as they may see it at this moment. Raises NotWanted when nothing is."""
    if row.recipient is None:
        raise NotWanted(reasons.INACTIVE)
    since, until = (datetime.fromisoformat(str(row.ids[name])) for name in ("since", "until"))
    sections = [
        {"heading": section.heading, "lines": [(text, absolute(path)) for text, path in section.lines]}
        for section in sections_for(row.recipient, since, until)
    ]
    if not sections:
        raise NotWanted(reasons.NOTHING_NEW)
    return {"sections": sections, "since": since, "until": until}


DIGEST = register(
    MailKind(
        name="notifications.digest",
        title="Weekly digest",
        category=Category.DIGEST,
        # Whether one went or had nothing to tell would show who in a pair writes (DESIGN §2, no surveillance).
        is_private=True,
        template="mail/notifications/digest",
        late_after=timedelta(hours=48),
        render=render_digest,
    )
)


def render_secret(row: LedgerRow) -> dict[str, Any]:
    """allauth gives the whole context when it asks; it is kept as the row's secret until the mail has gone."""
    return row.secret or {}


CODE_LIFETIME = timedelta(minutes=10)
LINK_LIFETIME = timedelta(days=3)

# allauth's template prefix → title for staff, whether somebody waits for it, how long it is of use
_FROM_ALLAUTH: dict[str, tuple[str, bool, timedelta | None]] = {
    "account/email/login_code": ("Sign-in code", True, CODE_LIFETIME),
    "account/email/unknown_account": ("Sign-in by an unknown address", True, CODE_LIFETIME),
    "account/email/password_reset_code": ("Password reset code", True, CODE_LIFETIME),
    "account/email/password_reset_key": ("Password reset link", True, LINK_LIFETIME),
    "account/email/email_confirmation": ("Address confirmation", True, LINK_LIFETIME),
    "account/email/email_confirmation_signup": ("Address confirmation, new account", True, LINK_LIFETIME),
    "account/email/account_already_exists": ("Account exists already", True, LINK_LIFETIME),
    "account/email/email_changed": ("Address changed", False, None),
    "account/email/email_confirm": ("Address confirmed", False, None),
    "account/email/email_deleted": ("Address removed", False, None),
    "account/email/password_changed": ("Password changed", False, None),
    "account/email/password_reset": ("Password reset", False, None),
    "account/email/password_set": ("Password set", False, None),
    "mfa/email/recovery_codes_generated": ("Recovery codes made", False, None),
    "mfa/email/totp_activated": ("Authenticator app added", False, None),
    "mfa/email/totp_deactivated": ("Authenticator app removed", False, None),
    "mfa/email/webauthn_added": ("Passkey added", False, None),
    "mfa/email/webauthn_removed": ("Passkey removed", False, None),
}


def account_kind(template_prefix: str) -> str:
    """The name of the kind that sends allauth's mail of this template prefix."""
    app, _email, noun = template_prefix.split("/")
    return f"{app}.{noun}"


def account_lifetime(template_prefix: str) -> timedelta | None:
    return _FROM_ALLAUTH[template_prefix][2]


for _prefix, (_title, _is_urgent, _lifetime) in _FROM_ALLAUTH.items():
    register(
        MailKind(
            name=account_kind(_prefix),
            title=_title,
            template=_prefix,
            is_private=True,
            is_urgent=_is_urgent,
            on_lost_lease="requeue",
            render=render_secret,
        )
    )
