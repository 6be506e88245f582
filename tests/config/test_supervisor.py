"""`make run`, as real processes: what it says, what it leaves behind, what stops it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from config.masking import masked

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow

SET_BY_TESTS = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "DEMO", "DEBUG", "MAIL_URL", "ALLOWED_HOSTS"}
SET_BY_TESTS |= {"DEFAULT_FROM_EMAIL", "DATA_DIR", "PORT", "MAKELEVEL", "MAKEFLAGS", "DJANGO_SETTINGS_MODULE"}


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in SET_BY_TESTS}
    return clean | {"DATA_DIR": str(data_dir)} | more


def soon(holds: Callable[[], bool], *, within_seconds: float = 30) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _with_a_terminal() -> None:
    """Also when these tests themselves run under `nohup`, which the supervisor would honour."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Running:
    """A supervisor, what it has said so far, and every process below it."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_with_a_terminal,
        )
        assert self.process.stdout is not None
        self.data_dir = Path(env["DATA_DIR"])
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if "Ctrl-C" in line:
                break
        self.family: list[psutil.Process] = []
        if self.process.poll() is None:
            self.look_round()

    def look_round(self) -> None:
        own = psutil.Process(self.process.pid)
        self.family = [own, *own.children(recursive=True)]

    @property
    def address(self) -> str:
        found = re.search(r"http://localhost:\d+", self.text)
        assert found, self.text
        return found[0]

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def member(self, *words: str) -> psutil.Process:
        """The topmost of our processes whose command line holds all `words`."""
        return next(one for one in self.family if all(word in " ".join(one.cmdline()) for word in words))

    def end(self, number: signal.Signals) -> int:
        self.look_round()
        self.process.send_signal(number)
        status = self.process.wait(40)
        assert self.process.stdout is not None
        self.said += self.process.stdout.read().splitlines() if number != signal.SIGKILL else []
        self.process.stdout.close()
        return status

    def survivors(self) -> list[psutil.Process]:
        return [one for one in self.family if is_alive(one)]


def is_alive(process: psutil.Process) -> bool:
    """It may end between the two questions."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def supervisor(data_dir: Path, **more: str) -> Running:
    return Running([sys.executable, "-m", "config.supervisor"], environment(data_dir, **more))


def refusal(data_dir: Path, **more: str) -> str:
    """What a start that cannot succeed says; it must be its last line, and nothing may be left running."""
    command = [sys.executable, "-m", "config.supervisor"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data_dir, **more), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept from test to test: later starts show what a second `make run` does."""
    return tmp_path_factory.mktemp("a place") / "data"


@pytest.fixture
def running(data_dir: Path) -> Iterator[Running]:
    one = supervisor(data_dir)
    yield one
    if one.process.poll() is None:
        one.end(signal.SIGTERM)
    assert one.process.stdout is not None
    one.process.stdout.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that only gets looked at."""
    one = supervisor(tmp_path_factory.mktemp("site"))
    yield one
    one.end(signal.SIGTERM)


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  (our own loopback address)
        return answer.status, answer.read().decode()


def ready(address: str) -> dict[str, object]:
    body: dict[str, object] = json.loads(get(f"{address}/readyz")[1])
    return body


def test_a_start_brings_everything_up_and_ctrl_c_takes_everything_down(running: Running):
    port = running.address.rpartition(":")[2]
    assert soon(lambda: ready(running.address)["degraded"] == []), ready(running.address)
    assert get(f"http://127.0.0.1:{port}/healthz")[0] == 200
    assert "manager@demo.test" in running.text
    assert "password: alongside-demo" in running.text
    for words in (["bin/postgres"], ["valkey-server"], ["celery", "worker"], ["celery", "beat"], ["gunicorn"]):
        assert running.member(*words).is_running()
    assert running.end(signal.SIGINT) == 0
    assert running.survivors() == []
    assert running.said[-1] == "Stopped. Nothing is left running."


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_term_and_a_closed_terminal_stop_all_of_it(running: Running, number: signal.Signals):
    assert running.end(number) == 0
    assert running.survivors() == []


def test_kill_9_leaves_no_process_and_the_next_start_works(data_dir: Path, running: Running):
    running.end(signal.SIGKILL)
    assert soon(lambda: running.survivors() == []), running.survivors()
    again = supervisor(data_dir)
    assert get(f"{again.address}/readyz")[0] == 200
    assert again.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("words", [("celery", "worker"), ("bin/postgres",)])
def test_a_part_that_ends_by_itself_is_named_and_everything_stops(running: Running, words: tuple[str, ...]):
    running.member(*words).kill()
    assert running.process.wait(40) == 1
    assert running.process.stdout is not None
    last = running.process.stdout.read().strip().splitlines()[-1]
    assert "ended by itself, so everything stops" in last
    assert running.survivors() == []


def test_a_second_start_says_where_the_first_one_runs(site: Running):
    line = refusal(site.data_dir)
    assert "already runs" in line
    assert site.address in line
    assert site.process.poll() is None


