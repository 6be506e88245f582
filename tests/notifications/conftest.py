"""A mail server for each test that asks for one."""

from collections.abc import Iterator
from typing import Any

import pytest

from notifications.sink import Keeper
from tests.notifications.sinks import mailer, running


@pytest.fixture
def sink(settings: Any) -> Iterator[Keeper]:
    """A real SMTP server that keeps what it gets; mail goes to it."""
    keeper = Keeper()
    with running(keeper) as port:
        settings.MAILERS = mailer(port)
        yield keeper
