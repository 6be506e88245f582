"""The parts, and the order in which they start and stop."""

import http.client
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from config.embedded import Postgres, Valkey, free_port
from config.supervisor.child import Child
from config.supervisor.ground import CannotStart

READY_SECONDS = 60.0


def say(line: str) -> None:
    """A plain line; a terminal that has gone away stops nothing."""
    with suppress(OSError):
        print(line, flush=True)


class System:
    """Everything `make run` starts. `start` returns once the site is ready; `stop` may be called at any point."""

    def __init__(self, data_dir: Path, *, port: int, sockets: list[socket.socket], secret_key: str) -> None:
        self.port = port
        self.data_dir = data_dir
        self._sockets = sockets
        self._servers: list[Postgres | Valkey] = []
        self._children: list[Child] = []
        self.environment = os.environ | {
            "DEMO": "1",
            "DEBUG": "0",
            "SECRET_KEY": secret_key,
            "PORT": str(port),
            "DATA_DIR": str(data_dir),
            "PYTHONUNBUFFERED": "1",
        }

    def start(self) -> None:
        self._start_servers()
        self._start_mail_sink()
        self._prepare()
        self._start_parts()
        self._wait_until_ready()

    def first_to_end(self) -> Child | None:
        return next((child for child in self._children if child.ended_with is not None), None)

    def first_server_to_end(self) -> Postgres | Valkey | None:
        return next((one for one in self._servers if one.process is not None and one.process.poll() is not None), None)

    def stop(self) -> None:
        """First what takes new work, then what finishes it, then where the results are kept."""
        for taken in self._sockets:
            taken.close()
        for child in self._children:
            child.ask_to_stop()
        for child in reversed(self._children):
            child.stop()
        for server in reversed(self._servers):
            server.stop()

    def _start_servers(self) -> None:
        if not self.environment.get("DATABASE_URL", "").strip():
            say("Starting PostgreSQL")
            postgres = Postgres(self.data_dir / "postgres")
            self._servers.append(postgres)
            postgres.start()
            self.environment["DATABASE_URL"] = postgres.url
        if not self.environment.get("REDIS_URL", "").strip():
            say("Starting Valkey")
            valkey = Valkey(self.data_dir / "valkey", persistent=True)
            self._servers.append(valkey)
            valkey.start()
            self.environment["REDIS_URL"] = valkey.url

    def _start_mail_sink(self) -> None:
        if self.environment.get("MAIL_URL", "").strip():
            return
        say("Starting the mail catcher")
        port = free_port()
        self.environment["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
        folder = str(self.data_dir / "mail")
        self._start("mail catcher", ["-m", "notifications.sink", "--port", str(port), "--folder", folder])

    def _prepare(self) -> None:
        step = Child("preparation", ["manage.py", "prepare"], log=self._log("prepare"))
        try:
            for line in step.lines(self.environment):
                say(line)
        finally:
            step.stop()
        if step.ended_with:
            raise CannotStart(f"Alongside cannot start: {_plain(step.why())}")

    def _start_parts(self) -> None:
        say("Starting the web server, the worker and the clock")
        celery = ["-m", "celery", "-A", "config.celery:app"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._start("worker", [*celery, "worker", "--concurrency=2", *quiet])
        self._start("beat", [*celery, "beat", "--pidfile="])
        numbers = [taken.fileno() for taken in self._sockets]
        binds = [part for number in numbers for part in ("--bind", f"fd://{number}")]
        web = ["-m", "gunicorn", "-c", "python:config.web_server", *binds, "config.wsgi"]
        self._start("web", web, keep_open=numbers)

    def _start(self, title: str, arguments: list[str], *, keep_open: list[int] | None = None) -> None:
        child = Child(title, arguments, log=self._log(title.replace(" ", "-")))
        self._children.append(child)
        child.start(self.environment, keep_open=keep_open or ())

    def _log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            ended = self.first_to_end()
            if ended is not None:
                raise CannotStart(f"Alongside cannot start: the {ended.title} stopped: {_plain(ended.why())}")
            if time.monotonic() > deadline:
                raise CannotStart(f"Alongside cannot start: the site is not ready after {READY_SECONDS:.0f} seconds.")
            time.sleep(0.05)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/readyz", headers={"Host": f"localhost:{self.port}"})
            return line.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def _plain(why: str) -> str:
    return why.removeprefix("Alongside cannot start: ").removeprefix("CommandError: ")
