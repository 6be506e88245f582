"""`make bench`: every benchmark, one after the other. `ARGS=quick` takes less time and says less."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Script, what it takes for a whole measurement, what for a quick one.
BENCHMARKS = (
    ("guide_page.py", "8", "2"),
    ("mail.py", "10000", "2000"),
    ("log.py", "200000", "20000"),
    ("matching.py", "15", "5"),
    ("cohort_page.py", "15", "5"),
    ("board.py", "15", "5"),
)


def main() -> int:
    quick = "quick" in sys.argv[1:]
    failed = 0
    for script, whole, short in BENCHMARKS:
        print(f"\n{script}", flush=True)
        failed |= subprocess.run(
            [sys.executable, str(HERE / script), short if quick else whole], check=False
        ).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
