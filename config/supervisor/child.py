"""One part of the system: a process group with a log of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from config.attached import attached

STOP_SECONDS = 12.0


class Child:
    """`python ARGUMENTS`, in a session of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, title: str, arguments: list[str], *, log: Path) -> None:
        self.title = title
        self.log = log
        self._command = attached([sys.executable, "-u", *arguments], on_parent_death=signal.SIGKILL)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, environment: Mapping[str, str], *, keep_open: Iterable[int] = ()) -> None:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=tuple(keep_open),
                start_new_session=True,
            )

    def lines(self, environment: Mapping[str, str]) -> Iterator[str]:
        """Start, and give what it prints, line by line, until it ends; errors go to the log."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self._process.stdout is not None  # noqa: S101  (asked for above)
        for line in self._process.stdout:
            yield line.decode(errors="replace").rstrip()
        self._process.wait()

    @property
    def ended_with(self) -> int | None:
        """Its exit status (negative: the signal that ended it); None while it runs or before it started."""
        return None if self._process is None else self._process.poll()

    def why(self) -> str:
        """Its last words, in one line."""
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return f"{lines[-1][:400]} (all of it: {self.log})" if lines else f"it said nothing (exit {self.ended_with})"

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, within_seconds: float = STOP_SECONDS) -> None:
        """Ask, wait, then end by force whatever is left of the group."""
        if self._process is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within_seconds)
        with suppress(ProcessLookupError, PermissionError):  # the group outlives its leader while one member does
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