def test_the_whole_system_stays_within_its_memory(site: Running):
    for _ in range(20):
        get(f"{site.address}/readyz")
    site.look_round()
    megabytes: dict[str, list[float]] = {"gunicorn": [], "the rest": []}
    for one in site.family:
        with suppress(psutil.NoSuchProcess):  # a database connection that has just closed
            part = "gunicorn" if "gunicorn" in " ".join(one.cmdline()) else "the rest"
            megabytes[part].append(one.memory_full_info().pss / 1e6)
    assert len(megabytes["gunicorn"]) == 3
    assert max(megabytes["gunicorn"]) <= 130
    assert sum(map(sum, megabytes.values())) <= 800


def test_only_loopback_can_reach_it(site: Running):
    listening = set()
    for one in site.family:
        with suppress(psutil.NoSuchProcess):  # a database connection that has just closed
            links = one.net_connections("tcp")
            listening |= {link.laddr.ip for link in links if link.status == psutil.CONN_LISTEN}
    assert listening
    assert listening <= {"127.0.0.1", "::1"}


def test_the_access_log_holds_no_token_query_or_address(site: Running):
    for path in ("/invitations/4fGh7-very_secret0token/?code=1234", "/mail/u/abcdefghijklmnopqrstuv/"):
        with pytest.raises(urllib.error.HTTPError):
            get(site.address + path)
    log = (site.data_dir / "logs" / "web.log").read_text()
    requests = "".join(line for line in log.splitlines() if '"event": "request"' in line)
    assert "/invitations/***/" in requests
    assert not re.search(r"1234|127\.0\.0\.1", requests)
    assert "secret0token" not in log
    assert "abcdefghij" not in log


def test_a_port_that_is_set_and_taken_is_an_error(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refusal(tmp_path, PORT=str(port)).startswith(f"Alongside cannot start: PORT is {port}, which another")


def test_a_free_port_is_found_when_8000_is_taken(data_dir: Path):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # another program has it: just as well
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        one = supervisor(data_dir)
        assert not one.address.endswith(":8000")
        assert one.said[0].startswith("Port 8000 is taken; using ")
        assert one.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "PORT must be a whole number"),
        ("DATABASE_URL", "mysql://nowhere/x", "DATABASE_URL must begin with"),
        ("DATABASE_URL", "postgresql://a@127.0.0.1:1/a", "The database does not answer"),
        ("REDIS_URL", "nonsense", "REDIS_URL must begin with"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line(tmp_path: Path, name: str, value: str, says: str):
    assert says in refusal(tmp_path, **{name: value})


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert "cannot be made" in refusal(tmp_path / "file" / "data")


def test_the_key_is_made_once_and_is_private(site: Running):
    key = site.data_dir / "secret-key"
    assert len(key.read_text()) >= 50
    assert key.stat().st_mode & 0o077 == 0


def test_demo_refuses_any_bind_but_loopback(tmp_path: Path):
    (tmp_path / "static").mkdir()
    more = {"DEMO": "1", "SECRET_KEY": "k" * 60, "DATABASE_URL": "postgresql://a@/a", "REDIS_URL": "redis://localhost"}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:config.web_server", "--bind", "0.0.0.0:0", "config.wsgi"],
        cwd=ROOT,
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode != 0
    assert "with DEMO=1 the web server may only listen on 127.0.0.1" in done.stderr


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/invitations/4fGh7/", "/invitations/***/"),
        ("/mail/u/aaaaaaaaaaaaaaaaaaaaaa/", "/mail/u/***/"),
        ("/s/aB3/", "/s/***/"),
        ("/calendar/aB3.ics", "/calendar/***.ics"),
        ("/accounts/password/reset/key/3-abc/", "/accounts/password/reset/key/***/"),
        ("/accounts/confirm-email/MQ:1abc/", "/accounts/confirm-email/***/"),
        ("/something/new/Zx81-qqqqqqqqqqqqqqqq/", "/something/new/***/"),
        ("/guides/patients-as-partners-in-practice/", "/guides/patients-as-partners-in-practice/"),
        ("/static/look.0123456789ABCDEF0123.css", "/static/look.0123456789ABCDEF0123.css"),
    ],
)
def test_tokens_are_masked_in_logged_paths(path: str, logged: str):
    assert masked(path) == logged


# The few lines of sh that find a Python, and the installation they start.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much of the repository as bootstrap needs, at a path with a space, and its .venv."""
    place = tmp_path_factory.mktemp("bootstrap") / "my clone"
    (place / "config").mkdir(parents=True)
    for name in ("bootstrap", "config/__init__.py", "config/install.py", "config/attached.py", ".python-version"):
        shutil.copy(ROOT / name, place / name)
    (place / "requirements.txt").write_text("")
    first = bootstrap(place, PYTHON=sys.executable)
    assert "Making the virtual environment" in first.stdout
    assert first.stdout.strip().endswith(f"runs in {place}/.venv"), first.stderr
    return place


