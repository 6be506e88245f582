"""/healthz: this process is alive. /readyz: it can do its work.

Only the database and unapplied migrations make a process unready: without anything else pages still work, so what is
wrong there is listed as `degraded`, with 200. `?strict=1` is for alarms: it answers 503 for those too.
"""

from collections.abc import Callable
from functools import cache

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from config import heartbeat

logger = structlog.get_logger(__name__)

_ANSWER_SECONDS = 0.3
_checks: dict[str, Callable[[], bool]] = {}


def register(name: str, is_well: Callable[[], bool]) -> None:
    """List `name` as degraded whenever `is_well()` is False or raises. Called in `AppConfig.ready`."""
    _checks[name] = is_well


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    broken = what_is_broken()
    if broken:
        return JsonResponse({"status": "not ready", "broken": broken}, status=503)
    degraded = [name for name, is_well in _checks.items() if not _holds(name, is_well)]
    is_strict = request.GET.get("strict") == "1"
    body = {"status": "degraded" if degraded else "ready", "degraded": degraded}
    return JsonResponse(body, status=503 if degraded and is_strict else 200)


def what_is_broken() -> list[str]:
    """Why no page would work: the database, or tables that are older than the code."""
    try:
        return ["migrations"] if has_unapplied_migrations() else []
    except DatabaseError:
        logger.warning("ready.no_database")
        return ["database"]


def has_unapplied_migrations() -> bool:
    applied = set(MigrationRecorder(connection).applied_migrations())
    return any(not (names & applied) for names in _migrations_on_disk())


@cache
def _migrations_on_disk() -> list[set[tuple[str, str]]]:
    """Each migration this code brings, with those it replaces: any one of the set counts as applied.

    A process never sees new code, so it is read once.
    """
    loader = MigrationLoader(None, ignore_no_migrations=True, load=False)
    loader.load_disk()
    return [{key, *migration.replaces} for key, migration in loader.disk_migrations.items()]


def _holds(name: str, is_well: Callable[[], bool]) -> bool:
    try:
        return is_well()
    except (DatabaseError, RedisError, OSError):
        logger.warning("ready.check_failed", check=name)
        return False


def _answers(url: str) -> bool:
    """Whether Redis answers at once. Never through our cache, whose fallback would hide that it is away."""
    patience = {"socket_connect_timeout": _ANSWER_SECONDS, "socket_timeout": _ANSWER_SECONDS}
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as server:
        return bool(server.ping())


register("cache", lambda: _answers(str(settings.CACHES["default"]["LOCATION"])))
register("broker", lambda: _answers(settings.CELERY_BROKER_URL))
register("beat", lambda: heartbeat.is_beating(at=timezone.now()))
