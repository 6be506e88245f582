"""`make lock`: versions and hashes for every platform, from requirements.in and requirements-dev.in.

The lock files name no registry: which one serves the packages is each machine's own affair.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        uv = _uv(Path(folder) / "with uv")
        for name in ("requirements", "requirements-dev"):
            compiled = [*uv, "pip", "compile", "--universal", "--python-version=3.12", "--generate-hashes", *PLAIN]
            subprocess.run([*compiled, *sys.argv[1:], f"{name}.in", "-o", f"{name}.txt"], cwd=ROOT, check=True)
            print(f"{name}.txt is up to date", flush=True)


def _uv(place: Path) -> list[str]:
    """uv in an environment of its own: nothing of ours needs it, so it is no dependency."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = str(place / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=True)
    return [python, "-m", "uv"]


if __name__ == "__main__":
    main()
