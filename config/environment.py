"""Typed readers for environment variables: a bad value stops the start with one clear line."""

import os
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit


class BadEnvironment(SystemExit):
    """One line for the person at the terminal, and exit status 2."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Alongside cannot start: {name} {problem}")


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadEnvironment(name, "is missing. See .env.example for what it should hold.")
    return default


def flag(name: str) -> bool:
    value = text(name, "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise BadEnvironment(name, f"must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes"}


def number(name: str, default: int, *, least: int = 0, most: int = 65535) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadEnvironment(name, f"must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, default: str | None = None, *, schemes: set[str]) -> SplitResult:
    """An address of one of `schemes`. The message never repeats the value: it may hold a password."""
    value = text(name, default)
    wanted = " or ".join(sorted(f"{scheme}://" for scheme in schemes))
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise BadEnvironment(name, f"is not an address. It should begin with {wanted}.") from None
    if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/")):
        raise BadEnvironment(name, f"must begin with {wanted} and name a host.")
    return parts


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironment(name, f"names a folder that cannot be made: {error.strerror}.") from None
    return path


def private_folder(path: Path) -> Path:
    """A folder under DATA_DIR that only this user may enter, made when it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironment("DATA_DIR", f"holds {path.name}, which cannot be made: {error.strerror}.") from None
    return path


def database(name: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL address, with a small pool whose connections are checked before use."""
    parts = url(name, schemes={"postgres", "postgresql"})
    if not parts.path.strip("/"):
        raise BadEnvironment(name, "names no database. It should end in /name.")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: unquote(value) for key, value in options.items()},
    }


def mail_server(name: str, default: str) -> dict[str, object]:
    """Options of Django's SMTP backend. A server that goes silent is left after ten seconds."""
    parts = url(name, default, schemes={"smtp", "smtps"})
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": options.get("starttls") == "1",
        "timeout": 10,
    }
