"""The code by mail that proves an address, for somebody who has no account and should not have to make one.

What is kept stands in the visitor's own session: the address, a keyed hash of the code, how often it was tried. It
never says whether the address is known. Before its code is right an address is written down nowhere but in the mail
ledger, until the message to it has gone or been given up; from then on the row holds none.
"""

import secrets
import time
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

import accounts.actions
from accounts.models import User
from config.limits import count_one
from notifications.actions import queue_mail

SESSION_KEY = "application_code"
LIFETIME = timedelta(minutes=10)
TRIES = 5
PER_ADDRESS, PER_SENDER = 5, 40
WINDOW_SECONDS = 900


def send(request: HttpRequest, email: str, *, about: str) -> bool:
    """Mail a new code to `email`; the one before stops working. False when too many went out already.

    `about` is the programme's name, for the mail.
    """
    address = email.strip().lower()
    if _too_many("address", address, PER_ADDRESS) or _too_many("sender", _sender(request), PER_SENDER):
        return False
    code = f"{secrets.randbelow(10**6):06d}"
    request.session[SESSION_KEY] = {
        "email": address,
        "hash": _hash(address, code),
        "tries": 0,
        "expires": time.time() + LIFETIME.total_seconds(),
    }
    with transaction.atomic():
        queue_mail(
            kind="applications.code",
            address=address,
            recipient=accounts.actions.person_with(address),
            dedupe_key=f"application-code:{secrets.token_hex(16)}",
            secret={"code": code, "about": about},
            expires_at=timezone.now() + LIFETIME,
        )
    return True


def waiting_for(request: HttpRequest) -> str:
    """The address whose code this visitor was asked for, or nothing."""
    kept = request.session.get(SESSION_KEY)
    return str(kept["email"]) if kept and kept["expires"] > time.time() and kept["tries"] < TRIES else ""


def is_right(request: HttpRequest, code: str) -> bool:
    """Whether this is the code; it works once, for ten minutes, and five wrong ones end it."""
    address = waiting_for(request)
    if not address:
        return False
    kept = request.session[SESSION_KEY]
    if constant_time_compare(kept["hash"], _hash(address, "".join(code.split()))):
        del request.session[SESSION_KEY]
        return True
    request.session[SESSION_KEY] = kept | {"tries": kept["tries"] + 1}
    return False


def person_of(address: str) -> User:
    """The person with a proven address; made without a password if they are new."""
    return accounts.actions.ensure_user(email=address, by=None)


def _hash(address: str, code: str) -> str:
    return salted_hmac("applications.codes", f"{address}:{code}", algorithm="sha256").hexdigest()


def _sender(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _too_many(what: str, value: str, limit: int) -> bool:
    digest = salted_hmac("applications.codes.limit", value, algorithm="sha256").hexdigest()
    return count_one(f"application-codes:{what}:{digest}", seconds=WINDOW_SECONDS).count > limit
