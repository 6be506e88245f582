"""/healthz and /readyz as the outside relies on them (DESIGN §5)."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config import health, heartbeat
from config.embedded import free_port
from config.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_own_checks(monkeypatch):
    """Other apps' checks have tests of their own."""
    monkeypatch.setattr(health, "_checks", {name: health._checks[name] for name in ("cache", "broker", "beat")})


@pytest.fixture
def everything_runs(only_own_checks):
    heartbeat.stamp()


def test_a_process_is_alive_without_asking_the_database(client: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_whole_system_is_ready(client: Client, everything_runs):
    answer = client.get("/readyz?strict=1")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "degraded": []})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_never_cached_and_sets_no_cookie(client: Client, everything_runs, path):
    answer = client.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_read_only(client: Client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_check_from_inside_is_not_sent_to_https(path):
    assert Client().get(path, secure=False).status_code == 200


def test_tables_older_than_the_code_are_not_ready(client: Client, everything_runs):
    MigrationRecorder(connection).record_unapplied("config", "0001_initial")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "broken": ["migrations"]})


def test_a_squashed_migration_counts_once_what_it_replaces_is_applied(monkeypatch):
    monkeypatch.setattr(
        health, "_migrations_on_disk", lambda: [{("config", "0009_squashed"), ("config", "0001_initial")}]
    )
    assert not health.has_unapplied_migrations()


def test_a_beat_never_seen_or_long_gone_is_degraded_but_ready(client: Client, only_own_checks):
    assert client.get("/readyz").json()["degraded"] == ["beat"]
    Heartbeat.objects.create(name="beat", beaten_at=timezone.now() - heartbeat.STALE_AFTER - timedelta(seconds=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "degraded": ["beat"]})


def test_strict_fails_on_what_is_degraded(client: Client, only_own_checks):
    assert client.get("/readyz?strict=1").status_code == 503


def test_without_redis_the_answer_is_ready_and_quick(client: Client, everything_runs, monkeypatch):
    away = f"redis://127.0.0.1:{free_port()}"
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", f"{away}/0")
    monkeypatch.setitem(settings.CACHES["default"], "LOCATION", f"{away}/1")
    began = time.monotonic()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["cache", "broker"])
    assert time.monotonic() - began < 1


def test_an_app_may_list_a_check_of_its_own(client: Client, everything_runs):
    health.register("overdue mail", lambda: False)
    assert client.get("/readyz").json()["degraded"] == ["overdue mail"]


def test_a_check_that_cannot_ask_is_degraded_not_an_error(client: Client, everything_runs):
    def refused() -> bool:
        raise ConnectionRefusedError

    health.register("mail server", refused)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["mail server"])


def test_the_minute_task_stamps_the_row():
    from config.tasks import stamp_heartbeat

    stamp_heartbeat()
    assert heartbeat.is_beating(at=timezone.now())
