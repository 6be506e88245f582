"""allauth's mail goes through the ledger like any other: written down first, codes tried at once, secrets wiped."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from accounts.actions import person_with
from accounts.adapter import AccountAdapter as SignInAdapter
from accounts.models import User
from notifications.actions import queue_mail
from notifications.mail import account_kind, account_lifetime


class AccountAdapter(SignInAdapter):
    """Sign-in as accounts has it; mail as the ledger has it."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue what allauth wants said to `email`; a code is tried at once, after the commit."""
        lifetime = account_lifetime(template_prefix)
        with transaction.atomic():
            queue_mail(
                kind=account_kind(template_prefix),
                address=email,
                recipient=_recipient(email, context.get("user")),
                dedupe_key=f"{account_kind(template_prefix)}:{uuid.uuid4().hex}",
                secret={"email": email} | plain(context),
                expires_at=timezone.now() + lifetime if lifetime else None,
            )


def _recipient(email: str, user: object) -> User | None:
    if isinstance(user, User):
        return user
    return person_with(email)


def plain(context: dict[str, Any]) -> dict[str, str | int | bool]:
    """What of allauth's context a JSON column can hold: words and numbers, not the request or the person."""
    kept: dict[str, str | int | bool] = {}
    for name, value in context.items():
        if value is None or name in {"request", "user", "current_site"} or isinstance(value, AbstractBaseUser):
            continue
        kept[name] = value if isinstance(value, bool | int) else _words(value)
    return kept


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %B %Y, %H:%M %Z}"
    return str(value)
