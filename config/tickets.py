"""What a public form carries, so that a second click is the same thing, and a page too old asks again."""

import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone


@dataclass(frozen=True)
class Ticket:
    """One look at a form of one `purpose`: the key that makes a second click the same, and when it was shown."""

    purpose: str
    key: uuid.UUID
    shown_at: float

    @classmethod
    def new(cls, purpose: str) -> "Ticket":
        return cls(purpose, uuid.uuid4(), timezone.now().timestamp())

    @classmethod
    def read(cls, purpose: str, value: str) -> "Ticket | None":
        """The ticket we once gave out for this purpose, however long ago, or None."""
        try:
            key, shown_at = signing.loads(value, salt=f"{purpose}.ticket")
            return cls(purpose, uuid.UUID(key), float(shown_at))
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return signing.dumps([str(self.key), round(self.shown_at, 1)], salt=f"{self.purpose}.ticket")


def token_is_wrong(request: HttpRequest) -> bool:
    """Django's own check of the CSRF token, asked inside an exempt view: there a wrong one loses no word."""

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return CsrfViewMiddleware(nothing).process_view(request, nothing, (), {}) is not None
