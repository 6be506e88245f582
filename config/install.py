"""Make .venv hold exactly what a lock file says, once, then become a program in it. Called by `bootstrap`.

    python -m config.install run|dev ARGUMENTS…   →   .venv/bin/python ARGUMENTS…

Only the standard library: nothing is installed yet. Safe after a kill at any point, and when two run at once. Scripts
in .venv/bin are never called: their first line breaks when the path holds a space.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.attached import attached

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
HALF_DONE = VENV / "half-done"
LOCKS = {"run": ["requirements.txt"], "dev": ["requirements-dev.txt", "requirements.txt"]}  # the first holds the others
NEEDS_MEGABYTES = {"run": 350, "dev": 900}


class CannotInstall(SystemExit):
    """One line for the person at the terminal, and exit status 1."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Alongside cannot start: {why}")


def main() -> None:
    which, *arguments = sys.argv[1:]
    os.chdir(ROOT)
    with _alone():
        try:
            _install(which)
        except OSError as error:
            raise CannotInstall(f"{VENV} could not be made: {error.strerror}.") from None
        except KeyboardInterrupt:
            raise SystemExit("Stopped while installing. The next start begins again.") from None
    os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606  (no shell is what we want)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the repository's folder, so that a second start waits for the first to finish installing."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _install(which: str) -> None:
    locks = LOCKS[which]
    if _is_sound() and all(_is_installed(lock) for lock in locks):
        return
    _ask_for_room(which)
    if not _is_sound():
        print("Making the virtual environment", flush=True)
        _make_venv()
    print(f"Installing the packages {locks[0]} names (the first time takes a minute)", flush=True)
    HALF_DONE.touch()
    _pip_install(locks[0])
    for lock in locks:
        _stamp(lock).write_text(_fingerprint(lock))
    HALF_DONE.unlink()


def _is_sound() -> bool:
    """A working environment of this Python's version, not left half-way by a kill."""
    config = VENV / "pyvenv.cfg"
    if HALF_DONE.exists() or not config.exists():
        return False
    lines = dict(line.split(" = ", 1) for line in config.read_text().splitlines() if " = " in line)
    if lines.get("version", "").split(".")[:2] != [str(part) for part in sys.version_info[:2]]:
        return False
    return os.access(PYTHON, os.X_OK) and any((VENV / "lib").glob("python*/site-packages/pip/__main__.py"))


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    HALF_DONE.touch()
    _run([sys.executable, "-m", "venv", str(VENV)], "the virtual environment could not be made")


def _pip_install(lock: str) -> None:
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off", "--no-warn-script-location"]
    command = [str(PYTHON), "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock]
    _run(command, "the packages could not be installed")


def _run(command: list[str], problem: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    environment |= {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    command = attached(command, on_parent_death=signal.SIGKILL)  # a killed start leaves nobody who writes in .venv
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotInstall(f"{problem}: {_gist(done.stdout + done.stderr)}")


def _gist(output: str) -> str:
    """The line that says what is wrong. Pip's last one is often only a hint."""
    if "No space left on device" in output:
        return f"the disk that holds {ROOT} is full."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["no reason given"])[-1]


def _ask_for_room(which: str) -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDS_MEGABYTES[which] and not VENV.exists():
        raise CannotInstall(f"{ROOT} has {free} MB free, and the packages need about {NEEDS_MEGABYTES[which]} MB.")


def _stamp(lock: str) -> Path:
    return VENV / f"installed-{lock}"


def _is_installed(lock: str) -> bool:
    stamp = _stamp(lock)
    return stamp.exists() and stamp.read_text() == _fingerprint(lock)


def _fingerprint(lock: str) -> str:
    version = ".".join(str(part) for part in sys.version_info[:2])
    return f"{version} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}"


if __name__ == "__main__":
    main()
