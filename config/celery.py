"""Celery carries wake-ups only; whatever is due lives in PostgreSQL (docs/decisions/0002)."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_process_init

from config.attached import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("alongside")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect(weak=False)
def leave_logs_to_django(**_: object) -> None:
    """config.logs has set them up; a receiver here is how Celery is told to leave them alone."""


@worker_process_init.connect(weak=False)
def end_with_the_worker(**_: object) -> None:
    """A pool process whose worker was killed would wait for work for ever."""
    die_with_parent()


@beat_init.connect(weak=False)
def stamp_first_heartbeat(**_: object) -> None:
    """At start, so that /readyz need not call a new system degraded for its first minute."""
    from django.db import connection

    from config import heartbeat

    heartbeat.stamp()
    connection.close()
