"""A bad environment stops the start with one clear line, and never repeats a secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def start_with(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{name: value for name, value in changes.items() if value is not None}}
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://root:hunter2@localhost/x"),
        ("DATABASE_URL", "postgres://user:hunter2@localhost:notaport/x"),
        ("DATABASE_URL", "postgres://user:hunter2@localhost/"),
        ("DATABASE_URL", "just words"),
        ("REDIS_URL", "http://localhost:6379"),
        ("MAIL_URL", "sendmail"),
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SITE_URL", "ftp://alongside.test"),
        ("SITE_URL", "http://alongside.test"),
        ("DEBUG", "maybe"),
        ("PORT", "80000"),
        ("PORT", "-1"),
        ("TRUSTED_PROXY_COUNT", "two"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line_that_names_it(name: str, value: str | None) -> None:
    done = start_with(**{name: value})

    assert done.returncode != 0
    [line] = done.stderr.strip().splitlines()
    assert line.startswith(f"Alongside cannot start: {name} ")
    assert "hunter2" not in line


def test_the_values_of_the_tests_themselves_are_good() -> None:
    assert start_with().returncode == 0


def test_every_setting_read_from_the_environment_is_explained_in_the_example() -> None:
    source = (ROOT / "config" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    read = {part.split('"')[1] for part in source.split("env.")[1:] if part.partition("(")[2].startswith('"')}
    documented = {line.lstrip("# ").split("=")[0] for line in example.splitlines() if "=" in line}

    assert read - {"BadEnvironment"} <= documented
