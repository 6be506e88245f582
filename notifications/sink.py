"""A mail server that keeps what it gets: for `make run`, the tests and the benchmark.

    python -m notifications.sink --port 2525 --folder mail/

Each message becomes a file *before* it is answered with 250, so "accepted" is a fact on disk. Tests give it faults by
address. It imports nothing of Django and ends with its parent.
"""

import argparse
import asyncio
import itertools
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.attached import die_with_parent

_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """What goes wrong for one address, and for how many tries (None: always).

    `at` is "rcpt", "data" (the server answers with `answer`), "hang" (never answers the text) or "drop" (keeps the
    text and hangs up instead of answering).
    """

    at: str
    answer: str = ""
    times: int | None = None


@dataclass(frozen=True)
class Received:
    """One message as it came: the envelope and the raw bytes."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message_id(self) -> str:
        found = _MESSAGE_ID.search(self.raw)
        return found.group(1).decode("ascii") if found else ""


@dataclass
class Keeper:
    """aiosmtpd's handler: keeps messages in memory, in a folder, or both."""

    folder: Path | None = None
    keep_in_memory: bool = True
    faults: dict[str, Fault] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _tries: dict[str, int] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names its hooks so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._fault(address, {"rcpt"})
        if fault is not None:
            return fault.answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (as above)
        fault = self._fault(envelope.rcpt_tos[0], {"data", "hang", "drop"})
        if fault is not None and fault.at == "data":
            return fault.answer
        if fault is not None and fault.at == "hang":
            await asyncio.sleep(3600)
        self._keep(envelope)
        if fault is not None and server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]  # a socket's transport has it
        return "250 2.0.0 kept"

    def _fault(self, address: str, places: set[str]) -> Fault | None:
        fault = self.faults.get(address)
        if fault is None or fault.at not in places:
            return None
        self._tries[address] = self._tries.get(address, 0) + 1
        return fault if fault.times is None or self._tries[address] <= fault.times else None

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        if self.keep_in_memory:
            self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), raw))
        if self.folder is not None:
            name = f"{time.time_ns():020d}-{next(self._numbers):06d}"
            unfinished = self.folder / f"{name}.part"
            unfinished.write_bytes(raw)
            unfinished.rename(self.folder / f"{name}.eml")


def server_factory(keeper: Keeper) -> Callable[[], Any]:
    return lambda: SMTP(keeper, hostname="localhost", ident="Alongside mail catcher", enable_SMTPUTF8=False)


async def serve(keeper: Keeper, host: str, port: int) -> None:
    """Listen until told to end."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(server_factory(keeper), host, port)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep every mail that comes in, one file each.")
    parser.add_argument("--host", default="127.0.0.1", help="another one only inside a container's own network")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    die_with_parent()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(Keeper(options.folder, keep_in_memory=False), options.host, options.port))


if __name__ == "__main__":
    main()
