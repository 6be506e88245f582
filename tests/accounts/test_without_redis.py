"""A real Valkey, stopped in the middle: people still sign in, and guessing is still stopped."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from accounts.models import AuditEvent
from config.embedded import Valkey
from tests.accounts.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def valkey(tmp_path: Path, settings: Any) -> Any:
    server = Valkey(tmp_path / "valkey", persistent=False)
    server.start()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"{server.url}/1"}}
    LocMemCache("alongside-fallback", {}).clear()
    yield server
    server.stop()
    LocMemCache("alongside-fallback", {}).clear()


def test_people_sign_in_while_redis_is_down(client: Client, valkey: Valkey) -> None:
    person = make_person()
    valkey.stop()
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/code/confirm/"


def test_guessing_is_stopped_while_redis_is_down(client: Client, valkey: Valkey) -> None:
    person = make_person()
    valkey.stop()
    statuses = {
        client.post(
            LOGIN, {"login": person.email, "password": "wrong guess"}, headers={"X-Forwarded-For": f"203.0.113.{n}"}
        )
        for n in range(8)
    }
    assert {answer.status_code for answer in statuses} <= {200, 429}
    assert AuditEvent.objects.filter(verb="sign_in.failed").count() == 5
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert answer.status_code in {200, 429}


def test_the_limit_holds_across_the_moment_when_redis_stops(client: Client, valkey: Valkey) -> None:
    person = make_person()
    for _ in range(3):
        client.post(LOGIN, {"login": person.email, "password": "wrong guess"})
    valkey.stop()
    for _ in range(8):
        client.post(LOGIN, {"login": person.email, "password": "wrong guess"})
    assert AuditEvent.objects.filter(verb="sign_in.failed").count() <= 3 + 5
