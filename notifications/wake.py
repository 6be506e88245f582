"""Wake-ups for the worker. All of them may be lost: the sweep finds every row within a minute."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def worker() -> None:
    """Ask a worker to send what is due. A dead broker must never turn a saved change into an error page."""
    from notifications.tasks import deliver

    try:
        deliver.apply_async(retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the worker could not be woken; the sweep will send", extra={"error": type(error).__name__})
