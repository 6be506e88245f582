"""The secret of a link: 128 random bits in 22 characters, of which only a hash is stored."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    """SHA-256 in hexadecimal. The token is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_well_formed(token: str) -> bool:
    return _SHAPE.fullmatch(token) is not None
