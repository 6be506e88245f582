"""A closed network, and what every test may ask for."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

# Examples are judged by what they show, never by a clock: the machine may be busy with something else.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

_connect = socket.socket.connect
_HERE = {"127.0.0.1", "::1", "localhost"}


def _closed_connect(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX and str(address[0]) not in _HERE:
        raise RuntimeError(f"tests may only talk to this machine, not {address[0]}")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """The only patch in the suite: the world outside this machine does not exist."""
    socket.socket.connect = _closed_connect  # type: ignore[method-assign,assignment]  # that is the point
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]  # and its end


@pytest.fixture(autouse=True, scope="session")
def static_files_without_manifest() -> Iterator[None]:
    """Pages may name static files without a collectstatic before every run."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


class SecureClient(Client):
    """Django's client, over https as every real reader comes."""

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["secure"] = True
        return super().generic(*args, **kwargs)

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Staff come with the second factor without which they reach nothing outside DEMO."""
        from accounts.permissions import is_staff_member
        from tests.accounts.factories import enrol

        if is_staff_member(user):
            enrol(user)
        super().force_login(user, backend)


@pytest.fixture
def client() -> Client:
    return SecureClient()
