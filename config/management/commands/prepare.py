"""Bring the database and the static files up to date; with DEMO, the demo people too. Safe to repeat."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import OperationalError

from config import health


class Command(BaseCommand):
    help = "Migrate, collect static files and fill the demo, as far as each is needed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._migrate()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {' '.join(str(error).split())}") from None
        self._collect_static()
        if settings.DEMO and "demo" in get_commands():
            self._say("Looking after the demo people")
            call_command("demo")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _migrate(self) -> None:
        if health.has_unapplied_migrations():
            self._say("Building the tables")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static(self) -> None:
        root = Path(settings.STATIC_ROOT)
        stamp = root.with_name("static.stamp")
        wanted = _fingerprint()
        if root.is_dir() and stamp.exists() and stamp.read_text() == wanted:
            return
        self._say("Collecting styles, scripts and pictures")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)


def _fingerprint() -> str:
    """Changes whenever a static file is added, removed or edited."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            file = Path(storage.path(path)).stat()
            found.update(f"{path}|{file.st_size}|{file.st_mtime_ns}\n".encode())
    return found.hexdigest()
