"""A Redis cache that holds its limits when Redis is away."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5


class KeptRedisClient(RedisCacheClient):
    """Django makes a Redis client for each call, which costs more than the call. One client is safe for all threads."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        kept: Any = self.__dict__.get("_kept_client")
        if kept is None:
            kept = self.__dict__["_kept_client"] = super().get_client(key, write=write)
        return kept


class FallbackRedisCache(RedisCache):
    """Redis, or this process's own memory while Redis does not answer.

    Rate limits (allauth's, ours) then count per process: never absent, and never an error page. After a failure
    Redis is left alone for RETRY_SECONDS, so that a page does not wait for it again and again.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptRedisClient
        local = {key: value for key, value in params.items() if key != "OPTIONS"}
        self._local = LocMemCache("alongside-fallback", local)
        self._away_until = 0.0

    def _either(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                call: Callable[..., Any] = getattr(super(), method)
                return call(*args, **kwargs)
            except (RedisError, OSError):
                self._away_until = time.monotonic() + RETRY_SECONDS
                logger.warning("cache.away")
        return getattr(self._local, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("incr", *args, **kwargs)

    def clear(self) -> Any:
        return self._either("clear")
