"""`make check`: every check that needs no running system, one line each; the details of what failed stand below it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.embedded import Postgres

ROOT = Path(__file__).resolve().parent.parent
AUDIT_SECONDS = 180
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
MANAGE = ["manage.py"]
CHECKS: dict[str, list[str]] = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy", "."],
    "templates": ["-m", "djlint", "--lint", "--quiet", "templates"],
    "import order": ["-c", LINT_IMPORTS],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deploy settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
AUDIT = ["-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]


def main() -> int:
    wanted = sys.argv[1:] or [*CHECKS, "audit"]
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres", durable=False) as postgres:
        environment = in_earnest(postgres.url, Path(folder) / "data")
        failed = [name for name in wanted if not (_audit() if name == "audit" else _holds(name, environment))]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nEvery check that ran holds.")
    return 1 if failed else 0


def in_earnest(database_url: str, data_dir: Path) -> dict[str, str]:
    """An environment as production has it, so that `check --deploy` judges what would run there."""
    (data_dir / "static").mkdir(parents=True)
    return os.environ | {
        "DEBUG": "0",
        "DEMO": "0",
        "SECRET_KEY": "a-key-for-checks-" + "".join(chr(97 + n * 7 % 26) + str(n) for n in range(30)),
        "SITE_URL": "https://alongside.test",
        "ALLOWED_HOSTS": "alongside.test",
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1",
        "MAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "Alongside <hello@alongside.test>",
        "DATA_DIR": str(data_dir),
    }


def _holds(name: str, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    command = [sys.executable, *CHECKS[name]]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    _say("ok" if done.returncode == 0 else "FAILED", name, time.monotonic() - began)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _audit() -> bool:
    """Ask whether a pinned package has a known hole. When nobody answers, nothing was audited; that is said aloud."""
    began = time.monotonic()
    command = [sys.executable, *AUDIT, "-r", "requirements.txt", "-r", "requirements-dev.txt"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=AUDIT_SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _nothing_audited(f"no answer within {AUDIT_SECONDS} s")
    except (ValueError, KeyError):
        return _nothing_audited((done.stderr.strip().splitlines() or ["no answer"])[-1])
    holes = [package for package in packages if package.get("vulns") or "skip_reason" in package]
    _say("FAILED" if holes else "ok", f"known holes in {len(packages)} packages", time.monotonic() - began)
    for package in holes:
        reasons = [hole["id"] for hole in package.get("vulns", [])] or [package["skip_reason"]]
        print(f"  {package['name']}: {', '.join(reasons)}", flush=True)
    return not holes


def _nothing_audited(why: str) -> bool:
    """Never green, and no failure of ours: machines without that network still have to build."""
    print(f"NOT AUDITED  known holes: the advisory service could not be asked ({why[:200]})")
    print("             NOTHING WAS AUDITED. Run `make check` again where the network allows it.", flush=True)
    return True


def _say(verdict: str, name: str, seconds: float) -> None:
    print(f"{verdict:<12} {name} ({seconds:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
