"""People of every kind, made by the actions the product itself uses."""

import itertools
import time
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password

from accounts import actions
from accounts.models import Role, User

PASSWORD = "a long enough password 7"
_numbers = itertools.count(1)


def make_person(email: str = "", *, password: str | None = PASSWORD, **profile: Any) -> User:
    number = next(_numbers)
    profile.setdefault("name", f"Person {number}")
    person = actions.create_user(email=email or f"person{number}@example.test", by=None, **profile)
    if password is not None:
        person.password = _hash_of(password)
        person.save(update_fields=["password"])
    return person


@cache
def _hash_of(password: str) -> str:
    """A real hash, worked out once: it takes a tenth of a second, and tests make thousands of people."""
    return make_password(password)


def make_staff(*roles: Role, email: str = "", second_factor: bool = True, password: str | None = PASSWORD) -> User:
    """A member of staff as the product wants them: with a second factor."""
    person = make_person(email, password=password)
    for role in roles or (Role.MANAGER,):
        actions.grant_role(user=person, role=role, by=None)
    if second_factor:
        enrol(person)
    return person


def make_superuser(email: str = "", *, second_factor: bool = True) -> User:
    person = make_person(email)
    actions.make_superuser(user=person, by=None)
    if second_factor:
        enrol(person)
    return person


def enrol(person: User) -> str:
    """Give them an authenticator app; returns its secret."""
    secret: str = generate_totp_secret()
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(person, secret)
    return secret


def app_code(secret: str, *, steps: int = 0) -> str:
    """What the authenticator app shows now, or so many steps of 30 s away."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
    return code
