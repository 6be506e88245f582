"""Wake-ups for the worker. All of them may be lost: the sweep finds every row within a minute."""

import logging

from celery import Task, current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


PUBLISH_SECONDS = 0.3


def worker() -> bool:
    """Ask a worker to send what is due; whether the broker took it."""
    from notifications.tasks import deliver

    return publish(deliver)


def publish(task: "Task[[], None]") -> bool:
    """Ask a worker to run `task`, which takes no arguments; whether the broker took it.

    Never raises and never takes long: a dead broker must not turn a saved change into an error page.
    """
    patience = {"socket_timeout": PUBLISH_SECONDS, "socket_connect_timeout": PUBLISH_SECONDS, "max_retries": 0}
    try:
        with current_app.connection_for_write(transport_options=patience) as connection:
            task.apply_async(connection=connection, retry=False, ignore_result=True)  # type: ignore[call-arg]  # stubs
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the worker could not be woken; the sweep will do it", extra={"error": type(error).__name__})
        return False
    return True
