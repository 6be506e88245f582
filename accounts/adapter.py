"""What allauth asks of us, but for mail (notifications/adapter.py adds that)."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.addresses import as_mailed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by accepting an invitation or by staff; nobody signs up from the outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_login_by_code_required(self, login: Login) -> bool:
        """A password on a device not seen before also needs the e-mailed code (DESIGN §8).

        Whoever has a second factor is asked for that instead. A code, a passkey or an invitation's link needs nothing
        further. The device is remembered by allauth's own trust cookie, if the person says so (MFA_TRUST_*).
        """
        records = get_authentication_records(self.request, login.user)
        used_password = bool(records) and records[-1]["method"] == "password"
        if settings.DEMO or not used_password or is_mfa_enabled(login.user):
            return False
        return bool(super().is_login_by_code_required(login))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Nobody has to prove twice within five minutes who they are: a fresh sign-in counts."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((float(record["at"]) for record in records), default=0.0)
        if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def clean_email(self, email: str) -> str:
        """Addresses are compared and kept as mail knows them."""
        try:
            return as_mailed(super().clean_email(email))
        except ValueError as error:
            raise ValidationError(_("Enter an email address like name@example.org."), code="invalid") from error
