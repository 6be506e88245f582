"""What has to hold before anything starts: a folder of our own, a lock on it, an address, a key."""

import errno
import fcntl
import os
import secrets
import socket
from pathlib import Path

from config.environment import BadEnvironment, folder, number

FIRST_PORT = 8000
_TRIES = 200


class CannotStart(SystemExit):
    """One line for the person at the terminal, and exit status 1."""


def data_dir(root: Path) -> Path:
    """DATA_DIR, made private if it is new, and tried with a real write: a full disk shows here first."""
    path = folder("DATA_DIR", root / ".data")
    probe = path / f".probe-{os.getpid()}"
    try:
        (path / "logs").mkdir(exist_ok=True)
        probe.write_bytes(b"x" * 65536)
    except OSError as error:
        raise CannotStart(f"Alongside cannot start: nothing can be written to {path}: {error.strerror}.") from None
    finally:
        probe.unlink(missing_ok=True)
    return path


class RunLock:
    """Only one Alongside may use a DATA_DIR. The kernel lets go of the lock however its holder ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            where = self._file.read().strip() or "it is still starting"
            raise CannotStart(f"Alongside already runs from {path.parent}: {where}.") from None
        self.write("it is still starting")

    def write(self, where: str) -> None:
        self._file.truncate(0)
        self._file.write(where)
        self._file.flush()


def secret_key(path: Path) -> str:
    """The key from the environment, else the one kept in `path`, made on the first start."""
    given = os.environ.get("SECRET_KEY", "").strip()
    if given:
        return given
    if not path.exists() or len(path.read_text().strip()) < 50:
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(64))
        new.replace(path)
    return path.read_text().strip()


def listen() -> tuple[int, list[socket.socket]]:
    """The port, and the open sockets on it, so that nobody can take it while the rest starts.

    PORT when it is set, and then it must be free; otherwise the first free one from FIRST_PORT.
    """
    if os.environ.get("PORT", "").strip():
        port = number("PORT", FIRST_PORT, least=1)
        sockets = _open(port)
        if not sockets:
            raise BadEnvironment("PORT", f"is {port}, which another program uses. Choose another, or leave PORT unset.")
        return port, sockets
    for port in range(FIRST_PORT, FIRST_PORT + _TRIES):
        sockets = _open(port)
        if sockets:
            return port, sockets
    raise CannotStart(f"Alongside cannot start: no port from {FIRST_PORT} to {FIRST_PORT + _TRIES - 1} is free.")


def _open(port: int) -> list[socket.socket]:
    """Sockets on both loopback addresses (browsers try either for `localhost`); none when one of them is taken."""
    opened: list[socket.socket] = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            candidate = socket.socket(family, socket.SOCK_STREAM)
        except OSError:  # a machine without IPv6
            continue
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
            candidate.listen(2048)
        except OSError as error:
            candidate.close()
            if error.errno == errno.EADDRNOTAVAIL and opened:
                continue
            for other in opened:
                other.close()
            return []
        opened.append(candidate)
    return opened
