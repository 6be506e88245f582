"""docker-compose.yml, Dockerfile and .env.example say what the code does."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {"prepare", "web", "worker", "beat", "mail"}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SETTINGS = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
EXAMPLE = (ROOT / ".env.example").read_text()


def test_the_system_is_whole():
    assert {"web", "worker", "beat", "postgres", "valkey", "mail"} <= set(SERVICES)
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose IS NOT HERE: its schema was not asked")
def test_docker_compose_itself_accepts_the_file():
    done = subprocess.run(
        ["docker-compose", "--file", "docker-compose.yml", "config", "--quiet"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 60, "SITE_URL": "https://alongside.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_without_a_key_compose_stops_with_a_line_that_says_so():
    assert SERVICES["web"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_service_that_stays_has_a_health_check(name: str):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root(name: str):
    image_user = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1]
    user = image_user if name in OURS else SERVICES[name].get("user", "root")
    assert user not in {"root", "0"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_of_ours_names_something_that_exists(name: str):
    commands = [SERVICES[name]["command"]]
    commands += [SERVICES[name]["healthcheck"]["test"][1:]] if "healthcheck" in SERVICES[name] else []
    for command in commands:
        words = command if len(command) > 1 else command[0].split()
        assert words[0] == "python"
        if words[1] == "-m":
            assert find_spec(words[2])
        else:
            assert words[1] == "manage.py"
            assert words[2] in get_commands()


def test_nothing_is_published_beyond_this_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


def test_whatever_is_waited_for_can_be_waited_for():
    for service in SERVICES.values():
        for other, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            else:
                assert SERVICES[other]["restart"] == "no"


def test_every_volume_is_declared():
    used = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_compose_passes_only_what_the_settings_read():
    assert set(SERVICES["web"]["environment"]) <= SETTINGS


def test_the_image_installs_by_hash():
    assert "--require-hashes -r requirements.txt" in (ROOT / "Dockerfile").read_text()


def test_the_example_holds_every_variable_with_a_sentence():
    lines = EXAMPLE.splitlines()
    variables = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert set(variables) >= SETTINGS
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), f"{line} has no sentence above it"


def test_no_file_names_a_package_registry():
    names = [
        "requirements.txt",
        "requirements-dev.txt",
        "Dockerfile",
        "Makefile",
        "bootstrap",
        ".ci/run",
        "tools/lock.py",
    ]
    for name in names:
        assert not re.search(r"--(extra-)?index-url|pypi\.org|pythonhosted", (ROOT / name).read_text()), name
