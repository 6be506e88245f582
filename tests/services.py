"""Real PostgreSQL and Valkey for the whole run.

Loaded as a plugin (`-p tests.services`), so that both are up before pytest-django reads the settings. When pytest-xdist
shares the tests out, each of its workers has a pair of its own: a cache and a queue have no names to keep them apart,
and a race of two hundred threads needs all the connections there are.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.embedded import Postgres, Valkey

OURS = "STARTED_BY_TESTS"  # the names of what the process that started the workers brought along itself


def start() -> None:
    """Set the environment of the tests; start what it does not bring along."""
    here = Path(tempfile.mkdtemp(prefix="alongside-tests-"))
    (here / "data" / "static").mkdir(parents=True)  # WhiteNoise asks for it
    os.environ.update(DEBUG="0", DEMO="0", SECRET_KEY="only-for-tests-" + "x" * 50, SITE_URL="https://alongside.test")
    os.environ.update(ALLOWED_HOSTS="alongside.test,testserver,localhost,127.0.0.1", DATA_DIR=str(here / "data"))
    os.environ.update(DEFAULT_FROM_EMAIL="Alongside <hello@alongside.test>", MAIL_URL="smtp://127.0.0.1:9")
    services: list[Postgres | Valkey] = []
    ours = os.environ.get(OURS, "").split()
    if "PYTEST_XDIST_WORKER" in os.environ and "REDIS_URL" in os.environ and "REDIS_URL" not in ours:
        raise SystemExit("Two workers cannot share the server that REDIS_URL names. Run the tests with JOBS=0.")
    if "DATABASE_URL" not in os.environ or "DATABASE_URL" in ours:
        postgres = Postgres(here / "postgres", durable=False)
        services.append(postgres)
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url
        ours.append("DATABASE_URL")
    if "REDIS_URL" not in os.environ or "REDIS_URL" in ours:
        valkey = Valkey(here / "valkey", persistent=False)
        services.append(valkey)
        valkey.start()
        os.environ["REDIS_URL"] = valkey.url
        ours.append("REDIS_URL")
    os.environ[OURS] = " ".join(ours)

    def stop() -> None:
        for service in services:
            service.stop()
        shutil.rmtree(here, ignore_errors=True)

    atexit.register(stop)


start()
