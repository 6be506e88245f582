"""Gunicorn's settings: `gunicorn -c python:config.web_server config.wsgi`."""

import ipaddress
import os
import socket
from datetime import timedelta
from typing import Any

import structlog
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from config.attached import die_with_parent
from config.environment import flag, number
from config.masking import masked

_SHM = "/dev/shm"  # noqa: S108  (gunicorn makes private, unlinked files in it)


class AccessLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """One JSON line a request, without tokens, query string, address or referrer; errors go to config.logs too."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        structlog.get_logger("web").info(
            "request",
            method=environ["REQUEST_METHOD"],
            path=masked(environ.get("PATH_INFO", "")),
            status=int(str(resp.status).split(None, 1)[0]),
            bytes=resp.sent,
            milliseconds=round(request_time.total_seconds() * 1000),
        )


def on_starting(server: Arbiter) -> None:
    """The demo's passwords are public, so it may be reached from this machine only."""
    if flag("DEMO") and not all(_is_loopback(address) for address in server.cfg.address):
        raise SystemExit("Alongside cannot start: with DEMO=1 the web server may only listen on 127.0.0.1 or ::1.")


def _is_loopback(address: int | str | tuple[str, int]) -> bool:
    if isinstance(address, str):  # a Unix socket
        return True
    if isinstance(address, int):  # a socket that the supervisor opened
        with socket.socket(fileno=os.dup(address)) as opened:
            host = str(opened.getsockname()[0])
    else:
        host = address[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def post_fork(server: Arbiter, worker: Worker) -> None:
    die_with_parent()


bind = f"{'127.0.0.1' if flag('DEMO') else '0.0.0.0'}:{number('PORT', 8000, least=1)}"  # noqa: S104  (behind a proxy)
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True  # the workers share what they loaded: memory
graceful_timeout = 10
keepalive = 5
worker_tmp_dir = _SHM if os.path.isdir(_SHM) else None
control_socket_disable = True  # it would want a writable HOME
accesslog = "-"
logger_class = AccessLogger
proc_name = "alongside"
