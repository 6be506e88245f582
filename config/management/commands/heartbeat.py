"""Whether beat's heartbeat is fresh, for a health check: exit status 0, or 1 with a line that says so."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from config import heartbeat


class Command(BaseCommand):
    help = "Succeed while beat is at work and the worker answers it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not heartbeat.is_beating(at=timezone.now()):
            raise CommandError("Beat has not been seen for a while.")
