"""Sign-in events that Django and allauth announce, written to the audit trail. No address is ever recorded."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal
from django.http import HttpRequest

from accounts import audit, new_addresses, returning
from accounts.models import User


def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session.set_expiry(None)
    returning.keep_only_for(request, user)
    audit.record(verb="sign_in.succeeded", by=user, target=user)


def sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    audit.record(verb="sign_in.failed", by=None, target=User.objects.filter(email=address).first())


def signed_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(verb="sign_out.done", by=user, target=user)


def authenticator_event(verb: str) -> Any:
    def receiver(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
        audit.record(verb=verb, by=user, target=user, type=str(authenticator.type))

    return receiver


def own_event(verb: str) -> Any:
    def receiver(user: User, **kwargs: Any) -> None:
        audit.record(verb=verb, by=user, target=user)

    return receiver


def address_changed(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    audit.record(verb="person.address_changed", by=user, target=user)
    if from_email_address:
        new_addresses.follow(user, before=from_email_address.email, after=to_email_address.email)


def _listen(signal: Signal, receiver: Any) -> None:
    signal.connect(receiver, weak=False, dispatch_uid="accounts.audit")


def connect() -> None:
    _listen(auth_signals.user_logged_in, signed_in)
    _listen(auth_signals.user_login_failed, sign_in_failed)
    _listen(auth_signals.user_logged_out, signed_out)
    _listen(account_signals.login_code_rejected, own_event("sign_in.code_rejected"))
    _listen(account_signals.password_set, own_event("person.password_chosen"))
    _listen(account_signals.password_changed, own_event("person.password_changed"))
    _listen(account_signals.password_reset, own_event("person.password_reset"))
    _listen(account_signals.email_changed, address_changed)
    _listen(mfa_signals.authenticator_added, authenticator_event("second_factor.added"))
    _listen(mfa_signals.authenticator_removed, authenticator_event("second_factor.removed"))
    _listen(mfa_signals.authenticator_reset, authenticator_event("second_factor.renewed"))
    _listen(mfa_signals.authentication_failed, own_event("second_factor.rejected"))
