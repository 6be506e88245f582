"""Text that was sent after the session had ended, kept until its writer has signed in again (WCAG technique G181).

The fields of the refused POST wait, encrypted, in the server-side session that the sign-in itself uses: they survive a
code, a passkey or a second factor, and need no JavaScript. They go only to the person whose session it was. A form
takes them back with one call, `MyForm(request.POST or returning.data(request))`; for a page that does not, a page in
between shows the text and sends it with one click. Nothing is saved without a click (docs/decisions/0007).
"""

import base64
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from accounts.models import User
from config.limits import count_one

SESSION_KEY = "returning"
OWNER_KEY = "returning_owner"
WRITER_FIELD = "writer"  # a form may say whose it is, by `writer_of`: for when the session that knew is gone altogether
MAX_AGE_SECONDS = 3600
MAX_BYTES = 1_000_000  # 20,000 words of a script that takes nine bytes a letter in a form
KEPT_PER_ADDRESS_AND_HOUR = 200


@dataclass(frozen=True)
class Kept:
    """One refused POST: where it was going and what it said."""

    path: str
    fields: QueryDict


def writer_of(user: User) -> str:
    """22 characters that name a person, in a form and on a device, without saying who it is."""
    digest = salted_hmac("learning_log.device.person", str(user.pk), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def remember_owner(request: HttpRequest, user_id: int) -> None:
    """Note, in the session that follows an expired one, whose it was."""
    request.session[OWNER_KEY] = user_id


def keep(request: HttpRequest, client_address: str) -> bool:
    """Keep the fields of this anonymous POST; False when there is nothing to keep or too much came from one place."""
    fields = fields_of(request)
    plain = fields.urlencode().encode()
    if not fields or len(plain) > MAX_BYTES or _too_many(client_address):
        return False
    request.session[SESSION_KEY] = {
        "path": request.get_full_path(),
        "fields": _fernet().encrypt(plain).decode(),
        "owner": request.session.pop(OWNER_KEY, None),
        "writer": request.POST.get(WRITER_FIELD, ""),
    }
    return True


def fields_of(request: HttpRequest) -> QueryDict:
    """What a person typed into the form they sent: no token, no password, no file."""
    fields = request.POST.copy()
    for name in list(fields):
        if name in ("csrfmiddlewaretoken", WRITER_FIELD) or "password" in name.lower():
            del fields[name]
    return fields


def keep_only_for(request: HttpRequest, user: User) -> None:
    """Called as `user` signs in: somebody else's text is dropped unseen."""
    kept = request.session.get(SESSION_KEY)
    if kept and (kept["owner"] not in (None, user.pk) or kept.get("writer", "") not in ("", writer_of(user))):
        del request.session[SESSION_KEY]
    request.session.pop(OWNER_KEY, None)


def kept(request: HttpRequest) -> Kept | None:
    """What waits for the person who is signed in now."""
    if not request.user.is_authenticated or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    stored = request.session.get(SESSION_KEY)
    if not stored:
        return None
    try:
        plain = _fernet().decrypt(stored["fields"], ttl=MAX_AGE_SECONDS)
    except InvalidToken:
        forget(request)
        return None
    return Kept(stored["path"], QueryDict(plain))


def data(request: HttpRequest) -> QueryDict | None:
    """The fields that wait for this very page, or None: `form = MyForm(request.POST or returning.data(request))`."""
    waiting = kept(request)
    if waiting is None or request.method != "GET" or waiting.path != request.get_full_path():
        return None
    request._returned_text_was_read = True  # type: ignore[attr-defined]  # asked by ReturningTextMiddleware
    return waiting.fields


def forget(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _fernet() -> Fernet:
    digest = salted_hmac("accounts.returning", "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _too_many(client_address: str) -> bool:
    """Anonymous people may not fill the session table: so many an hour from one address."""
    return count_one(f"returning:{client_address}", seconds=3600).count > KEPT_PER_ADDRESS_AND_HOUR
