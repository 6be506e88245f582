"""A real SMTP server in a thread, and the settings that send mail to it."""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from notifications.sink import Keeper, server_factory


def mailer(port: int, *, timeout: float = 2) -> dict[str, Any]:
    """What settings.MAILERS must hold for mail to go to `port`."""
    options = {"host": "127.0.0.1", "port": port, "timeout": timeout}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@contextmanager
def running(keeper: Keeper) -> Iterator[int]:
    """Serve `keeper` on a free port of loopback; the port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(server_factory(keeper), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(timeout=5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def silent_server(greeting: bytes = b"") -> Iterator[int]:
    """Accepts connections, says `greeting`, and nothing ever after."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                if greeting:
                    connection.sendall(greeting)
                held.append(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        for connection in held:
            connection.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def parsed(raw: bytes) -> EmailMessage:
    """As the standard library reads it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(raw: bytes, subtype: str = "plain") -> str:
    part = parsed(raw).get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
