"""Child processes that cannot outlive us, and that need not run as root.

The kernel signals a child when its parent dies, however it dies (PR_SET_PDEATHSIG). `setpriv` (util-linux) asks for it,
so nothing runs between fork and exec here. Where there is no `setpriv` children are stopped on an ordinary exit only.
"""

import ctypes
import os
import pwd
import shutil
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `number` when its parent dies. Does nothing where there is no prctl."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def attached(command: list[str], *, on_parent_death: signal.Signals) -> list[str]:
    """`command`, sent `on_parent_death` when this process dies."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return command
    return [setpriv, "--pdeathsig", on_parent_death.name.removeprefix("SIG"), "--", *command]


def owner() -> pwd.struct_passwd | None:
    """Who a database server runs as when we are root (PostgreSQL refuses root); None when we are nobody special."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def unprivileged(command: list[str], *, reaches: Iterable[Path]) -> list[str]:
    """`command` as `owner()`, able to pass the private folders above `reaches`, whose modes are left alone."""
    person = owner()
    if person is None:
        return command
    drop = ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups", "--no-new-privs"]
    if any(_is_private(path) for path in reaches):
        drop += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override"]
    return [*drop, "--", *command]


def _is_private(path: Path) -> bool:
    return any(not parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