@pytest.fixture
def clone(made: Path, tmp_path: Path) -> Path:
    """A copy, so that each test may break its own."""
    return Path(shutil.copytree(made, tmp_path / "my clone", symlinks=True))


def bootstrap(clone: Path, *, path: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    program = 'import sys; print("runs in", sys.prefix)'
    return subprocess.run(
        ["/bin/sh", str(clone / "bootstrap"), "run", "-c", program],
        env={"PATH": f"{path}:/usr/bin:/bin" if path else "/usr/bin:/bin", "HOME": str(clone), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    python = folder / name
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python


def test_the_environment_is_made_once(clone: Path):
    assert bootstrap(clone, PYTHON=sys.executable).stdout == f"runs in {clone}/.venv\n"


def test_an_installation_killed_half_way_is_made_again(clone: Path):
    (clone / ".venv" / "half-done").touch()
    again = bootstrap(clone, PYTHON=sys.executable)
    assert "Making the virtual environment" in again.stdout
    assert again.returncode == 0
    assert bootstrap(clone, PYTHON=sys.executable).stdout == f"runs in {clone}/.venv\n"


def test_a_changed_lock_installs_again_in_the_same_environment(clone: Path):
    (clone / "requirements.txt").write_text("# nothing new\n")
    again = bootstrap(clone, PYTHON=sys.executable)
    assert "Installing" in again.stdout
    assert "Making" not in again.stdout


def test_a_shim_that_fails_is_passed_over(clone: Path):
    shims = clone / "shims"
    fake_python(shims, "python3.13", "echo pyenv: command not found >&2; exit 127")
    real = clone / "real"
    fake_python(real, "python3.13", f'exec "{sys.executable}" "$@"')
    done = bootstrap(clone, path=f"{shims}:{real}")
    assert done.returncode == 0, done.stderr


def test_pyenv_is_searched_when_the_path_has_none(clone: Path):
    folder = clone / "pyenv" / "versions" / "3.13.99"
    folder.mkdir(parents=True)
    fake_python(folder / "bin", "python3", f'exec "{sys.executable}" "$@"')
    assert bootstrap(clone, path=str(clone / "nothing"), PYENV_ROOT=str(clone / "pyenv")).returncode == 0


def test_uv_is_asked_last(clone: Path):
    wrapper = fake_python(clone / "brought", "python", f'exec "{sys.executable}" "$@"')
    fake_python(clone / "bin", "uv", f'[ "$2" = install ] || echo "{wrapper}"')
    hide_system_python(clone)
    done = bootstrap(clone, path=str(clone / "bin"))
    assert done.returncode == 0, done.stderr


def hide_system_python(clone: Path) -> None:
    """This machine's own Python, if new enough, would be found first."""
    for version in ("3", "3.12", "3.13", "3.14", ""):
        found = shutil.which(f"python{version}", path="/usr/bin:/bin")
        if found and subprocess.run([found, "-c", "import sys; sys.exit(sys.version_info >= (3, 12))"]).returncode:
            pytest.skip(f"{found} is always found")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exit 1", "which is not Python 3.12, 3.13 or 3.14"),
        ('case "$2" in *ensurepip*) exit 1;; esac; exit 0', "has no venv module"),
    ],
)
def test_a_python_that_will_not_do_is_one_line(clone: Path, script: str, says: str):
    done = bootstrap(clone, PYTHON=str(fake_python(clone / "bin", "python3", script)))
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_python_at_all_is_one_line(clone: Path):
    hide_system_python(clone)
    done = bootstrap(clone)
    assert done.returncode == 1
    assert "needs Python 3.12 or newer (best 3.13) and found none" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_package_that_does_not_match_its_hash_is_refused_in_one_line(clone: Path):
    (clone / "requirements.txt").write_text("packaging\n")
    done = bootstrap(clone, PYTHON=sys.executable)
    assert done.returncode == 1
    assert done.stderr.startswith("Alongside cannot start: the packages could not be installed: ERROR:")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="a small disk takes root")
def test_a_full_disk_is_one_line(clone: Path):
    small = clone / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", small], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        for name in ("bootstrap", "config", ".python-version", "requirements.txt"):
            copy = shutil.copytree if (clone / name).is_dir() else shutil.copy
            copy(clone / name, small / name)  # without .venv
        done = bootstrap(small, PYTHON=sys.executable)
        assert done.returncode == 1
        assert "MB free, and the packages need about" in done.stderr
        assert done.stderr.count("\n") == 1
        assert "nothing can be written" in refusal_on_full_disk(small)
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def refusal_on_full_disk(place: Path) -> str:
    (place / "filler").write_bytes(b"")
    with (place / "filler").open("wb") as filler, suppress(OSError):
        while True:
            filler.write(b"x" * 4096)
            filler.flush()
    return refusal(place / "data")
