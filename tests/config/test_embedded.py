"""PostgreSQL and Valkey from their wheels, with real processes."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config.embedded import EmbeddedError, Postgres, Valkey, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HOLDER = """
import sys, time
from pathlib import Path
from config.embedded import Postgres, Valkey
postgres, valkey = Postgres(Path(sys.argv[1]) / "pg"), Valkey(Path(sys.argv[1]) / "vk", persistent=True)
postgres.start(); valkey.start()
print(postgres.process.pid, valkey.process.pid, postgres.url, valkey.port, flush=True)
time.sleep(600)
"""


def soon(holds: Callable[[], bool], *, within_seconds: float = 30) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    """A process that ended and waits to be collected by its parent does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def redis_say(port: int, words: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(f"{words}\r\n".encode())
        return line.recv(4096).decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a space, below a private one."""
    private = tmp_path / "only mine"
    private.mkdir(mode=0o700)
    return private


def test_postgres_speaks_the_url_and_sorts_by_code_point(place: Path):
    with Postgres(place / "pg", durable=False) as postgres, psycopg.connect(postgres.url) as link:
        row = link.execute(
            "SELECT current_database(), datlocprovider, datlocale, pg_encoding_to_char(encoding), version()"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    assert row[:4] == ("alongside", "b", "C.UTF-8", "UTF8")
    assert row[4].startswith("PostgreSQL 18")


def test_postgres_listens_on_no_port_and_its_socket_is_private(place: Path):
    with Postgres(place / "pg", durable=False) as postgres, psycopg.connect(postgres.url) as link:
        assert link.execute("SHOW listen_addresses").fetchone() == ("",)
        folder = Path(postgres.url.partition("?host=")[2])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_parent_folders_keep_their_mode(place: Path):
    with Postgres(place / "pg", durable=False), Valkey(place / "vk"):
        pass
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert place.stat().st_uid == os.geteuid()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody to drop to")
def test_root_hands_both_servers_to_somebody_unprivileged(place: Path):
    with Postgres(place / "pg", durable=False) as postgres, Valkey(place / "vk") as valkey:
        assert postgres.process is not None
        assert valkey.process is not None
        users = {Path(f"/proc/{server.process.pid}").stat().st_uid for server in (postgres, valkey) if server.process}
    assert 0 not in users


def test_both_keep_what_they_hold_over_a_restart(place: Path):
    with Postgres(place / "pg") as postgres, Valkey(place / "vk", persistent=True) as valkey:
        with psycopg.connect(postgres.url) as link:
            link.execute("CREATE TABLE kept AS SELECT 7 AS n")
        redis_say(valkey.port, "SET kept 7")
    with Postgres(place / "pg") as postgres, Valkey(place / "vk", persistent=True) as valkey:
        with psycopg.connect(postgres.url) as link:
            assert link.execute("SELECT n FROM kept").fetchone() == (7,)
        assert redis_say(valkey.port, "GET kept") == "$1\r\n7\r\n"


def test_a_test_valkey_keeps_nothing_and_never_evicts(place: Path):
    with Valkey(place / "vk") as valkey:
        redis_say(valkey.port, "SET kept 7")
        assert "noeviction" in redis_say(valkey.port, "CONFIG GET maxmemory-policy")
    with Valkey(place / "vk") as valkey:
        assert redis_say(valkey.port, "GET kept") == "$-1\r\n"


def test_kill_9_of_the_holder_ends_both_and_the_next_start_finds_everything(place: Path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    postgres_pid, valkey_pid, url, port = holder.stdout.readline().split()
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE TABLE kept AS SELECT 7 AS n")
        redis_say(int(port), "SET kept 7")
        holder.kill()
        holder.wait()
        assert soon(lambda: not is_running(int(postgres_pid)))
        assert soon(lambda: not is_running(int(valkey_pid)))
    holder.stdout.close()
    with Postgres(place / "pg") as postgres, psycopg.connect(postgres.url) as link:
        assert link.execute("SELECT n FROM kept").fetchone() == (7,)
    assert not Path(url.partition("?host=")[2]).exists(), "the killed run's socket folder stays behind"


def test_kill_9_of_postgres_itself_leaves_a_lock_that_does_not_stop_the_next_start(place: Path):
    postgres = Postgres(place / "pg")
    postgres.start()
    assert postgres.process is not None
    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.wait()
    lock = place / "pg" / "cluster" / "postmaster.pid"
    assert lock.exists()
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")  # the number now belongs to another program
    with Postgres(place / "pg") as again, psycopg.connect(again.url) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)
    postgres.stop()


def test_a_kill_during_the_first_start_leaves_nothing_that_looks_finished(place: Path):
    half_made = place / "pg" / "half-made"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with Postgres(place / "pg", durable=False) as postgres, psycopg.connect(postgres.url) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)


def test_a_broken_cluster_is_one_line(place: Path):
    with Postgres(place / "pg", durable=False):
        pass
    (place / "pg" / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="PostgreSQL did not start: ") as caught:
        Postgres(place / "pg", durable=False).start()
    assert "\n" not in str(caught.value)


def test_a_valkey_port_that_is_taken_is_one_line(place: Path):
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(EmbeddedError, match="Valkey did not start"):
            Valkey(place / "vk", port=port).start()


def test_stopping_twice_or_before_starting_does_nothing(place: Path):
    postgres = Postgres(place / "pg", durable=False)
    postgres.stop()
    postgres.start()
    postgres.stop()
    postgres.stop()
