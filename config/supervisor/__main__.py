"""The order of the day: the ground, the system, the address, and then waiting until somebody says stop."""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from config.attached import die_with_parent
from config.embedded import EmbeddedError
from config.supervisor.ground import FIRST_PORT, CannotStart, RunLock, data_dir, listen, secret_key
from config.supervisor.sign_ins import as_lines
from config.supervisor.system import System, say

ROOT = Path(__file__).resolve().parent.parent.parent
_LOOK_SECONDS = 0.3


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C, closed the terminal or sent TERM."""


def main() -> None:
    os.chdir(ROOT)
    _heed_signals()
    folder = data_dir(ROOT)
    lock = RunLock(folder / "run.lock")
    port, sockets = listen()
    if port != FIRST_PORT and not os.environ.get("PORT"):
        say(f"Port {FIRST_PORT} is taken; using {port}")
    system = System(folder, port=port, sockets=sockets, secret_key=secret_key(folder / "secret-key"))
    try:
        system.start()
        address = f"http://localhost:{port}"
        lock.write(f"open {address} (process {os.getpid()})")
        for line in as_lines(address, os.environ.get("DEMO_PASSWORD") or "alongside-demo"):
            say(line)
        say("Press Ctrl-C to stop.")
        _watch(system)
    except StopAsked:
        say("Stopping")
    except (EmbeddedError, OSError) as error:
        raise CannotStart(f"Alongside cannot start: {error}") from None
    finally:
        _heed_no_more()
        system.stop()
    say("Stopped. Nothing is left running.")


def _watch(system: System) -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        child = system.first_to_end()
        if child is not None:
            raise CannotStart(f"The {child.title} ended by itself, so everything stops: {child.why()}")
        server = system.first_server_to_end()
        if server is not None:
            raise CannotStart(f"{server.title} ended by itself, so everything stops (see {server.log})")


def _heed_signals() -> None:
    """Under make, its end is ours too: `kill -9` of make must leave nothing behind. `nohup` keeps its meaning."""

    def stop(number: int, frame: FrameType | None) -> None:
        _heed_no_more()
        raise StopAsked

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)


def _heed_no_more() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    try:
        main()
    except StopAsked:  # before there was anything to stop
        sys.exit(130)
